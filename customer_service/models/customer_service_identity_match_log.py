from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.email_address import email_key
from ..tools.own_context import MOVES_HISTORY


class CustomerServiceIdentityMatchLog(models.Model):
    """Who was found to be whom, by whom and why, and what moved: enough to take it back."""

    _name = "customer.service.identity.match.log"
    _description = "Match of an Unregistered Person: Log"
    _order = "id desc"
    _rec_name = "identity_id"

    identity_id = fields.Many2one(
        "customer.service.identity",
        string="Unregistered Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    other_id = fields.Many2one(
        "customer.service.identity",
        string="Other Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    target_label = fields.Char("Found to Be", compute="_compute_target_label")
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Confirmed By", readonly=True)
    is_automatic = fields.Boolean(
        "Certain", readonly=True, help="Nobody confirmed it: one contact had the address."
    )
    state = fields.Selection(
        [("confirmed", "Confirmed"), ("undone", "Undone")],
        default="confirmed",
        required=True,
        readonly=True,
    )
    undo_user_id = fields.Many2one("res.users", string="Undone By", readonly=True)
    undo_date = fields.Datetime("Undone On", readonly=True)
    company_id = fields.Many2one(related="identity_id.company_id", store=True, index=True)
    moved = fields.Json(readonly=True, groups="base.group_system")
    case_count = fields.Integer("Cases", compute="_compute_moved_counts")
    interaction_count = fields.Integer("Interactions", compute="_compute_moved_counts")
    message_count = fields.Integer("Messages", compute="_compute_moved_counts")

    @api.depends("partner_id", "other_id")
    def _compute_target_label(self):
        for log in self:
            # sudo: res.partner, identity - a name, for whoever sees the line
            known = log.sudo()
            log.target_label = known.partner_id.display_name or known.other_id.display_name

    @api.depends("moved")
    def _compute_moved_counts(self):
        for log in self:
            # sudo: match log - how much moved, not what
            moved = log.sudo().moved or {}
            log.case_count = len(moved.get("cases") or ())
            log.interaction_count = len(moved.get("interactions") or ())
            log.message_count = len(moved.get("messages") or ())

    def action_undo(self):
        """Take this match back."""
        self.ensure_one()
        latest = self.identity_id.match_log_ids.filtered(lambda log: log.state == "confirmed")[:1]
        if self != latest:
            raise UserError(self.env._("This match is not in force any more."))
        return self.identity_id.action_undo_match()

    def _undo(self):
        """Give back what moved, and what came in since then because of the match, in sudo."""
        self.ensure_one()
        if self.other_id:
            self._undo_same_as()
        else:
            self._undo_customer()
        self.write(
            {
                "state": "undone",
                "undo_user_id": self.env.uid,
                "undo_date": fields.Datetime.now(),
            }
        )
        self.identity_id._note_to_propose(self.identity_id)

    def _undo_customer(self):
        """Let what moved be the unregistered person's again, and what came in since then.

        What somebody gave to another customer meanwhile stays there.
        """
        identity, partner = self.identity_id, self.partner_id
        cases = self._moved_or_later("customer.service.case", map(int, self.moved["cases"]))
        contacts = self._moved_or_later("customer.service.interaction", self.moved["interactions"])
        identity.write({"partner_id": False})
        for case in cases:
            case.write({"partner_id": False, **self._values_before(case)})
        contacts.write({"partner_id": False})
        messages = self.env["mail.message"].browse(self.moved["messages"]).exists()
        messages.filtered(lambda message: message.author_id == partner).write({"author_id": False})

    def _moved_or_later(self, model, moved_ids):
        """Return the records that the customer has by this match.

        :param str model: cases or interactions
        :param moved_ids: ids of those that moved; what is deleted since is left out
        """
        records = self.env[model].with_context(active_test=False, **MOVES_HISTORY)
        later = records.search(
            [
                ("identity_id", "=", self.identity_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("create_date", ">=", self.create_date),
            ]
        )
        moved = records.browse(moved_ids).exists()
        return (moved | later).filtered(lambda record: record.partner_id == self.partner_id)

    def _values_before(self, case):
        """Return the values that a case had before the match, where nobody changed them since.

        A case of later days never had others; it gets what the person told.
        """
        known = self.moved["cases"].get(str(case.id))
        identity, partner = self.identity_id, self.partner_id
        if known:
            before, after = known["before"], known["after"]
        else:
            before = {
                "partner_name": identity.name,
                "email_from": identity.email,
                "phone": identity.phone,
            }
            after = {
                "partner_name": partner.name,
                "email_from": partner.email_formatted,
                "phone": partner.phone,
            }
        return {name: value for name, value in before.items() if case[name] == after[name]}

    def _undo_same_as(self):
        """Let the two entries be two people again."""
        identity, other = self.identity_id, self.other_id
        other._lock()
        if other.partner_id or other.same_as_id:
            raise UserError(
                self.env._(
                    "%(person)s was matched with somebody since. Undo that first.",
                    person=other.display_name,
                )
            )
        ids = {
            "customer.service.case": map(int, self.moved["cases"]),
            "customer.service.interaction": self.moved["interactions"],
        }
        identity.write({"same_as_id": False, "active": True})
        for model, moved_ids in ids.items():
            records = self.env[model].with_context(**MOVES_HISTORY)
            moved = records.browse(moved_ids).exists()
            moved.filtered(lambda record: record.identity_id == other).write(
                {"identity_id": identity.id}
            )
        self._later_by_address().write({"identity_id": identity.id})
        facts = self.moved["facts"]
        other.write({name: False for name, value in facts.items() if other[name] == value})

    def _later_by_address(self):
        """Return the cases that came in since from an address that is only the first entry's."""
        identity, other = self.identity_id, self.other_id
        known = self.moved["facts"].get("email") != other.email and other.email_key
        if not identity.email_key or identity.email_key == known:
            return self.env["customer.service.case"]
        later = (
            self.env["customer.service.case"]
            .with_context(active_test=False)
            .search([("identity_id", "=", other.id), ("create_date", ">=", self.create_date)])
        )
        return later.filtered(lambda case: email_key(case.email_from) == identity.email_key)

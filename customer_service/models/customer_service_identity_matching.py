from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.email_address import email_key, email_spellings
from ..tools.own_context import MOVES_HISTORY

#: What a case takes over from its customer, and gets back when the match was a mistake.
_CASE_FIELDS = ("partner_name", "email_from", "phone", "lang")

#: What somebody who is entered twice tells in one place and not in the other.
_FACTS = ("name", "email", "phone", "zip", "other")

#: More than these are not matched by themselves at once: an import is no reason to wait.
_MOST_AT_ONCE = 200


class CustomerServiceIdentityMatching(models.AbstractModel):
    """An unregistered person turns out to be a customer, or to be entered twice.

    A confirmed match is for good: cases, interactions and messages move in one transaction, and
    the log keeps what they were before. Only a supervisor takes it back.
    """

    _name = "customer.service.identity.matching"
    _description = "Match of an Unregistered Person"
    _inherit = ["customer.service.kept.mixin"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="The customer this person turned out to be.",
        kept=True,
    )
    same_as_id = fields.Many2one(
        "customer.service.identity",
        string="Same Person as",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="The entry that has the history of this person.",
        kept=True,
    )
    same_ids = fields.One2many(
        "customer.service.identity", "same_as_id", string="Other Entries of This Person"
    )
    match_log_ids = fields.One2many(
        "customer.service.identity.match.log", "identity_id", string="Matches"
    )

    def _final(self):
        """Return the entry that has the history of this person: this one, mostly."""
        # sudo: identity - where the history is, whoever asks
        found = self.sudo()
        while found.same_as_id:  # no circle: only an entry without any can be chosen
            found = found.same_as_id
        return found.sudo(self.env.su)

    def _person(self):
        """Return who this is: the commercial entity of the customer, else the entry itself."""
        # sudo: res.partner, identity - compared, not shown
        final = self._final().sudo()
        return final.partner_id.commercial_partner_id or final

    # ------------------------------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------------------------------

    def action_match_customer(self):
        """Ask which customer this person is; the likeliest one is filled in."""
        self.ensure_one()
        likely = (found for found in self._candidates() if found["likely"])
        first = next((found for found in likely if found["model"] == "res.partner"), {})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("This Is a Customer of Ours"),
            "res_model": "customer.service.identity.match",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_identity_id": self.id,
                "default_partner_id": first.get("id"),
                "default_reason": first.get("reason"),
            },
        }

    def action_become(self, partner_id):
        """Record for good that this person is a customer, who gets the history.

        :param int partner_id: the customer
        :raise UserError: the person was found to be somebody else before
        """
        self.ensure_one()
        self._match(self.env["res.partner"].browse(partner_id).exists())
        return True

    def action_same_as(self, identity_id):
        """Record for good that this person is entered twice; the other entry gets the history.

        :param int identity_id: the other entry; when it is a customer already, so is this one
        :raise UserError: the person was found to be somebody else before
        """
        self.ensure_one()
        other = self.browse(identity_id).exists()._final()
        other.check_access("read")
        self._match(other.partner_id or other)
        return True

    def action_undo_match(self):
        """Take the last match of this person back, as if it had never been confirmed.

        :raise AccessError: the user is no supervisor
        :raise UserError: there is none, or a later one must be taken back first
        """
        self.ensure_one()
        if not self.env.user.has_group("customer_service.group_supervisor"):
            raise AccessError(self.env._("Only a supervisor can undo a match."))
        self.check_access("write")
        self._lock()
        log = self.match_log_ids.filtered(lambda log: log.state == "confirmed")[:1]
        if not log:
            raise UserError(
                self.env._("%(person)s is matched with nobody.", person=self.display_name)
            )
        # sudo: match log - what was moved comes back, whoever may see it
        log.sudo()._undo()
        return True

    def action_create_customer(self):
        """Make a contact of this person and open it; one with the same address is taken."""
        self.ensure_one()
        if not self.partner_id:
            known = self._only_registered_with(self.email, self.company_id)
            self._match(known or self._create_customer())
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def _create_customer(self):
        """Make a contact of what this person told.

        :raise UserError: neither a name nor an address is known
        """
        if not self.name and not self.email_normalized:
            raise UserError(self.env._("Enter a name or an email address first."))
        return self.env["res.partner"].create(
            {
                "name": self.name or self.email_normalized,
                "email": self.email_normalized or self.email,
                "phone": self.phone,
                "zip": self.zip,
            }
        )

    # ------------------------------------------------------------------------------------------
    # Certain by the address
    # ------------------------------------------------------------------------------------------

    def _registered(self):
        """Return the contacts that are registered with the addresses of these people.

        :return: dict of contacts by the key of their address, those of all companies
        """
        spellings = {spelling for identity in self for spelling in email_spellings(identity.email)}
        partners = self.env["res.partner"].search(
            Domain("email_normalized", "in", list(spellings))
            & Domain("company_id", "in", [False, *self.company_id.ids]),
            order="id",
        )
        registered = partners.grouped(lambda partner: email_key(partner.email_normalized))
        companies = (False, *self.company_id.ids)
        for key, known in partners._by_further_address(self.mapped("email")).items():
            own = known.filtered(lambda partner: partner.company_id.id in companies)
            registered[key] = registered.get(key, own) | own
        return registered

    def _match_certain(self):
        """Match those of these people who are registered by their address, once and no more.

        Only where one of us said so: nobody gets a history by entering an address in the shop.

        :return: those who were matched
        """
        fewest = 2 if self.env.context.get("customer_service_unknown_address") else 1
        unmatched = self.filtered(
            lambda identity: (
                identity.active
                and not identity.partner_id
                and len(email_spellings(identity.email)) >= fewest
            )
        )[:_MOST_AT_ONCE]
        if not unmatched or not self.env.user._is_internal():
            return self.browse()
        # sudo: res.partner - a mail gateway or an importer need not see every contact
        registered = unmatched.sudo()._registered()
        matched = self.browse()
        for identity in unmatched:
            partners = registered.get(identity.email_key, self.env["res.partner"]).filtered(
                lambda partner, company=identity.company_id: (
                    partner.company_id in (company, company.browse())
                )
            )
            if len(partners) == 1 and partners.partner_share:
                reason = self.env._("registered by email")
                identity._match(partners.with_env(self.env), reason, is_automatic=True)
                matched |= identity
        return matched

    # ------------------------------------------------------------------------------------------
    # The match
    # ------------------------------------------------------------------------------------------

    def _become(self, partner):
        """Record that this person is a customer, and move their history over.

        :param res.partner partner: the customer
        """
        for identity in self:
            identity._match(partner)

    def _match(self, target, reason=False, is_automatic=False):
        """Move all that this person has to somebody, for good, and write it in the log.

        :param target: a contact, or another identity of the same person
        :param str reason: why, in words; found out where it is not given
        :param bool is_automatic: whether nobody confirmed it, since it was certain
        :raise UserError: the person is known to be somebody else
        """
        self.ensure_one()
        self.check_access("write")
        target.check_access("read")
        self._lock(target if target._name == self._name else None)
        if not self._check_target(target):
            return
        reason = reason or self._reason_of(target)
        # sudo: case, interaction, message - all the history moves, whoever may see it
        moved = self.sudo()._move_history(target.sudo())
        # sudo: match log - written by the match, by nobody else
        self.env["customer.service.identity.match.log"].sudo().create(
            {
                "identity_id": self.id,
                "partner_id": target.id if target._name == "res.partner" else False,
                "other_id": target.id if target._name == self._name else False,
                "reason": reason,
                "is_automatic": is_automatic,
                "user_id": self.env.uid,
                "moved": moved,
            }
        )

    def _reason_of(self, target):
        """Return the words for why somebody is proposed, those for a free choice where not."""
        key = (target._name, target.id)
        for found in self._candidates():
            if (found["model"], found["id"]) == key:
                return found["reason"]
        return self.env._("chosen by hand")

    def _lock(self, other=None):
        """Let nobody else match these people until the transaction ends.

        Two who confirm at the same moment come one after the other. The second one's
        transaction fails where it began before the first ended; the host runs it again, and then
        it sees what the first did.
        """
        ids = sorted({*self.ids, *(other.ids if other else ())})
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["partner_id", "same_as_id", "active"])

    def _check_target(self, target):
        """Tell whether there is something to do.

        :raise UserError: the person is known to be somebody else, or the target cannot be it
        """
        known = self.partner_id or self.same_as_id
        if known and known == target:
            return False
        if known:
            raise UserError(
                self.env._(
                    "%(person)s is known to be %(customer)s.",
                    person=self.display_name,
                    customer=known.display_name,
                )
            )
        if not target or target == self:
            raise UserError(self.env._("Choose who this person is."))
        if target._name == self._name and (target.partner_id or target.same_as_id):
            raise UserError(
                self.env._(
                    "%(person)s was found to be somebody else meanwhile. Look again.",
                    person=target.display_name,
                )
            )
        return True

    def _move_history(self, target):
        """Move cases, interactions and messages over, in sudo.

        :return: what was changed, for the log: ids of cases with their values before and after,
            ids of interactions and messages, facts that the other entry got
        """
        cases, interactions = self._history()
        before = {case.id: _values_of(case) for case in cases}
        moved = {"interactions": interactions.ids, "messages": [], "facts": {}}
        # Nothing follows by itself meanwhile: whatever moves is in the log.
        cases = cases.with_context(**MOVES_HISTORY)
        interactions = interactions.with_context(**MOVES_HISTORY)
        if target._name == "res.partner":
            messages = self._messages_of(cases)
            self.write({"partner_id": target.id, "has_candidates": False})
            cases.write({"partner_id": target.id})
            for case in cases:  # answered where it came from, as any mail from a further address
                written = before[case.id]["email_from"]
                if target._has_further_address(written):
                    case.email_from = written
            interactions.write({"partner_id": target.id})
            messages.write({"author_id": target.id})
            moved["messages"] = messages.ids
        else:
            moved["facts"] = target._take_facts_of(self)
            self.write({"same_as_id": target.id, "has_candidates": False, "active": False})
            cases.write({"identity_id": target.id})
            interactions.write({"identity_id": target.id})
        moved["cases"] = {
            str(case.id): {"before": before[case.id], "after": _values_of(case)} for case in cases
        }
        return moved

    def _history(self):
        """Return the cases and interactions of this person that belong to no customer yet.

        A contact of whom nothing was noted but a case is with whoever that case belongs to.
        """
        domain = Domain("identity_id", "=", self.id) & Domain("partner_id", "=", False)
        cases = self.env["customer.service.case"].with_context(active_test=False).search(domain)
        contact = self.env["customer.service.interaction"]
        of_nobody = contact.search(
            [
                ("identity_id", "=", False),
                ("partner_id", "=", False),
                ("action_ids.case_id", "in", cases.ids),
            ]
        ).filtered(lambda contact: contact.action_ids.case_id <= cases)
        return cases, contact.search(domain) | of_nobody

    def _messages_of(self, cases):
        """Return what this person wrote in cases before anybody knew who they are."""
        keys = {self.email_key, *(email_key(case.email_from) for case in cases)} - {False, ""}
        if not keys:
            return self.env["mail.message"]
        messages = self.env["mail.message"].search(
            [
                ("model", "=", cases._name),
                ("res_id", "in", cases.ids),
                ("author_id", "=", False),
                ("message_type", "in", ("email", "comment")),
            ]
        )
        return messages.filtered(lambda message: email_key(message.email_from) in keys)

    def _take_facts_of(self, other):
        """Add what only the other entry says to this one.

        :return: dict of what was added
        """
        new = {name: other[name] for name in _FACTS if other[name] and not self[name]}
        if new:
            self.write(new)
        return new

    def _catch_up(self):
        """Move what came in while the match was being confirmed, in sudo."""
        for identity in self:
            cases, interactions = identity._history()
            target = identity._final()
            values = {"identity_id": target.id, "partner_id": target.partner_id.id}
            cases.write(values)
            interactions.write(values)

    @api.autovacuum
    def _gc_left_behind(self):
        """Find cases that came in at the very moment in which their person was matched."""
        Case = self.env["customer.service.case"].with_context(active_test=False)
        left = Case.search(
            [
                ("partner_id", "=", False),
                "|",
                ("identity_id.partner_id", "!=", False),
                ("identity_id.same_as_id.partner_id", "!=", False),
            ],
            limit=1000,
        )
        left.identity_id._catch_up()


def _values_of(case):
    """Return what a match changes of a case, as JSON can hold it."""
    return {name: case[name] for name in _CASE_FIELDS}

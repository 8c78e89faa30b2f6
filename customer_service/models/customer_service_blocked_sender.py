from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class CustomerServiceBlockedSender(models.Model):
    """An address, or a whole domain, whose mail becomes no case.

    What comes from it is logged and kept for some weeks, so that a block can be taken back.
    """

    _name = "customer.service.blocked.sender"
    _description = "Blocked Sender"
    _order = "name"

    name = fields.Char(
        "Address or Domain",
        required=True,
        help="One address, such as pest@spam.example, or all of a domain, such as spam.example.",
    )
    reason = fields.Char()
    active = fields.Boolean(default=True)
    case_id = fields.Many2one(
        "customer.service.case", string="Because of", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    is_domain = fields.Boolean(compute="_compute_is_domain", string="Whole Domain")

    _name_uniq = models.Constraint(
        "UNIQUE (name, company_id)", "This address or domain is on the list already."
    )

    @api.depends("name")
    def _compute_is_domain(self):
        for blocked in self:
            blocked.is_domain = "@" not in (blocked.name or "")

    @api.constrains("name")
    def _check_name(self):
        for blocked in self:
            if blocked._normalized(blocked.name) != blocked.name or "." not in blocked.name:
                raise ValidationError(
                    self.env._("“%(name)s” is no address and no domain.", name=blocked.name)
                )
            blocked._check_not_ours()

    def _check_not_ours(self):
        # sudo: team - all our addresses, whoever blocks
        team = (
            self.env["customer.service.team"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)])
        )
        for address in filter(None, team.mapped("address")):
            if self.name in self._names_of(address):
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be blocked: your own mail comes from it.", name=self.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self._normalized(vals.get("name"))
        return super().create(vals_list)

    def write(self, vals):
        if "name" in vals:
            vals = {**vals, "name": self._normalized(vals["name"])}
        return super().write(vals)

    @api.model
    def _normalized(self, name):
        """Return an address or domain as it is stored, the text as it is where it is neither."""
        text = (name or "").strip().lower()
        if "@" in text.lstrip("@"):
            return email_normalize(text) or text
        return text.lstrip("@*.")

    @api.model
    def _names_of(self, address):
        """Return everything that blocks an address: itself, its domain, the domains above."""
        domain = address.rpartition("@")[2]
        labels = domain.split(".")
        return [address, *(".".join(labels[start:]) for start in range(max(len(labels) - 1, 1)))]

    @api.model
    def _blocks(self, address, company):
        """Tell whether mail of a normalized address is blocked in a company."""
        if not address:
            return False
        return bool(
            self.search_count(
                [("name", "in", self._names_of(address)), ("company_id", "=", company.id)], limit=1
            )
        )

    @api.model
    def _block(self, address, company, *, case=None, reason=False):
        """Block an address in a company, for the first time or again.

        :return: the entry of the list
        """
        blocked = self.with_context(active_test=False).search(
            [("name", "=", self._normalized(address)), ("company_id", "=", company.id)], limit=1
        )
        if blocked.active:
            return blocked  # whoever blocked it first may take it back
        values = {"active": True, "reason": reason, "case_id": case.id if case else False}
        if blocked:
            blocked.write(values)
            return blocked
        return self.create({"name": address, "company_id": company.id, **values})

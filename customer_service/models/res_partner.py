from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """A customer and their cases."""

    _name = "res.partner"
    _inherit = ["res.partner", "customer.service.case.count.mixin"]

    # Each incoming mail looks its sender up here; the host has no index on it.
    email_normalized = fields.Char(index="btree_not_null")

    case_ids = fields.One2many("customer.service.case", "partner_id", string="Cases")
    portal_company_cases = fields.Boolean(
        "Sees All Requests of the Company",
        help="In the portal this person sees the requests of everybody in the company, "
        "not only their own.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cases_or_orders(self):
        # sudo: case, sale.order - what hangs on a customer counts, whoever may see it
        cases = dict(
            self.env["customer.service.case"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"])
        )
        orders = dict(
            self.env["sale.order"]
            .sudo()
            ._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"])
        )
        for partner in self:
            if partner in cases or partner in orders:
                raise UserError(
                    self.env._(
                        "%(customer)s has %(cases)s cases and %(orders)s orders and cannot be "
                        "deleted. Archive the contact instead.",
                        customer=partner.display_name,
                        cases=cases.get(partner, 0),
                        orders=orders.get(partner, 0),
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "portal_company_cases" in vals:
            # The record rule reads this field, and the host keeps evaluated rules.
            self.env.registry.clear_cache()
        return result

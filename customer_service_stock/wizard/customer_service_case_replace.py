from odoo import fields, models

from odoo.addons.customer_service.models.customer_service_case_dialog_mixin import PROPOSED
from odoo.addons.customer_service.tools.client_action import notification


class CustomerServiceCaseReplace(models.TransientModel):
    """Choose what the customer gets once more: it was lost, or it arrived broken."""

    _name = "customer.service.case.replace"
    _description = "Replacement of Goods"
    _inherit = ["customer.service.goods.dialog.mixin"]

    line_ids = fields.One2many(
        "customer.service.case.replace.line",
        "replace_id",
        string="Goods",
        compute="_compute_line_ids",
        precompute=True,
        **PROPOSED,
    )
    reason = fields.Char(help="Noted on the replacement; the customer does not see it.")
    confirm = fields.Boolean(
        "Send It at Once",
        default=True,
        help="The delivery is made now. Otherwise the replacement is a quotation that somebody "
        "confirms later.",
    )

    def _goods_offered(self):
        return self.order_id.order_line._customer_service_goods_left()

    def action_replace(self):
        """Make the replacement.

        :raise UserError: more than was delivered and is not replaced yet, or no right
        """
        self._do_once()
        order = self.case_id._replace_goods(
            self._quantities(), reason=self.reason, confirm=self.confirm
        )
        return notification(self.case_id._made_text(order), links=order)

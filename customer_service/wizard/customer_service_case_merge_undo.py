from odoo import api, fields, models


class CustomerServiceCaseMergeUndo(models.TransientModel):
    """Ask before a merge is undone that cannot come back as a whole; say what stays."""

    _name = "customer.service.case.merge.undo"
    _description = "Undo a Merge"
    _inherit = ["customer.service.sight.mixin"]

    merge_id = fields.Many2one(
        "customer.service.case.merge", required=True, readonly=True, ondelete="cascade"
    )
    remains = fields.Text("What Stays as It Is", compute="_compute_remains", compute_sudo=False)

    @api.depends("merge_id")
    def _compute_remains(self):
        for wizard in self:
            log = wizard.merge_id._origin
            log._check_undo()
            wizard.remains = "\n".join(f"• {sentence}" for sentence in log._remains())

    def action_undo(self):
        """Take back what can be taken back."""
        self.ensure_one()
        return self.merge_id._undo_and_show()

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Of a field that a dialog proposes, with no more rights than its user has, and that is theirs
#: to change.
PROPOSED = {"compute_sudo": False, "store": True, "readonly": False}

#: The same, of the record that such a dialog is about.
CHOSEN = {**PROPOSED, "precompute": True, "required": True, "ondelete": "cascade"}


class CustomerServiceCaseDialogMixin(models.AbstractModel):
    """A dialog in which something is made from a case: an order, a credit note, a return."""

    _name = "customer.service.case.dialog.mixin"
    _description = "Dialog of a Case"
    _inherit = ["customer.service.sight.mixin", "customer.service.kept.mixin"]

    case_id = fields.Many2one(
        "customer.service.case", required=True, readonly=True, ondelete="cascade"
    )
    is_done = fields.Boolean(readonly=True, kept=True, copy=False)

    def _do_once(self):
        """Let this dialog do what it is for a single time, however often its button is pressed.

        Of two who press it at the same moment the second one waits for the first, and is run
        again by the host. What fails takes this back with everything else.

        :raise UserError: it has done so
        """
        self.ensure_one()
        self.check_access("write")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET is_done = TRUE WHERE id = %s AND is_done IS NOT TRUE",
                SQL.identifier(self._table),
                self.id,
            )
        )
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._("This has been done already. What was made stands on the case.")
            )
        self.invalidate_recordset(["is_done"])

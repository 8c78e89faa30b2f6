from odoo import models


class PortalWizardUser(models.TransientModel):
    """The login of a contact is the one in use, where a merge has left it several."""

    _inherit = "portal.wizard.user"

    def _compute_user_id(self):
        result = super()._compute_user_id()
        for entry in self:
            entry.user_id = entry.partner_id._portal_user()
        return result

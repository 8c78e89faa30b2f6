from odoo import api, fields, models


class MailComposeMessage(models.TransientModel):
    """The large composer says of a case what the small one says: whom an answer reaches."""

    _inherit = "mail.compose.message"

    case_recipients = fields.Char(
        "Answer Goes to",
        compute="_compute_case_recipients",
        help="The customer and everybody in Cc get an answer, whoever is added besides.",
    )

    @api.depends("model", "res_ids", "composition_mode", "subtype_is_log")
    def _compute_case_recipients(self):
        for composer in self:
            case = composer._composed_case()
            composer.case_recipients = case._reply_recipients_label() if case else False

    def _composed_case(self):
        """Return the case that is about to be answered; none for a note or another record."""
        case = self.env["customer.service.case"]
        if (
            self.model != case._name
            or self.composition_mode != "comment"
            or self.composition_batch
            or self.subtype_is_log
        ):
            return case
        return case.browse(self._evaluate_res_ids()).exists()

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
            case.check_access("read")
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

    def action_send_mail(self):
        return self._hold_case_answer() or super().action_send_mail()

    def _hold_case_answer(self):
        """Hold an answer from the large composer as one from the small composer is held.

        :return: the action that counts down in the web client, False where it is to leave now
        """
        case = self._composed_case() if len(self) == 1 else False
        # Only from the web client, which lets it leave; others who use the wizard mean now.
        if not case or not self.env.context.get("clicked_on_full_composer"):
            return False
        due = case._end_of_hold()
        if not due:
            return False
        case._check_may_answer()
        self.scheduled_date = due
        held = self._action_schedule_message()
        if not held:
            return False
        return {
            "type": "ir.actions.client",
            "tag": "customer_service_held_answer",
            "params": {
                "held_id": held.id,
                "case_id": case.id,
                "name": case.display_name,
                "body": held.body or "",
                "seconds": case._undo_seconds(),
            },
        }

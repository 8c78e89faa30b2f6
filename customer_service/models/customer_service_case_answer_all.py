from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ..tools.template_place import put_in_place


class CustomerServiceCaseAnswerAll(models.AbstractModel):
    """One answer for the customers of several cases, from their parent or from a selection."""

    _name = "customer.service.case.answer.all"
    _description = "Answers to Several Cases"

    def action_answer_all(self):
        """Open the answer to the customers of all children of this case.

        :return: the action that shows it; the one that is being sent where there is one already
        :raise UserError: the agent sees no child of it
        """
        self.ensure_one()
        self.check_access("write")
        answer = self.env["customer.service.answer.all"]
        running = answer.search([("parent_id", "=", self.id), ("state", "=", "running")], limit=1)
        if running:
            return running._action_open()
        children = self.search([("parent_id", "=", self.id)], order="id")
        if not children:
            raise UserError(
                self.env._("%(case)s has no children that you could answer.", case=self.number)
            )
        return answer._begin(self | children, self)._action_open()

    def action_answer_several(self):
        """Open the answer to the customers of these cases."""
        return self.env["customer.service.answer.all"]._begin(self)._action_open()

    # ------------------------------------------------------------------------------------------
    # What each case says to it
    # ------------------------------------------------------------------------------------------

    def _answer_all_obstacles(self):
        """Return why some of these cases cannot be answered together with others.

        :return: a sentence by the id of the case; what is not named can be answered
        """
        mine = self._filtered_access("write")
        obstacles = {
            case.id: self.env._("You may not change this case.") for case in self - mine
        }
        for case in mine:
            reason = case._answer_all_obstacle()
            if reason:
                obstacles[case.id] = reason
        return obstacles

    def _answer_all_obstacle(self):
        """Return in one sentence why this case cannot be answered now, False where it can.

        It is asked when the answer is begun and again when it leaves.
        """
        self.ensure_one()
        if self.merged_into_id:
            return self.env._("It is continued in another case.")
        if self.status == "closed":
            return self.env._("It is closed. Reopen it first.")
        if self.must_verify_product:
            return self.env._("Its product has to be verified before the first answer.")
        if not self.reply_to_customer and not self.partner_id.user_ids:
            return self.env._("No address of the customer is known.")
        return False

    @api.model
    def _answer_all_placeholders(self):
        """Return what an agent can have put in for each case: placeholder and name, in order."""
        return [
            ("object.customer_label", self.env._("Name of the customer")),
            ("object.number", self.env._("Number of the case")),
            ("object.name", self.env._("Subject of the case")),
            ("object.sale_order_id.name", self.env._("Number of the order")),
            ("object.product_id.name", self.env._("Product")),
            ("object.team_id.name", self.env._("Team")),
        ]

    # ------------------------------------------------------------------------------------------
    # The message of one case
    # ------------------------------------------------------------------------------------------

    def _answer_all_body(self, text, template, lang, with_greeting):
        """Return what this customer gets, as HTML.

        :param str text: sanitized HTML with placeholders
        :param mail.template template: what is put in below the text, may be empty
        :param str lang: the language that the text is in
        :param bool with_greeting: the team's default message around it
        """
        self.ensure_one()
        case = self.with_context(lang=lang)
        parts = []
        if not is_html_empty(text):
            parts.append(case._fill_placeholders_of_html(text))
        if template:
            parts.append(Markup(case._reply_template_body(template, lang) or ""))
        body = Markup("").join(parts)
        frame = case._reply_prefill(lang)[0] if with_greeting else False
        return put_in_place(frame, body) if frame else body

    def _answer_all_post(self, body, template, attachments):
        """Post the answer as every answer is posted; its mail leaves by the host's queue.

        :param body: HTML, of :meth:`_answer_all_body`
        :param mail.template template: its files go along
        :param ir.attachment attachments: each case gets copies of its own
        :return: the message
        """
        self.ensure_one()
        pending = {"res_model": "mail.compose.message", "res_id": 0}
        # sudo: ir.attachment - files of the author's own answer, checked when they were attached
        files = attachments.browse().sudo()
        for attachment in attachments.sudo():
            files |= attachment.copy(pending)
        if template:
            files |= self._reply_template_attachments(template).sudo()
        # Marked as sent and queued in one transaction: whatever happens then, it is sent once.
        return self.with_context(mail_notify_force_send=False).message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=files.ids,
        )

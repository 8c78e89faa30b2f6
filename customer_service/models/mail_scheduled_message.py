import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError

_CASE = "customer.service.case"


class MailScheduledMessage(models.Model):
    """An answer that is held leaves exactly once, whoever asks for it first, or is taken back."""

    _inherit = "mail.scheduled.message"

    def _check_access(self, operation):
        # The host checks the record when messages are searched for, written and deleted, but
        # whoever knows or guesses the id of one could read it.
        result = super()._check_access(operation)
        if self.env.su or (result and not self - result[0]):
            return result
        # sudo: mail.scheduled.message - where it is to be posted
        answers = self.sudo().filtered(lambda held: held.model == _CASE)
        cases = self.env[_CASE].browse(answers.mapped("res_id")).exists()
        allowed = set(cases._filtered_access("read").ids)
        forbidden = answers.filtered(lambda held: held.res_id not in allowed).sudo(False)
        if not forbidden:
            return result
        error = AccessError(self.env._("You have no access to the case of this answer."))
        return ((result[0] if result else self.browse()) | forbidden, lambda: error)

    @api.model_create_multi
    def create(self, vals_list):
        held = super().create(vals_list)
        # Said now, while the agent is there, and not when the answer is to leave.
        for answer in held.filtered(lambda answer: answer.model == _CASE and not answer.is_note):
            self.env[_CASE].browse(answer.res_id)._check_not_merged()
            self.env[_CASE].browse(answer.res_id)._check_product_verified(answer.author_id)
        return held

    def unlink(self):
        # An answer is deleted together with its being posted; who comes later deletes nothing.
        return super(MailScheduledMessage, self.exists()).unlink()

    def _move_to_case(self, case):
        """Let these answers leave from another case, into which theirs was merged.

        :param customer.service.case case: one case
        """
        # The host lets nobody change where an answer goes.
        models.BaseModel.write(self, {"res_id": case.id})

    # ------------------------------------------------------------------------------------------
    # What the web client does
    # ------------------------------------------------------------------------------------------

    def customer_service_send(self):
        """Send a held answer now.

        :return: False when it has left or was taken back already
        :raise UserError: somebody else wrote it
        """
        held = self.exists()
        if not held:
            return False
        held.post_message()
        return True

    def customer_service_undo(self):
        """Take a held answer back.

        :return: ``body``, ``partner_ids``, ``attachment_ids`` and ``store_data`` for the composer;
            False when it has left already
        :raise UserError: somebody else wrote it
        """
        held = self.exists()
        if not held:
            return False
        held.ensure_one()
        if held.create_uid != self.env.user:
            raise UserError(self.env._("Only who wrote this answer can take it back."))
        if not held.try_lock_for_update():
            return False
        # sudo: ir.attachment - files of their own answer, as they were before it was sent
        attachments = held.attachment_ids.sudo().filtered(
            lambda attachment: (
                attachment.create_uid == self.env.user
                and attachment.res_model == held._name
                and attachment.res_id == held.id
            )
        )
        attachments.write({"res_model": "mail.compose.message", "res_id": 0})
        taken_back = {
            "body": held.body or "",
            "partner_ids": [
                {"id": partner.id, "name": partner.name, "email": partner.email}
                for partner in held.partner_ids
            ],
            **self.env[_CASE]._composer_attachments_data(attachments.sudo(False)),
        }
        held.unlink()
        return taken_back

    # ------------------------------------------------------------------------------------------
    # Exactly once
    # ------------------------------------------------------------------------------------------

    def _post_message(self, raise_exception=True):
        # The host reads what is due, posts all of it and deletes it at the end: the scheduled job
        # and an agent who sends at the same moment would both post.
        answers = self.filtered(lambda message: message.model == _CASE)
        for answer in answers:
            if answer._lock_answer():
                super(MailScheduledMessage, answer)._post_message(raise_exception=raise_exception)
        others = self - answers
        return super(MailScheduledMessage, others)._post_message(raise_exception=raise_exception)

    def _lock_answer(self):
        """Lock one answer until it is posted.

        :return: whether it is still there and nobody else is posting it
        """
        try:
            with self.env.cr.savepoint(flush=False):
                return bool(self.try_lock_for_update())
        except psycopg2.errors.SerializationFailure:
            return False  # it was posted after this transaction began

    def _message_created_hook(self, message):
        result = super()._message_created_hook(message)
        if self.model == _CASE:
            # In one transaction with its being posted, not in a later one as the host does.
            self.unlink()
        return result

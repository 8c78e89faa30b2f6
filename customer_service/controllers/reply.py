from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.mail.controllers.thread import ThreadController
from odoo.addons.mail.tools.discuss import Store


class ReplyController(ThreadController):
    """Answers that do not leave at once."""

    @route("/customer_service/answer/hold", methods=["POST"], type="jsonrpc", auth="user")
    def hold_answer(
        self, thread_id, post_data, scheduled_date=None, canned_response_ids=(), **kwargs
    ):
        """Keep an answer on the server, until it cannot be undone any more or until a date.

        The data are what the web client posts a message with, and are read by the same method.

        :param int thread_id: the case
        :param dict post_data: as for ``/mail/message/post``
        :param str scheduled_date: when it leaves, in UTC; None for the time to undo
        :param canned_response_ids: phrases that were used
        :return: ``held_id``, the ``seconds`` to undo and ``store_data`` that shows it; False
            where the company sends answers at once
        """
        case = request.env["customer.service.case"].browse(int(thread_id))
        case._check_may_answer()
        if scheduled_date:
            scheduled_date = fields.Datetime.to_datetime(scheduled_date)
            if scheduled_date <= fields.Datetime.now():
                raise UserError(request.env._("Choose a time that is yet to come."))
        values = self._prepare_message_data(post_data, thread=case, from_create=True)
        if not values.get("body") and not values.get("attachment_ids"):
            raise UserError(request.env._("There is nothing to send."))
        held = case._hold_answer(values, scheduled_date)
        if not held:
            return False
        phrase_ids = [phrase_id for phrase_id in canned_response_ids if isinstance(phrase_id, int)]
        request.env["mail.canned.response"].search([("id", "in", phrase_ids)])._mark_used()
        return {
            "held_id": held.id,
            "seconds": case._undo_seconds(),
            "store_data": Store()
            .add(case, [], as_thread=True, request_list=["scheduledMessages"])
            .get_result(),
        }

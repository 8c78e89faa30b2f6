from odoo import api, models
from odoo.tools import html2plaintext

from ..const import SPOKEN_MESSAGE_TYPES
from ..tools.text import first_words
from .customer_service_timeline_mixin import TimelinePlace

_CASE, _ORDER = "customer.service.case", "sale.order"

#: What people say in a conversation, and what the shop sends by itself.
_TOLD_TYPES = (*SPOKEN_MESSAGE_TYPES, "auto_comment")

#: As much of a message as a line shows, and as much of its body as that is looked for in.
_TEXT_LENGTH = 240
_BODY_LENGTH = 20_000


class CustomerServiceMessageTimeline(models.AbstractModel):
    """What is said about a case or on an order is a line in the timelines."""

    _name = "customer.service.message.timeline"
    _description = "Message in Timelines"
    _inherit = ["customer.service.timeline.mixin"]
    _timeline_is_line = True

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {
            "model",
            "res_id",
            "date",
            "message_type",
            "subtype_id",
            "is_internal",
        }

    @api.model
    def _timeline_tells(self, vals):
        return vals.get("model") in (_CASE, _ORDER) and vals.get("message_type") in _TOLD_TYPES

    def _create(self, data_list):
        messages = super()._create(data_list)
        copied = [
            data["stored"]["parent_id"]
            for data in data_list
            if data["stored"].get("message_type") == "auto_comment"
            and data["stored"].get("parent_id")
            and data["stored"].get("model") == _CASE
        ]
        if copied:  # the copy is told of, not what an order or an invoice has of the same mail
            self.env["customer.service.timeline.entry"]._note_records(self.browse(copied))
        return messages

    def _timeline_facts(self):
        on_order = self.filtered(lambda message: message.model == _ORDER)
        copied = on_order._timeline_copied() if on_order else self.browse()
        case = self.env[_CASE]
        return {
            message.id: ("note" if case._is_private(message) else "message", False, message.date)
            for message in self - copied
            if message.model in (_CASE, _ORDER)
            and message.res_id
            and message.message_type in _TOLD_TYPES
        }

    def _timeline_copied(self):
        """Return those of these messages that a case has a copy of, as of automatic mail."""
        copies = self.search_fetch(
            [("parent_id", "in", self.ids), ("model", "=", _CASE)], ["parent_id"]
        )
        return copies.parent_id

    def _timeline_places(self):
        places = {}
        for model_name, messages in self.grouped("model").items():
            threads = self.env[model_name].browse(set(messages.mapped("res_id"))).exists()
            of_threads = threads._timeline_places()
            for message in messages:
                if model_name == _CASE:
                    place = of_threads.get(message.res_id)
                else:
                    order = of_threads.get(message.res_id)
                    place = order and order._replace(case=False)
                places[message.id] = place or TimelinePlace()
        return places

    def _timeline_lines(self):
        lines = {}
        # sudo: mail.message - of conversations that the user may read
        for message in self.sudo():
            author = message.author_id.name or message.email_from or ""
            words = html2plaintext((message.body or "")[:_BODY_LENGTH])
            lines[message.id] = {
                "title": message.subject or "",
                "text": first_words(words, _TEXT_LENGTH),
                "author": author,
            }
        return lines

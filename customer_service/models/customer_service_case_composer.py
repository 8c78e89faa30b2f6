import json
from datetime import timedelta
from functools import reduce

from markupsafe import Markup, escape

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext, html_sanitize
from odoo.tools.misc import clean_context
from odoo.tools.rendering_tools import parse_inline_template

from odoo.addons.mail.tools.discuss import Store

from ..const import SPOKEN_MESSAGE_TYPES

#: What the browser has after the time for undoing to have an answer sent at once. Only when it
#: has not asked by then (it was closed, or died) the server sends by itself.
SEND_GRACE = timedelta(seconds=20)


class CustomerServiceCaseComposer(models.AbstractModel):
    """Writing an answer: what it starts with, what can be put in, when it leaves, what is next."""

    _name = "customer.service.case.composer"
    _description = "Writing an Answer to a Case"

    _waiting_idx = models.Index("(waiting_since, id) WHERE awaiting_reply")

    # ------------------------------------------------------------------------------------------
    # What the box of an answer needs
    # ------------------------------------------------------------------------------------------

    def composer_data(self):
        """Return what the box of an answer needs when it opens.

        :return: ``prefill``: the team's default message for this customer as HTML, or False;
            ``warning``: why there is none although there should be, or False;
            ``templates``: id and name of those that may be inserted;
            ``phrases``: id, shortcut and text, filled in, of the canned phrases;
            ``undo_seconds``: how long a sent answer can be taken back
        """
        self._check_may_answer()
        prefill, warning = self._reply_prefill()
        templates = self.env["mail.template"].search_fetch(self._reply_template_domain(), ["name"])
        return {
            "prefill": prefill,
            "warning": warning,
            "templates": [{"id": template.id, "name": template.name} for template in templates],
            "phrases": self._reply_phrases(),
            "undo_seconds": self._undo_seconds(),
        }

    def composer_template(self, template_id):
        """Return a reply template filled in for this case, ready to be inserted.

        :param int template_id: one of those that :meth:`composer_data` names
        :return: ``body`` as HTML, ``attachment_ids``, and ``store_data`` that describes them
        :raise UserError: the template is not meant for an answer to this case
        """
        self._check_may_answer()
        domain = Domain("id", "=", template_id) & self._reply_template_domain()
        template = self.env["mail.template"].search(domain, limit=1)
        if not template:
            raise UserError(self.env._("This template is not meant for an answer to this case."))
        attachments = self._reply_template_attachments(template)
        return {
            "body": self._reply_template_body(template),
            **self._composer_attachments_data(attachments),
        }

    def _check_may_answer(self):
        """Make sure that the user is one of us who works on this case.

        :raise AccessError: the user is a customer, or may not change the case
        """
        self.ensure_one()
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only agents answer cases."))
        self.check_access("write")

    def _reply_lang(self):
        """Return the code of the language that this case is answered in."""
        self.ensure_one()
        # sudo: team - its company speaks when nothing is known of the customer
        return self.lang or self.team_id.sudo().company_id.partner_id.lang or self.env.lang

    def _reply_prefill(self, lang=None):
        """Return the team's default message for this case as HTML, and a warning, or False.

        :param str lang: another language than that of the case
        """
        # sudo: team - its default message
        template = self.team_id.sudo().reply_template_id.sudo(False)
        if not template:
            return False, False
        try:
            return self._reply_template_body(template, lang), False
        except UserError:
            # An answer must be possible while somebody mends the template.
            return False, self.env._(
                "The default message “%(template)s” of this team cannot be filled in. Please tell "
                "an administrator.",
                template=template.name,
            )

    @api.model
    def _composer_attachments_data(self, attachments):
        """Return files in the way in which the composer of the web client keeps them."""
        ownership = attachments._get_store_ownership_fields()
        return {
            "attachment_ids": attachments.ids,
            "store_data": Store().add(attachments, extra_fields=ownership).get_result(),
        }

    # ------------------------------------------------------------------------------------------
    # Reply templates
    # ------------------------------------------------------------------------------------------

    def _reply_template_domain(self):
        """Return the domain of the templates for answers of this team in this language."""
        self.ensure_one()
        return Domain(
            [
                ("model", "=", self._name),
                ("customer_service_answer", "=", True),
                ("user_id", "in", [False, self.env.uid]),
                ("customer_service_lang", "in", [False, self._reply_lang()]),
            ]
        ) & (
            Domain("customer_service_team_ids", "=", False)
            | Domain("customer_service_team_ids", "in", self.team_id.ids)
        )

    def _reply_template_body(self, template, lang=None):
        """Return the text of a template for this case as HTML, in the customer's language.

        :param str lang: another language than that of the case
        """
        lang = lang or self._reply_lang()
        rendered = template._render_field("body_html", self.ids, set_lang=lang)
        return str(rendered[self.id] or "") or False

    def _reply_template_attachments(self, template):
        """Return copies of the files of a template, as if the agent had attached them."""
        values = template._generate_template(self.ids, ("attachment_ids", "report_template_ids"))
        pending = {"res_model": "mail.compose.message", "res_id": 0}
        # sudo: ir.attachment - whoever may use the template may send its files
        attachment = self.env["ir.attachment"].sudo()
        originals = attachment.browse(values[self.id].get("attachment_ids") or [])
        copies = attachment.union(*(original.copy(pending) for original in originals))
        printed = attachment.create(
            [
                {"name": name, "datas": content, "type": "binary", **pending}
                for name, content in values[self.id].get("attachments") or []
            ]
        )
        return (copies | printed).sudo(False)

    # ------------------------------------------------------------------------------------------
    # Canned phrases
    # ------------------------------------------------------------------------------------------

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (
            *super().mail_allowed_qweb_expressions(),
            "object.number",
            "object.customer_label",
            "object.partner_name",
            "object.product_id.name",
            "object.sale_order_id.name",
            "object.team_id.name",
        )

    def _reply_phrases(self):
        """Return the canned phrases for this team and language, filled in for this case."""
        self.ensure_one()
        domain = Domain("lang", "in", [False, self._reply_lang()]) & (
            Domain("team_ids", "=", False) | Domain("team_ids", "in", self.team_id.ids)
        )
        phrases = self.env["mail.canned.response"].search_fetch(
            domain, ["source", "substitution"], order="source, id"
        )
        case = self.with_context(lang=self._reply_lang())
        return [
            {
                "id": phrase.id,
                "source": phrase.source,
                "substitution": case._fill_placeholders(phrase.substitution),
            }
            for phrase in phrases
        ]

    @api.model
    def _refused_placeholders(self, text):
        """Return the placeholders of a text that nothing would ever be put in for."""
        return [
            expression
            for _literal, expression, _otherwise in parse_inline_template(text or "")
            if expression.startswith("object")
            and not self.env["ir.qweb"]._is_expression_allowed(expression, self._name)
        ]

    def _fill_placeholders(self, text):
        """Return a text with its ``{{ object.field ||| otherwise }}`` replaced.

        Phrases are written by agents. Nothing in them is ever evaluated, whoever inserts them:
        the few expressions that the host allows to everybody are followed field by field, any
        other is replaced by what stands behind the bars.
        """
        self.ensure_one()
        return "".join(
            part
            for literal, value, otherwise in self._placeholders_of(text)
            for part in (literal, value or otherwise)
        )

    def _fill_placeholders_of_html(self, body):
        """Return HTML with its placeholders replaced as :meth:`_fill_placeholders` does.

        Whatever is put in is text: customers choose their own names and subjects.

        :param str body: sanitized HTML
        :return: Markup
        """
        self.ensure_one()
        filled = "".join(
            part
            for literal, value, otherwise in self._placeholders_of(body)
            for part in (literal, escape(value) or otherwise)
        )
        # Once more: a value may stand in the address of a link.
        return html_sanitize(filled, sanitize_attributes=True, sanitize_style=True)

    def _placeholders_of(self, text):
        """Yield what stands before each placeholder, its value as text, and what else to say."""
        for literal, expression, otherwise in parse_inline_template(text or ""):
            value = self._placeholder_value(expression) if expression else ""
            yield literal, value, otherwise.strip()

    def _placeholder_value(self, expression):
        """Return the value of an allowed expression as text, else nothing."""
        if not self.env["ir.qweb"]._is_expression_allowed(expression, self._name):
            return ""
        # sudo: case - the names of its team, order and product, which the list of allowed
        # expressions decides on
        value = reduce(lambda record, name: record[name], expression.split(".")[1:], self.sudo())
        if isinstance(value, models.BaseModel):
            value = value.display_name
        if isinstance(value, Markup):
            value = html2plaintext(value)
        return str(value or "")

    # ------------------------------------------------------------------------------------------
    # Sending: held for a moment, or later
    # ------------------------------------------------------------------------------------------

    def _undo_seconds(self):
        """Return for how many seconds an answer to this case can be taken back."""
        self.ensure_one()
        # sudo: team - the setting of its company
        return self.team_id.sudo().company_id.customer_service_undo_seconds

    def _end_of_hold(self):
        """Return when the server sends an answer that is held from now, False: at once."""
        seconds = self._undo_seconds()
        return seconds > 0 and fields.Datetime.now() + timedelta(seconds=seconds) + SEND_GRACE

    def _hold_answer(self, values, scheduled_date=None):
        """Keep an answer on the server until it is due; whoever it is for sees nothing yet.

        It is posted by its author's rights, by the way of every answer, so that the people it
        reaches are those of the moment in which it leaves.

        :param dict values: what ``message_post`` takes from the web client
        :param datetime scheduled_date: when it leaves; None holds it as long as it can be undone
        :return: the held message, none where the company sends at once
        """
        self._check_may_answer()
        scheduled_date = scheduled_date or self._end_of_hold()
        if not scheduled_date:
            return self.env["mail.scheduled.message"]
        return self.env["mail.scheduled.message"].create(
            {
                "attachment_ids": [Command.set(values.get("attachment_ids") or [])],
                "author_id": self.env.user.partner_id.id,
                "body": values.get("body"),
                "model": self._name,
                "notification_parameters": json.dumps(
                    {
                        "email_add_signature": values.get("email_add_signature", True),
                        "message_type": "comment",
                    }
                ),
                "partner_ids": [Command.set(values.get("partner_ids") or [])],
                "res_id": self.id,
                "scheduled_date": scheduled_date,
                "send_context": clean_context(self.env.context),
            }
        )

    # ------------------------------------------------------------------------------------------
    # What is next
    # ------------------------------------------------------------------------------------------

    def unanswered_messages(self):
        """Return how many messages of the customer nobody has answered, and the oldest of them.

        :return: ``count`` and ``oldest_id``
        """
        self._check_may_answer()
        if not self.awaiting_reply:  # solved, or spam: nobody waits
            return {"count": 0, "oldest_id": False}
        # sudo: mail.message - counted whoever may read the single ones
        message = self.env["mail.message"].sudo()
        public = Domain(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "in", SPOKEN_MESSAGE_TYPES),
                ("is_internal", "=", False),
                ("subtype_id.internal", "=", False),
            ]
        )
        ours = Domain("author_id.partner_share", "=", False) & Domain("author_id", "!=", False)
        [(answered_until,)] = message._read_group(public & ours, [], ["id:max"])
        theirs = public & ~ours & Domain("id", ">", answered_until or 0)
        [(count, oldest_id)] = message._read_group(theirs, [], ["__count", "id:min"])
        return {"count": count, "oldest_id": oldest_id or False}

    @api.model
    def next_waiting_case(self, skip_ids=()):
        """Return the case whose customer has waited longest, among mine and those nobody has.

        :param skip_ids: cases that the agent has just left
        :return: ``id`` and ``name`` of a case of the agent's teams (an agent without a team: of
            all that they may see), or False when nobody waits
        """
        domain = Domain("awaiting_reply", "=", True) & Domain(
            "user_id", "in", [False, self.env.uid]
        )
        teams = self.env.user.customer_service_team_ids
        if teams:
            domain &= Domain("team_id", "in", teams.ids)
        if skip_ids:
            domain &= Domain("id", "not in", list(skip_ids))
        case = self.search_fetch(domain, ["number", "name"], order="waiting_since, id", limit=1)
        return {"id": case.id, "name": case.display_name} if case else False

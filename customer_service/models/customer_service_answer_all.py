from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list, html_sanitize, is_html_empty

#: Whoever writes to more people than this wants a mailing.
_MOST_CASES = 500

#: How many cases are answered before the agent's screen goes on; the others follow by and by.
_AT_ONCE = 5

#: How long an answer that was begun and never sent is kept, in days.
_DRAFT_DAYS = 1

#: The longest text of one language.
_LONGEST_TEXT = 50_000

#: What the agent fills in. Everything else is the answer's own to keep.
_FILLED_IN = frozenset({"texts", "with_greeting", "attachment_ids", "resolve", "line_ids"})


def _is_written(texts, lang):
    """Tell whether there is a text or a template for a language."""
    entry = (texts or {}).get(lang) or {}
    return bool(not is_html_empty(entry.get("body")) or entry.get("template_id"))


class CustomerServiceAnswerAll(models.Model):
    """One answer to the customers of several cases, each in their case, thread and language.

    It is written once for each language, shown as each customer gets it, and sent case by case
    in the name of whoever wrote it. What was sent to whom, and what was not and why, stays.
    """

    _name = "customer.service.answer.all"
    _description = "Answer to Several Cases"
    _order = "id desc"

    name = fields.Char("About", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Author", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    parent_id = fields.Many2one(
        "customer.service.case",
        string="Parent Case",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    parent_status = fields.Selection(related="parent_id.status", related_sudo=False)
    state = fields.Selection(
        [
            ("draft", "Being Written"),
            ("running", "Being Sent"),
            ("done", "Done"),
            ("cancelled", "Stopped"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    start_date = fields.Datetime("Sent On", readonly=True)
    begun_after = fields.Integer(
        readonly=True, help="The newest message of all when its author began to write."
    )
    texts = fields.Json(
        help="By language: the text with placeholders, as HTML, and the template that follows it."
    )
    fallback_lang = fields.Char(
        readonly=True, help="The language that those get for whose own nothing was written."
    )
    with_greeting = fields.Boolean(
        "Greeting and Closing of the Team",
        help="The default message of the team stands around the text, with the customer's name.",
    )
    has_greeting = fields.Boolean(compute="_compute_has_greeting", compute_sudo=False)
    attachment_ids = fields.Many2many("ir.attachment", string="Attach Files")
    resolve = fields.Boolean("Resolve the Cases")
    line_ids = fields.One2many("customer.service.answer.all.line", "answer_id", string="Cases")
    choices = fields.Json(compute="_compute_choices", compute_sudo=False)
    line_count = fields.Integer("Cases in All", compute="_compute_counts")
    sent_count = fields.Integer("Sent", compute="_compute_counts")
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    skipped_count = fields.Integer("Not Sent", compute="_compute_counts")

    @api.depends("line_ids.case_id.team_id.reply_template_id")
    def _compute_has_greeting(self):
        for answer in self:
            # sudo: team - whether there is a default message
            teams = answer.line_ids.case_id.team_id.sudo()
            answer.has_greeting = bool(teams.reply_template_id)

    @api.depends("line_ids.state")
    def _compute_counts(self):
        # sudo: line - how many, also of those that the author sees no more
        groups = (
            self.env["customer.service.answer.all.line"]
            .sudo()
            ._read_group([("answer_id", "in", self.ids)], ["answer_id", "state"], ["__count"])
        )
        counts = {(answer.id, state): count for answer, state, count in groups}
        for answer in self:
            for state in ("sent", "waiting", "failed", "skipped"):
                answer[f"{state}_count"] = counts.get((answer.id, state), 0)
            answer.line_count = sum(
                count for (answer_id, _state), count in counts.items() if answer_id == answer.id
            )

    @api.depends("line_ids.case_id", "state")
    @api.depends_context("uid", "lang")
    def _compute_choices(self):
        for answer in self:
            answer.choices = answer._choices() if answer.state == "draft" else False

    @api.constrains("attachment_ids")
    def _check_attachment_ids(self):
        for answer in self:
            # sudo: ir.attachment - where they are from
            for attachment in answer.attachment_ids.sudo():
                if (attachment.res_model, attachment.res_id) != (self._name, answer.id):
                    raise AccessError(
                        self.env._("Attach the file here, so that it can go to these customers.")
                    )

    @api.model
    def _has_field_access(self, field, operation):
        """Let the author fill in the answer and nothing else of it."""
        if operation == "write" and not self.env.su and field.name not in _FILLED_IN:
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        if not self.env.su:
            self._check_author()
            self._check_draft()
            if "texts" in vals:
                vals = {**vals, "texts": self._clean_texts(vals["texts"])}
        return super().write(vals)

    # ------------------------------------------------------------------------------------------
    # Beginning
    # ------------------------------------------------------------------------------------------

    @api.model
    def _begin(self, cases, parent=None):
        """Begin an answer to some cases.

        :param customer.service.case cases: those to choose from, the parent among them
        :param customer.service.case parent: whose children they are, if they are
        :return: the answer, seen by its author
        :raise UserError: there are none, too many, or they are of several companies
        """
        if not self.env.user.has_group("customer_service.group_agent"):
            raise AccessError(self.env._("Only agents answer cases."))
        cases.check_access("read")
        if not cases:
            raise UserError(self.env._("Choose the cases that you want to answer."))
        if len(cases) > _MOST_CASES:
            raise UserError(
                self.env._("These are too many: at most %(count)s.", count=_MOST_CASES)
            )
        if len(cases.company_id) > 1:
            raise UserError(self.env._("Answer the cases of one company at a time."))
        # sudo: team - whether there is a default message
        has_greeting = bool(cases.team_id.sudo().reply_template_id)
        # sudo: mail.message - only which one is the newest
        newest = self.env["mail.message"].sudo().search([], order="id desc", limit=1)
        # sudo: answer - made by this method only, of cases that its author sees
        answer = self.sudo().create(
            {
                "name": parent.display_name
                if parent
                else self.env._("%(count)s selected cases", count=len(cases)),
                "user_id": self.env.uid,
                "company_id": cases.company_id.id,
                "parent_id": parent.id if parent else False,
                "with_greeting": has_greeting,
                "begun_after": newest.id,
                "texts": {},
                "line_ids": [(0, 0, values) for values in self._line_values(cases, parent)],
            }
        )
        return answer.sudo(False)

    @api.model
    def _line_values(self, cases, parent):
        """Return the values of a line for each case.

        Ticked are those who wait for something: open cases, and the parent where its own
        customer waits for us. A parent that cannot be answered is nobody's question.
        """
        obstacles = cases._answer_all_obstacles()
        return [
            {
                "case_id": case.id,
                "is_parent": case == parent,
                "reason": obstacles.get(case.id),
                "is_chosen": case.id not in obstacles
                and (case.awaiting_reply if case == parent else case.status != "resolved"),
            }
            for case in cases
            if case != parent or case.id not in obstacles
        ]

    def _action_open(self):
        """Return the action that shows this answer in a dialog."""
        self.ensure_one()
        titles = {
            "draft": self.env._("Answer Several Cases"),
            "running": self.env._("The Answers Are Being Sent"),
            "cancelled": self.env._("The Answers Were Stopped"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles.get(self.state) or self.env._("The Answers Were Sent"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ------------------------------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------------------------------

    def _choices(self):
        """Return what the screen offers: languages with templates and phrases, placeholders."""
        self.ensure_one()
        cases = self.line_ids.case_id
        names = dict(self.env["res.lang"].get_installed())
        by_lang = cases.grouped(lambda case: case._reply_lang())
        return {
            "languages": [
                {
                    "code": lang,
                    "name": names.get(lang, lang),
                    "templates": self._templates(lang, by_lang[lang].team_id).read(["name"]),
                    "phrases": self._phrases(lang, by_lang[lang].team_id),
                }
                for lang in self._languages()
            ],
            "placeholders": [
                {"text": f"{{{{ {expression} }}}}", "name": name}
                for expression, name in cases._answer_all_placeholders()
            ],
        }

    def _templates(self, lang, teams):
        """Return the reply templates that fit all these teams in this language."""
        templates = self.env["mail.template"].search(
            [
                ("model", "=", "customer.service.case"),
                ("customer_service_answer", "=", True),
                ("user_id", "in", [False, self.env.uid]),
                ("customer_service_lang", "in", [False, lang]),
            ]
        )
        return templates.filtered(
            lambda template: (
                not template.customer_service_team_ids
                or teams <= template.customer_service_team_ids
            )
        )

    def _phrases(self, lang, teams):
        """Return the canned phrases of this language for these teams, with their placeholders."""
        phrases = self.env["mail.canned.response"].search_fetch(
            [("lang", "in", [False, lang])],
            ["source", "substitution", "team_ids"],
            order="source, id",
        )
        return [
            {"id": phrase.id, "name": phrase.source, "text": phrase.substitution}
            for phrase in phrases
            if not phrase.team_ids or teams & phrase.team_ids
        ]

    @api.model
    def _clean_texts(self, texts):
        """Return texts by language as they may be kept, shown and sent.

        :param texts: what a client sent
        :return: ``{lang: {"body": sanitized HTML, "template_id": int}}``
        :raise UserError: these are no such texts, or have placeholders that nobody can fill in
        """
        case = self.env["customer.service.case"]
        known = {code for code, _name in self.env["res.lang"].get_installed()}
        wrong = self.env._("These are no texts by language.")
        if not isinstance(texts or {}, dict):
            raise UserError(wrong)
        cleaned = {}
        for lang, entry in (texts or {}).items():
            if lang not in known or not isinstance(entry, dict):
                raise UserError(wrong)
            body, template_id = entry.get("body") or "", entry.get("template_id") or 0
            if not isinstance(body, str) or not isinstance(template_id, int):
                raise UserError(wrong)
            if len(body) > _LONGEST_TEXT:
                raise UserError(
                    self.env._(
                        "This text is too long: at most %(count)s characters.", count=_LONGEST_TEXT
                    )
                )
            body = html_sanitize(body, sanitize_attributes=True, sanitize_style=True)
            # An editor keeps spaces by such ones, also within a placeholder.
            body = str(body).replace("&nbsp;", "\xa0")
            cleaned[lang] = {"body": body, "template_id": template_id}
            for placeholder in case._refused_placeholders(body):
                raise UserError(
                    self.env._(
                        "Nothing can be put in for “%(placeholder)s”. Possible are: %(possible)s.",
                        placeholder=placeholder,
                        possible=", ".join(
                            expression for expression, _name in case._answer_all_placeholders()
                        ),
                    )
                )
        return cleaned

    def _languages(self):
        """Return the languages of these cases: the author's own first, then those of most."""
        by_lang = self.line_ids.case_id.grouped(lambda case: case._reply_lang())
        own = self.user_id.lang
        return sorted(by_lang, key=lambda lang: (lang != own, -len(by_lang[lang]), lang))

    def _fallback(self, texts):
        """Return the first language for which something is written, False where there is none.

        :param dict texts: by language, as the screen has them
        """
        return next((lang for lang in self._languages() if _is_written(texts, lang)), False)

    def _text_for(self, case, texts, fallback):
        """Return what one customer gets.

        :param customer.service.case case: as its author sees it
        :param dict texts: by language
        :param str fallback: the language of those for whose own nothing was written
        :return: the text as HTML, the reply template (may be empty) and their language
        :raise UserError: the template is none for this case any more
        """
        lang = case._reply_lang()
        lang = lang if _is_written(texts, lang) else fallback or lang
        entry = (texts or {}).get(lang) or {}
        template = self.env["mail.template"]
        if entry.get("template_id"):
            template = self._templates(lang, case.team_id).filtered_domain(
                [("id", "=", entry["template_id"])]
            )
            if not template:
                raise UserError(
                    self.env._("This template is not meant for an answer to this case.")
                )
        return entry.get("body") or "", template, lang

    def preview(self, line_id, texts=None, with_greeting=None):
        """Return one customer's answer as it would leave now.

        :param int line_id: whose
        :param dict texts: what is on the screen, else what is saved
        :param bool with_greeting: the same
        :return: ``to`` and ``subject`` as text, ``body`` as HTML, ``warning`` or False
        """
        self.ensure_one()
        self._check_author()
        texts = self.texts if texts is None else self._clean_texts(texts)
        line = self.line_ids.filtered(lambda line: line.id == line_id)
        case = line.case_id
        case.check_access("read")
        if not case:
            raise UserError(self.env._("This case is not among those to be answered."))
        with_greeting = self.with_greeting if with_greeting is None else bool(with_greeting)
        text, template, lang = self._text_for(case, texts, self._fallback(texts))
        body = case._answer_all_body(text, template, lang, with_greeting)
        return {
            "to": case._reply_recipients_label(),
            "subject": " ".join(case._message_compute_subject().split()),
            "body": html_sanitize(body, sanitize_attributes=True, sanitize_style=True),
            "warning": case._reply_prefill(lang)[1] if with_greeting else False,
        }

    # ------------------------------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------------------------------

    def action_send(self):
        """Send it: the first cases at once, the others by and by.

        :return: the action that shows how far it is
        :raise UserError: nobody is chosen, or there is nothing to send
        """
        self.ensure_one()
        self._check_author()
        self._lock()
        if self.state != "draft":
            return self._action_open()  # pressed twice
        chosen = self.line_ids.filtered(lambda line: line.is_chosen and not line.reason)
        if not chosen:
            raise UserError(self.env._("Choose at least one case."))
        fallback = self._fallback(self.texts)
        if not fallback:
            raise UserError(self.env._("Write something first."))
        # sudo: answer, line - from now on they keep what happens by themselves
        answer = self.sudo()
        answer.fallback_lang = fallback
        chosen.sudo().write({"state": "waiting"})
        unwanted = answer.line_ids.filtered(lambda line: line.state == "draft")
        blocked = unwanted.filtered("reason")
        blocked.write({"state": "skipped"})
        (unwanted - blocked).unlink()
        answer._start()
        return self._action_open()

    def action_cancel(self):
        """Stop what has not been sent yet; its author or a supervisor does.

        :return: the action that shows how far it had come
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("customer_service.group_supervisor"):
            self._check_author()
        self._lock()
        # sudo: answer, line - whoever may stop it was checked
        answer = self.sudo()
        if answer.state == "running":
            waiting = answer.line_ids.filtered(lambda line: line.state == "waiting")
            # One that is being sent at this moment still goes.
            free = waiting.try_lock_for_update(allow_referencing=True)
            free.write({"state": "skipped", "reason": self.env._("Stopped before it was sent.")})
            answer.state = "cancelled"
            answer._tell()
        return self._action_open()

    def action_retry(self):
        """Try again what failed."""
        self.ensure_one()
        self._check_author()
        # sudo: line - their state is their own to keep
        self.sudo().line_ids.filtered(lambda line: line.state == "failed")._retry()
        return self._action_open()

    def action_resolve_parent(self):
        """Resolve the parent, by the rules of its team its children with it."""
        self.ensure_one()
        self.parent_id.check_access("write")
        return self.parent_id.action_resolve()

    def action_open(self):
        """Show what became of this answer."""
        self.check_access("read")
        return self._action_open()

    def _lock(self):
        """Keep other requests from doing something with this answer at the same moment."""
        # sudo: answer - whoever may is checked by the caller
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Something else is done with this answer. Look again."))
        self.invalidate_recordset(["state"])

    def _check_author(self):
        """Make sure that nobody writes, or has something sent, in the name of somebody else."""
        if any(answer.user_id != self.env.user for answer in self):
            raise AccessError(self.env._("Only who writes this answer can do this."))

    def _check_draft(self):
        if any(answer.state != "draft" for answer in self):
            raise UserError(self.env._("This answer has left already."))

    def _start(self):
        """Send the first of the waiting lines now, and leave the others to the scheduled job."""
        self.ensure_one()
        self.write({"state": "running", "start_date": self.start_date or fields.Datetime.now()})
        waiting = self.line_ids.filtered(lambda line: line.state == "waiting")
        # The parent comes last: it may have to wait for its children to be resolved.
        waiting = waiting.sorted(lambda line: (line.is_parent, line.id))
        for line in waiting[:_AT_ONCE]:
            line._send_or_fail()
        if waiting[_AT_ONCE:]:
            self.env.ref("customer_service.ir_cron_answer_all")._trigger()
        self._finish()

    def _finish(self):
        """Write down that those of these answers are done which wait for nothing any more."""
        self.invalidate_recordset(["waiting_count"])
        finished = self.filtered(
            lambda answer: answer.state == "running" and not answer.waiting_count
        )
        finished.state = "done"
        for answer in finished:
            answer._tell()
        if self:
            # Mails wait in the host's queue, which need not wait for its hour.
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _tell(self):
        """Note on the parent what was done, and tell the author, who may have gone on."""
        self.ensure_one()
        author = self._as_author(self)
        author.invalidate_recordset()
        summary = author._summary()
        if author.parent_id and author.parent_id.has_access("read"):
            author.parent_id._message_log(body=summary)
        if self.env.uid != self.user_id.id:
            self.user_id._bus_send(
                "simple_notification",
                {
                    "title": author.env._("Answer to several cases"),
                    "message": summary,
                    "type": "warning" if self.failed_count else "success",
                    "sticky": bool(self.failed_count),
                },
            )

    def _summary(self):
        """Return in words how many were answered and how many were not; no case is named."""
        self.ensure_one()
        parts = [self.env._("%(count)s sent", count=self.sent_count)]
        if self.failed_count:
            parts.append(self.env._("%(count)s failed", count=self.failed_count))
        if self.skipped_count:
            parts.append(self.env._("%(count)s not sent", count=self.skipped_count))
        return self.env._(
            "One answer to several cases: %(parts)s.", parts=format_list(self.env, parts)
        )

    def _as_author(self, records):
        """Return records as the author sees them, whoever works for them now."""
        self.ensure_one()
        author = self.user_id
        return records.with_user(author).with_context(
            lang=author.lang, tz=author.tz, allowed_company_ids=self.company_id.ids
        )

    @api.autovacuum
    def _gc_drafts(self):
        """Forget answers that were begun and never sent."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=_DRAFT_DAYS)
        self.search([("state", "=", "draft"), ("write_date", "<", before)], limit=1_000).unlink()

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import UNRESOLVED

_logger = logging.getLogger(__name__)


class CustomerServiceAnswerAllLine(models.Model):
    """One case of an answer to several: chosen or not, sent or not, and why not.

    A message and the mark that it was sent are written in one transaction, and a case stands in
    an answer only once: so nobody gets the same answer twice, whatever happens in between.
    """

    _name = "customer.service.answer.all.line"
    _description = "Case of an Answer to Several"
    _order = "is_parent desc, id"
    _rec_name = "case_id"

    answer_id = fields.Many2one(
        "customer.service.answer.all",
        string="Answer to Several Cases",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # indexed by the constraint below
    case_id = fields.Many2one(
        "customer.service.case", required=True, readonly=True, ondelete="cascade"
    )
    is_parent = fields.Boolean("Parent", readonly=True)
    is_chosen = fields.Boolean("Answer")
    state = fields.Selection(
        [
            ("draft", "Not Sent Yet"),
            ("waiting", "Waiting"),
            ("sent", "Sent"),
            ("skipped", "Not Sent"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    reason = fields.Char(readonly=True)
    message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date = fields.Datetime("Sent On", readonly=True)
    lang = fields.Char("Language", compute="_compute_lang", compute_sudo=False)
    case_number = fields.Char(related="case_id.number", related_sudo=False)
    case_name = fields.Char(related="case_id.name", related_sudo=False)
    customer_label = fields.Char(related="case_id.customer_label", related_sudo=False)

    _case_uniq = models.Constraint(
        "UNIQUE (case_id, answer_id)", "A case gets the same answer only once."
    )
    _waiting_idx = models.Index("(answer_id, id) WHERE state = 'waiting'")

    @api.depends("case_id.lang")
    def _compute_lang(self):
        for line in self:
            line.lang = line.case_id._reply_lang() if line.case_id else False

    @api.model
    def _has_field_access(self, field, operation):
        """Let the author choose, and nobody write what became of it."""
        if operation == "write" and not self.env.su and field.name != "is_chosen":
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        if not self.env.su:
            self.answer_id._check_author()
            self.answer_id._check_draft()
        return super().write(vals)

    def action_retry(self):
        """Try again what failed or was not sent."""
        self.answer_id._check_author()
        # sudo: line - its state is its own to keep
        self.sudo()._retry()
        return self.answer_id._action_open()

    # ------------------------------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------------------------------

    def _retry(self):
        """Put those of these lines in the queue again that were not sent."""
        for answer, lines in self.grouped("answer_id").items():
            answer._lock()
            lines.invalidate_recordset(["state"])
            again = lines.filtered(lambda line: line.state in ("failed", "skipped"))
            if again:
                again.write({"state": "waiting", "reason": False})
                answer._start()

    def _send_or_fail(self):
        """Send this line, or write down why it could not be sent.

        :raise psycopg2.Error: it met another transaction, and is to be tried in a fresh one
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                if self._lock_waiting():
                    self._send()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (AccessError, UserError) as error:
            self.write({"state": "failed", "reason": str(error)})
        except Exception:  # whatever it is, the other customers get theirs
            _logger.exception("Answer %s was not sent to a case", self.answer_id.id)
            reason = self.answer_id._as_author(self).env._("An unexpected error. Try again.")
            self.write({"state": "failed", "reason": reason})

    def _lock_waiting(self):
        """Lock this line until its transaction ends.

        :return: whether it still waits, and nobody else is sending it
        """
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.invalidate_recordset(["state"])
        return self.state == "waiting" and self.answer_id.state == "running"

    def _send(self):
        """Answer this case with the rights of the author, and write down that it was done."""
        answer = self.answer_id
        reason = self._obstacle()
        if reason:
            self.write({"state": "skipped", "reason": reason})
            return
        case = answer._as_author(self.case_id)
        text, template, lang = answer._as_author(answer)._text_for(
            case, answer.texts, answer.fallback_lang
        )
        body = case._answer_all_body(text, template, lang, answer.with_greeting)
        message = case._answer_all_post(body, template, answer._as_author(answer.attachment_ids))
        self.write(
            {
                "state": "sent",
                "message_id": message.id,
                "date": fields.Datetime.now(),
                "reason": answer.resolve and self._resolve(case),
            }
        )

    def _resolve(self, case):
        """Resolve a case that was answered, if it need not wait for children.

        :param customer.service.case case: as the author sees it
        :return: in a sentence why it stays open, False where it does not
        """
        waiting = case._waiting_children()
        if waiting:
            return case._waiting_message(case.sudo(), waiting)  # sudo: case - its number
        if case.status in UNRESOLVED:
            case.action_resolve()
        return False

    def _obstacle(self):
        """Return in one sentence why this case cannot be answered now, False where it can."""
        answer = self.answer_id
        author = answer.user_id
        case = answer._as_author(self.case_id)
        if (
            not author.active
            or answer.company_id not in author.company_ids
            or not author.has_group("customer_service.group_agent")
        ):
            return case.env._("Its author is no agent any more.")
        parent = answer.parent_id._final()
        if parent and not self.is_parent and self.case_id.parent_id != parent:
            return case.env._("It is no child of %(parent)s any more.", parent=parent.number)
        if self._was_answered_meanwhile():
            return case.env._("Somebody has sent it another answer to several cases meanwhile.")
        return case._answer_all_obstacles().get(case.id, False)

    def _was_answered_meanwhile(self):
        """Tell whether the customer got another answer to several that this author did not see."""
        return bool(
            self.search_count(
                [
                    ("case_id", "=", self.case_id.id),
                    ("answer_id", "!=", self.answer_id.id),
                    ("message_id", ">", self.answer_id.begun_after),
                ],
                limit=1,
            )
        )

    @api.model
    def _cron_send(self):
        """Send what waits, each in a transaction of its own."""
        cron = self.env["ir.cron"]
        domain = [("state", "=", "waiting"), ("answer_id.state", "=", "running")]
        waiting = self.search(domain, order="answer_id, is_parent, id")
        cron._commit_progress(remaining=len(waiting))
        for line in waiting:
            self.env.invalidate_all()  # it may have been stopped since it was looked for
            try:
                line._send_or_fail()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                _logger.info("Answer %s waits for another transaction", line.answer_id.id)
            if not cron._commit_progress(1):
                break
        self.env.invalidate_all()
        self.env["customer.service.answer.all"].search([("state", "=", "running")])._finish()
        cron._commit_progress(remaining=self.search_count(domain))

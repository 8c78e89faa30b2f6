import logging
import random
import time
from contextlib import closing
from dataclasses import dataclass, field

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DEACTIVATE_TIME, MAIL_SERVER_DOMAIN

from ..tools.client_action import notification, reload_view
from ..tools.mail_connection import MailConnectionError, without
from ..tools.mail_limits import LIMITS

_logger = logging.getLogger(__name__)

CASE = "customer.service.case"

#: How often a mail that meets another transaction is tried.
_ATTEMPTS = 5

#: Problems with one mail, on a connection that is well.
_ONE_MAIL = ("server", "not_kept")

#: How long *Run sync now* keeps a person waiting, and for how many mails of a server.
_SYNC_SECONDS = 20
_SYNC_MAILS = 50


@dataclass
class Fetched:
    """What fetching some servers came to.

    :ivar Exception error: the last one that ended a server's run
    :ivar int waiting: mails that are still to be fetched, and servers that were not asked
    :ivar bool has_time: there is time for more
    :ivar list run_ids: ids of the runs that did something or failed
    :ivar int busy: servers that somebody else is fetching at this moment
    """

    error: Exception | None = None
    waiting: int = 0
    has_time: bool = True
    run_ids: list = field(default_factory=list)
    busy: int = 0


class CustomerServiceMailbox(models.AbstractModel):
    """How the mailboxes of cases are fetched.

    One mail, one transaction: it is taken in, that is committed, and only then the mail server is
    told. Whatever dies in between, the mail is still on the server, and when it comes again it is
    recognised.
    """

    _name = "customer.service.mailbox"
    _description = "Fetching of a Mailbox"

    def _fetch_mail(self, batch_limit=50):
        ours = self.filtered("serves_cases")
        others = self - ours
        if not ours:
            return super()._fetch_mail(batch_limit=batch_limit)
        fetched = ours._fetch_mailboxes(batch_limit, more=len(others))
        error, waiting = fetched.error, fetched.waiting
        if others and fetched.has_time:
            elsewhere = super(CustomerServiceMailbox, others)
            error = elsewhere._fetch_mail(batch_limit=batch_limit) or error
            progress_id = self.env.context.get("ir_cron_progress_id")
            # sudo: ir.cron.progress - what the host has left of the other servers
            waiting += self.env["ir.cron.progress"].sudo().browse(progress_id).remaining
        elif others:
            waiting += len(others)
        self.env["ir.cron"]._commit_progress(remaining=waiting)
        return error

    def _fetch_mailboxes(self, limit, deadline=None, more=0):
        """Fetch a batch from each of these servers, and commit each mail.

        :param int limit: how many mails of a server
        :param float deadline: when to stop, on the clock of ``time.monotonic``
        :param int more: servers of others that follow
        :return: :class:`Fetched`
        """
        cron = self.env["ir.cron"]
        result = Fetched()
        unasked = len(self)
        cron._commit_progress(remaining=unasked + more)
        for server in self.with_context(fetchmail_cron_running=True):
            if not result.has_time:
                break
            unasked -= 1
            lock = server.try_lock_for_update(allow_referencing=True)
            if not lock.filtered_domain(MAIL_SERVER_DOMAIN):
                _logger.info("Mail server %d is not fetched now (unavailable)", server.id)
                result.busy += 1
                continue
            server._fetch_batch(limit, deadline, result)
            # The mails wrote the cron's progress in transactions of their own, so this one must
            # end before it writes it too.
            transaction = self.env.cr
            transaction.commit()
            left = cron._commit_progress(remaining=result.waiting + unasked + more)
            result.has_time = bool(left) and not _is_over(deadline)
        result.waiting += unasked
        return result

    def _fetch_batch(self, limit, deadline, result):
        """Fetch a batch from this server, which is locked, and note how it went.

        :param Fetched result: is completed
        """
        self.ensure_one()
        mailbox, error, is_broken = None, None, False
        # Mails have transactions of their own, so that the lock on the server stays.
        with closing(self.env.registry.cursor()) as cr:
            server = self.with_env(self.env(cr=cr))
            run = server.env["customer.service.mail.run"]
            waiting = self.waiting_count
            try:
                mailbox = self._connect__()
                todo = server._mail_to_fetch(mailbox)
                waiting = len(todo)
                if todo:
                    run = run._begin(server)
                    run.env["ir.cron"]._commit_progress()
                    batch = server._fetch_each(mailbox, todo[:limit], run, deadline)
                    for _handled in batch:
                        waiting -= 1
            except Exception as problem:  # noqa: BLE001 - whatever it is, other servers go on
                cr.rollback()
                is_broken = getattr(problem, "code", "") not in _ONE_MAIL
                error = server._fetch_error(problem)
                run = run.exists() or run._begin(server)
                _logger.info("Mail server %d could not be fetched: %s", self.id, error)
            finally:
                self._hang_up(mailbox, is_broken)
            if run:
                run.write(
                    {
                        "end_date": fields.Datetime.now(),
                        "waiting_count": waiting,
                        "error": str(error) if error else False,
                    }
                )
                run.env["ir.cron"]._commit_progress()
                result.run_ids.append(run.id)
        result.waiting += waiting if not error else 0
        result.error = error or result.error
        self._note_outcome(error, waiting)

    def _fetch_error(self, problem):
        """Return what ended a run as an exception that a person can read."""
        if isinstance(problem, MailConnectionError):
            return UserError(self._problem_in_words(problem))
        if isinstance(problem, UserError):
            return problem
        words = without(str(problem) or type(problem).__name__, self._secrets())
        _logger.warning("Fetching mail server %d failed: %s", self.id, words)
        return UserError(self.env._("Fetching stopped: %(error)s", error=words))

    def _hang_up(self, mailbox, is_broken):
        """End the connection. What the server does not hear now, it hears at the next run."""
        if mailbox and is_broken:
            mailbox.drop()
        elif mailbox:
            try:
                mailbox.close()
            except MailConnectionError as problem:
                _logger.info("Mail server %d broke off at the end: %s", self.id, problem.detail)
                mailbox.drop()

    def _note_outcome(self, error, waiting):
        """Write on the server how its fetching went; give it up when it fails for days.

        :param Exception error: what ended the run
        :param int waiting: mails that are still to be fetched
        """
        now = fields.Datetime.now()
        values = {"date": now, "waiting_count": waiting}
        if not error:
            self.write({**values, "last_success": now, "error_date": False, "error_message": False})
            return
        self.write({**values, "error_date": self.error_date or now, "error_message": str(error)})
        if self.error_date < now - MAIL_SERVER_DEACTIVATE_TIME:
            self.set_draft()
            self.env["ir.cron"]._notify_admin(
                f"Deactivating mail server {self.name} (it failed for days)"
            )

    # ------------------------------------------------------------------------------------------
    # Mail by mail
    # ------------------------------------------------------------------------------------------

    def _mail_to_fetch(self, mailbox):
        """Return the numbers of the mails that are to be fetched, oldest first.

        Mail that was fetched before is not among them if it stayed on the server on purpose. Any
        other is fetched once more: the server was not told, and the intake recognises it.
        """
        uids = mailbox.waiting()
        by_key = {self._mail_key(uid): uid for uid in uids}
        for key in self._left_on_server(list(by_key)):
            by_key.pop(key, None)
        return list(by_key.values())

    def _left_on_server(self, keys):
        """Return which of these mails stayed on the server on purpose; one query.

        :param list keys: accounts and numbers, as the log has them
        """
        if not keys:
            return []
        lines = self.env["customer.service.mail.log"].search_fetch(
            [("server_id", "=", self.id), ("uid", "in", keys), ("is_left", "=", True)], ["uid"]
        )
        return lines.mapped("uid")

    def _fetch_each(self, mailbox, uids, run, deadline):
        """Fetch mails, and yield after each that is done with.

        :param mailbox: an open mailbox
        :param list uids: their numbers
        :param customer.service.mail.run run: what counts them
        """
        sizes = mailbox.sizes(uids)
        refused = []
        for uid in uids:
            try:
                has_time = self._fetch_one(mailbox, uid, sizes.get(uid, 0), run)
            except MailConnectionError as problem:
                if problem.code not in _ONE_MAIL:
                    raise
                refused.append(problem)
                continue
            yield uid
            if not has_time or _is_over(deadline):
                break
        if refused:
            raise refused[-1]

    def _fetch_one(self, mailbox, uid, size, run):
        """Fetch one mail, take it in, commit, and tell the server.

        :param str uid: its number
        :param int size: its size in bytes, as the server says
        :return: there is time for more
        """
        is_too_large = size > self._largest_mail()
        raw = mailbox.fetch_head(uid) if is_too_large else mailbox.fetch(uid)
        if raw is None:  # somebody took it away meanwhile
            return True
        leave, has_time = self._take_in_patiently(raw, uid, size if is_too_large else 0, run)
        if leave:
            mailbox.leave(uid)
        else:
            mailbox.done(uid, delete=self.after_fetch == "delete")
        return has_time

    def _largest_mail(self):
        """Return how large a mail may be to be fetched whole, in bytes."""
        return LIMITS.size

    def _take_in_patiently(self, raw, uid, large, run):
        """Take a mail in and commit; once more where it met another transaction.

        :param int large: the size of a mail that is too large, of which this is only the head
        :return: whether it stays untouched on the server, and whether there is time for more
        :raise MailConnectionError: not even a failure could be kept
        """
        for attempt in range(_ATTEMPTS):
            try:
                if large:
                    return self._commit_mail(self._keep_head(raw, uid, large, run), run)
                return self._commit_mail(self._take_in(raw, uid, run), run)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                problem = error
                self.env.cr.rollback()
                time.sleep(random.uniform(0, 0.05 * 2**attempt))
            except Exception as error:  # noqa: BLE001 - it is kept below
                problem = error
                self.env.cr.rollback()
                break
        try:
            words = self.env._("It could not be processed: %(error)s", error=str(problem))
            return self._commit_mail(self._keep_failed(raw, uid, words, run), run)
        except Exception as error:
            self.env.cr.rollback()
            _logger.warning("A mail of server %d cannot even be kept", self.id, exc_info=True)
            raise MailConnectionError("not_kept", str(error)) from None

    def _take_in(self, raw, uid, run):
        """Let a mail become a case or a message of one.

        :return: the line of the log
        """
        return self.env["customer.service.mail.intake"]._take_in(
            raw,
            model=self.object_id.model or CASE,
            server=self,
            run=run,
            uid=self._mail_key(uid),
            save_original=self.original,
            strip_attachments=not self.attach,
        )

    def _keep_head(self, head, uid, size, run):
        """Keep the head of a mail that is too large to be fetched, and say so.

        :param int size: the size of the whole mail in bytes
        :return: the line of the log
        """
        words = self.env._(
            "This mail is too large (%(size)s MB). Only its head is kept here; the mail itself "
            "stays in its mailbox.",
            size=round(size / 1_000_000),
        )
        return self._keep_failed(head, uid, words, run, is_complete=False)

    def _keep_failed(self, raw, uid, words, run, is_complete=True):
        """Keep a mail that could not be processed.

        :param str words: why
        :return: the line of the log
        """
        failure = self.env["customer.service.mail.failure"]._keep(
            raw,
            words,
            server=self,
            team=self.customer_service_team_id,
            is_complete=is_complete,
        )
        return self.env["customer.service.mail.log"].create(
            {
                "server_id": self.id,
                "run_id": run.id,
                "uid": self._mail_key(uid),
                "sender": failure.sender,
                "subject": failure.subject,
                "outcome": "failed",
                "failure_id": failure.id,
                "team_id": failure.team_id.id,
                "company_id": failure.company_id.id,
            }
        )

    def _commit_mail(self, log, run):
        """Count a mail and commit what became of it.

        :param customer.service.mail.log log: its line
        :return: whether it stays untouched on the server, and whether there is time for more
        """
        leave = log.reason == "unmatched" or (
            log.outcome == "failed" and not log.failure_id.is_complete
        )
        is_pop = self._get_connection_type() == "pop"
        if leave or (is_pop and self.after_fetch == "keep"):
            log.is_left = True
        run._count(log.outcome)
        return leave, bool(self.env["ir.cron"]._commit_progress(1))

    def _mail_key(self, uid):
        """Return the number of a mail as the log has it."""
        return f"{self._account_key()}:{uid}"

    # ------------------------------------------------------------------------------------------
    # Run sync now
    # ------------------------------------------------------------------------------------------

    def action_sync_now(self):
        """Fetch these mailboxes now, for a while, and show what came of it."""
        self.check_access("write")
        # sudo: fetchmail.server - mail is processed as the gateway does it, whoever asks
        return self.sudo()._sync_now()

    def _sync_now(self):
        """Fetch for a while, leave the rest to the background.

        :return: the action that shows the outcome
        :raise UserError: the connection to the server was never tested
        """
        ready = self.filtered_domain(MAIL_SERVER_DOMAIN).filtered("serves_cases")
        if not ready:
            raise UserError(
                self.env._("There is no mail server to fetch from yet: test and confirm it first.")
            )
        fetched = ready._fetch_mailboxes(_SYNC_MAILS, time.monotonic() + _SYNC_SECONDS)
        if fetched.waiting:
            # sudo: ir.cron - the host's own background job goes on
            self.env.ref("mail.ir_cron_mail_gateway_action").sudo()._trigger()
        if not fetched.run_ids:
            return self._sync_notification(fetched)
        return self.env["customer.service.mail.run"].browse(fetched.run_ids)._open_outcome()

    def _sync_notification(self, fetched):
        """Return a notification for a sync that brought nothing.

        :param Fetched fetched: what came of it
        """
        if fetched.busy:
            message = self.env._("This mailbox is being fetched at this moment. Look again soon.")
        else:
            message = self.env._("There is no new mail.")
        kind = "info" if fetched.busy else "success"
        return notification(message, then=reload_view(), kind=kind)


def _is_over(deadline):
    """Tell whether a deadline on the clock of ``time.monotonic`` is over."""
    return deadline is not None and time.monotonic() >= deadline

import hashlib

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ..tools.client_action import notification, reload_view
from ..tools.mail_reader import peek

#: How much of the source is shown in the preview, in bytes.
_PREVIEW_BYTES = 20_000

#: How often the administrators are told of failed mail at most, in hours.
_NOTICE_HOURS = 1


class CustomerServiceMailFailure(models.Model):
    """A mail that could not be processed, whole, until a person retries or discards it."""

    _name = "customer.service.mail.failure"
    _description = "Failed Mail"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "subject"

    date = fields.Datetime("Came", required=True, readonly=True, default=fields.Datetime.now)
    sender = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    server_id = fields.Many2one(
        "fetchmail.server", readonly=True, index="btree_not_null", ondelete="set null"
    )
    team_id = fields.Many2one(
        "customer.service.team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    error = fields.Text("Why", readonly=True, help="What went wrong, in words.")
    traceback = fields.Text("Technical Details", readonly=True, groups="base.group_system")
    state = fields.Selection(
        [("waiting", "Waiting"), ("retried", "Processed"), ("discarded", "Discarded")],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    attempt_count = fields.Integer("Attempts", readonly=True, default=1)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Whole Mail", readonly=True, ondelete="restrict", copy=False
    )
    is_complete = fields.Boolean(
        "Kept Whole",
        readonly=True,
        default=True,
        help="Of a mail that is too large only the head is kept here; the mail itself stays in "
        "its mailbox.",
    )
    digest = fields.Char(readonly=True, help="Tells the same bytes when they come again.")
    source_preview = fields.Text(compute="_compute_source_preview")
    case_id = fields.Many2one(
        "customer.service.case", string="Became", readonly=True, index="btree_not_null"
    )
    is_announced = fields.Boolean(readonly=True, help="The administrators were told.")

    _waiting_idx = models.Index("(date DESC, id DESC) WHERE state = 'waiting'")
    _waiting_team_idx = models.Index("(team_id) WHERE state = 'waiting'")
    _waiting_digest_uniq = models.UniqueIndex("(digest) WHERE state = 'waiting'")

    @api.depends("attachment_id")
    def _compute_source_preview(self):
        for failure in self:
            raw = failure._raw_bytes()
            text = (
                raw[:_PREVIEW_BYTES]
                .decode("utf-8", "replace")
                .replace("\0", "\N{REPLACEMENT CHARACTER}")
            )
            failure.source_preview = text + ("\n…" if len(raw) > _PREVIEW_BYTES else "")

    def _raw_bytes(self):
        """Return the bytes of the mail, as they came."""
        self.ensure_one()
        # sudo: ir.attachment - whoever may read the failure may read what failed
        attachment = self.sudo().attachment_id.with_context(bin_size=False)  # else it says how many
        return attachment.raw or b""

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        if self.filtered(lambda failure: failure.state == "waiting"):
            raise UserError(self.env._("Retry or discard a failed mail before you delete it."))

    def unlink(self):
        # sudo: ir.attachment - the mail goes with its entry
        attachments = self.sudo().attachment_id
        result = super().unlink()
        attachments.unlink()
        return result

    @api.model
    def get_empty_list_help(self, help_message):
        # Whoever finds nothing here wants to know whether mail is fetched at all.
        help_message = super().get_empty_list_help(help_message)
        if not self.has_access("read"):
            return help_message
        # sudo: fetchmail.server - when mail was fetched, not from where
        server = (
            self.env["fetchmail.server"]
            .sudo()
            .search(
                [("customer_service_team_id", "!=", False)], order="date desc nulls last", limit=1
            )
        )
        if not server.date:
            return help_message
        when = format_datetime(self.env, server.date)
        fetched = self.env._("Mail was last fetched on %(when)s.", when=when)
        return Markup("%s<p>%s</p>") % (Markup(help_message or ""), fetched)

    # ------------------------------------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------------------------------------

    @api.model
    def _keep(self, raw, error, *, server=None, team=None, traceback=False, is_complete=True):
        """Keep a mail that could not be processed; the same bytes that wait already once.

        :param bytes raw: the whole mail, or its head where it is too large to be fetched
        :param str error: why, in words
        :param fetchmail.server server: where it came from
        :param customer.service.team team: whose mail it is
        :param str traceback: for whoever mends the program
        :param bool is_complete: the bytes are the whole mail
        :return: one failure, the new or the known one
        """
        head = peek(raw)
        digest = hashlib.sha256(raw).hexdigest()
        known = self.search([("digest", "=", digest), ("state", "=", "waiting")], limit=1)
        if known:
            known.write({"error": error, "traceback": traceback})
            return known
        row = {
            "digest": digest,
            "state": "waiting",
            "date": fields.Datetime.now(),
            "sender": head.sender or None,
            "subject": head.subject or None,
            "server_id": server.id if server else None,
            "team_id": team.id if team else None,
            "company_id": (team.company_id if team else self.env.company).id,
            "is_complete": is_complete,
            "attempt_count": 1,
            "create_date": self.env.cr.now(),
            "write_date": self.env.cr.now(),
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
        }
        # Two workers with the same bytes: the second one conflicts, and is tried anew by whoever
        # called it, in a transaction that sees the first.
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_service_mail_failure (%s) VALUES %s "
                "ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, row)),
                tuple(row.values()),
            ),
            log_exceptions=False,
        )
        failure = self.browse(self.env.cr.fetchone()[0])
        attachment = self.env["ir.attachment"].create(
            {
                "name": "mail.eml",
                "raw": raw,
                "mimetype": "application/octet-stream",
                "res_model": self._name,
                "res_id": failure.id,
            }
        )
        failure.write(
            {"attachment_id": attachment.id, "error": error, "traceback": traceback or False}
        )
        self._schedule_notice()
        return failure

    # ------------------------------------------------------------------------------------------
    # What a person does with it
    # ------------------------------------------------------------------------------------------

    def action_retry(self):
        """Process these mails once more. One that came in by another way is not doubled.

        :return: a notification that says how many became what
        :raise UserError: only the head of a mail is kept, so that it cannot be processed
        """
        self.check_access("read")
        waiting = self.filtered(lambda failure: failure.state != "retried")
        partial = waiting.filtered(lambda failure: not failure.is_complete)
        if partial and partial == self:
            raise UserError(
                self.env._(
                    "This mail is larger than the limit, and is still in its mailbox. Read it "
                    "there, or raise the limit and fetch again."
                )
            )
        # sudo: failure - a mail is processed as the gateway does it, whoever asks
        processed = (waiting - partial).sudo()._retry()
        return self._retry_notification(processed, waiting)

    def _retry(self):
        """Process these mails once more.

        :return: those that are done with
        """
        intake = self.env["customer.service.mail.intake"]
        done = self.browse()
        for failure in self.try_lock_for_update():
            log = intake._take_in(
                failure._raw_bytes(),
                model="customer.service.case",
                server=failure.server_id,
                failure=failure,
            )
            if log.outcome == "failed":
                continue
            failure.write({"state": "retried", "case_id": log.case_id.id})
            done |= failure
        return done

    def _failed_again(self, error, traceback):
        """Record that a retry did not help.

        :param str error: why, in words
        """
        self.ensure_one()
        self.write(
            {
                "error": error,
                "traceback": traceback,
                "state": "waiting",
                "attempt_count": self.attempt_count + 1,
            }
        )

    def _retry_notification(self, processed, tried):
        """Return the client action that says in words what a retry came to."""
        failed = len(tried) - len(processed)
        if not tried:
            message = self.env._("These mails were processed already.")
        elif not failed:
            message = self.env._("Processed: %(count)s. Nothing was doubled.", count=len(processed))
        else:
            message = self.env._(
                "Processed: %(processed)s. Failed again: %(failed)s.",
                processed=len(processed),
                failed=failed,
            )
        kind = "warning" if failed else "success"
        return notification(message, then=reload_view(), kind=kind)

    def action_retry_all(self):
        """Process all failed mails of my companies once more, whatever is selected."""
        return self.search([("state", "=", "waiting"), ("is_complete", "=", True)]).action_retry()

    def action_discard(self):
        """Take these mails off the list. They stay readable and can be put back."""
        self.check_access("read")
        waiting = self.filtered(lambda failure: failure.state == "waiting")
        # sudo: failure - its fields are written by what is done with it only
        waiting.sudo().state = "discarded"
        return True

    def action_restore(self):
        """Put discarded mails back onto the list."""
        self.check_access("read")
        discarded = self.filtered(lambda failure: failure.state == "discarded")
        # sudo: failure - its fields are written by what is done with it only
        discarded.sudo().state = "waiting"
        return True

    def action_download(self):
        """Download the whole mail as a file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "new",
        }

    # ------------------------------------------------------------------------------------------
    # Telling the administrators
    # ------------------------------------------------------------------------------------------

    @api.model
    def _schedule_notice(self):
        """Have the administrators told soon, an hour after the last time at the earliest."""
        # sudo: ir.cron - whoever works as the gateway
        cron = self.env.ref(
            "customer_service.ir_cron_mail_failure_notice", raise_if_not_found=False
        )
        if cron:
            cron = cron.sudo()
            now = fields.Datetime.now()
            earliest = fields.Datetime.add(cron.lastcall or now, hours=_NOTICE_HOURS)
            cron._trigger(max(now, earliest) if cron.lastcall else now)

    @api.model
    def _cron_notice(self):
        """Tell the administrators of each company how many mails failed since they were told."""
        failures = self.search([("state", "=", "waiting"), ("is_announced", "=", False)])
        for company, own in failures.grouped("company_id").items():
            people = self._people_to_tell(company)
            if people:
                own[0].message_notify(
                    partner_ids=people.partner_id.ids,
                    subject=self.env._("Failed mail: %(count)s", count=len(own)),
                    body=self.env._(
                        "%(count)s mails of customers could not be processed. They are kept whole "
                        "under Failed Mail. The latest one is from %(sender)s: %(subject)s",
                        count=len(own),
                        sender=own[0].sender or self.env._("an unknown sender"),
                        subject=own[0].subject or self.env._("(no subject)"),
                    ),
                )
        failures.is_announced = True

    @api.model
    def _people_to_tell(self, company):
        """Return the administrators of customer service in a company."""
        users = self.env["res.users"]
        return users.search(
            [*users._domain_with_role("group_administrator"), ("company_ids", "in", company.id)]
        )

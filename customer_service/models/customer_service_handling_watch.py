import logging

from markupsafe import Markup

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class CustomerServiceHandlingWatch(models.AbstractModel):
    """What happens when a clock runs for long: the team is told once, the agent is reminded.

    A job looks every minute, so that it happens with the browser closed; an open browser asks at
    the very second.
    """

    _name = "customer.service.handling.watch"
    _description = "Watch over Handlings"

    alert_date = fields.Datetime("Team Told On", readonly=True)
    alert_message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")
    remind_date = fields.Datetime("Reminded On", readonly=True)
    keep_date = fields.Datetime(
        readonly=True, help="When the agent last said that the clock runs on purpose."
    )

    _alert_message_idx = models.Index("(alert_message_id) WHERE alert_message_id IS NOT NULL")

    def handling_keep(self):
        """Say that this clock of mine runs on purpose: the reminder begins to count anew.

        :return: my clock
        """
        self._own(only_mine=True).write({"keep_date": fields.Datetime.now(), "remind_date": False})
        return self._tell()

    def handling_alert(self):
        """Tell the team at once where this runs for longer than it should.

        An open browser asks; nothing happens where the time is not over, or they were told.

        :return: my clock
        """
        self._own()._alert()
        return self._tell()

    @api.model
    def _watch_values(self):
        """Return the values of a clock that was just started."""
        return {"keep_date": False, "remind_date": False}

    def _watch_data(self, now):
        """Return what the browser needs to know to ask at the right second."""
        self.ensure_one()
        return {
            "stretch": self._stretch(now),
            "alert_after": 0 if self.alert_date else self._alert_seconds(),
            "remind_after": self._remind_seconds(),
            "is_told": bool(self.alert_date),
        }

    def _stretch(self, now):
        """Return for how many seconds this clock runs unattended."""
        since = self.keep_date or self.running_since
        return max(0, int((now - since).total_seconds())) if since and self.running_since else 0

    # ------------------------------------------------------------------------------------------
    # Longer than the team wants it
    # ------------------------------------------------------------------------------------------

    def _alert_seconds(self):
        """Return after how many seconds the team is told, 0 for never."""
        team = self.team_id
        return max(0, team.long_handling_minutes) * 60 if team.alert_channel_id else 0

    def _alert(self):
        """Post in the team's channel about those of these that run too long, once for each."""
        now = fields.Datetime.now()
        for handling in self:
            limit = handling._alert_seconds()
            if (
                handling.state == "running"
                and not handling.alert_date
                and limit
                and handling._seconds(now) >= limit
            ):
                handling.alert_date = now
                handling.alert_message_id = handling._alert_channel().message_post(
                    author_id=self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root"),
                    body=handling._alert_body(),
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )

    def _end_alert(self):
        """Mark what was posted about these as done."""
        for handling in self.filtered("alert_message_id"):
            message = handling.alert_message_id
            handling._alert_channel(message.res_id)._message_update_content(
                message, body=handling._alert_done_body(), strict=False
            )

    def _alert_channel(self, channel_id=None):
        """Return the channel, in the language of those who read it.

        :param int channel_id: where the message was posted, else the team's channel
        """
        channel = self.team_id.alert_channel_id
        if channel_id:
            channel = channel.browse(channel_id)
        return channel.with_context(lang=self._alert_lang())

    def _alert_lang(self):
        return self.company_id.partner_id.lang or self.env.lang

    def _alert_link(self):
        """Return the link to the case, as HTML; number and subject only."""
        return self.case_id._get_html_link() if self.case_id else ""

    def _alert_body(self):
        """Return what the channel is told. No facts of the customer: anybody may be in it."""
        self.ensure_one()
        self = self.with_context(lang=self._alert_lang())
        words = {"agent": self.user_id.name, "minutes": self._seconds() // 60}
        if self.case_id:
            return self.env._(
                "%(agent)s has been handling %(case)s for %(minutes)s minutes.",
                case=self._alert_link(),
                **words,
            )
        return self.env._(
            "%(agent)s has been on a contact without a case for %(minutes)s minutes.", **words
        )

    def _alert_done_body(self):
        """Return what stands in the channel when the handling has ended."""
        self.ensure_one()
        self = self.with_context(lang=self._alert_lang())
        words = {
            "done": Markup("<b>%s</b>") % self.env._("✔ Done"),
            "agent": self.user_id.name,
            "minutes": self._seconds() // 60,
        }
        if self.case_id:
            return self.env._(
                "%(done)s: %(agent)s handled %(case)s for %(minutes)s minutes.",
                case=self._alert_link(),
                **words,
            )
        return self.env._(
            "%(done)s: %(agent)s was on a contact without a case for %(minutes)s minutes.",
            **words,
        )

    # ------------------------------------------------------------------------------------------
    # Forgotten
    # ------------------------------------------------------------------------------------------

    def _remind_seconds(self):
        """Return after how many seconds the agent is asked whether this runs on purpose."""
        return round(max(0, self.company_id.customer_service_clock_reminder_hours) * 3600)

    def _remind(self):
        """Remind the agents of those of these that seem to be forgotten, once for each start."""
        now = fields.Datetime.now()
        for handling in self:
            limit = handling._remind_seconds()
            user = handling.user_id
            if handling.remind_date or not limit or handling._stretch(now) < limit:
                continue
            handling.remind_date = now
            if not user.active:
                continue
            env = handling.with_context(lang=user.lang).env
            self.env["mail.thread"].message_notify(
                author_id=self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root"),
                partner_ids=user.partner_id.ids,
                subject=env._("Your clock is still running"),
                body=env._(
                    "Your clock has been running for %(hours)s hours: %(case)s. If you forgot it, "
                    "stop it and correct the time.",
                    hours=handling._stretch(now) // 3600,
                    case=handling._alert_link() or env._("without a case"),
                ),
            )

    @api.model
    def _cron_watch(self):
        """Look after every clock that runs."""
        running = self.search([("state", "=", "running")])
        self.env["ir.cron"]._commit_progress(remaining=len(running))
        for handling in running:
            # Whoever stops it at this very moment, or is telling the team: there is nothing to do.
            if handling.try_lock_for_update(allow_referencing=True):
                self.env.invalidate_all()  # it may have been stopped since it was looked for
                try:
                    with self.env.cr.savepoint():
                        handling._alert()
                        handling._remind()
                except Exception:  # one clock must not keep the others from being watched
                    _logger.exception("Clock %s could not be watched", handling.id)
            if not self.env["ir.cron"]._commit_progress(1):
                break

from datetime import timedelta

from odoo import api, fields, models

#: How long runs are kept, in days.
_KEPT_DAYS = 30

#: What becomes of a mail, as ``outcome`` in the log; each is counted by a field of this name.
_OUTCOMES = ("new", "continued", "note", "automatic", "forwarded", "ignored", "failed")


class CustomerServiceMailRun(models.Model):
    """One visit to one mailbox that brought mail or failed, with what became of each mail."""

    _name = "customer.service.mail.run"
    _description = "Fetch of a Mailbox"
    _order = "id desc"

    server_id = fields.Many2one(
        "fetchmail.server", required=True, readonly=True, index=True, ondelete="cascade"
    )
    team_id = fields.Many2one("customer.service.team", readonly=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    start_date = fields.Datetime("Start", required=True, readonly=True, index=True)
    end_date = fields.Datetime("End", readonly=True)
    fetched_count = fields.Integer("Fetched", readonly=True)
    new_count = fields.Integer("New Cases", readonly=True)
    continued_count = fields.Integer("Added to Cases", readonly=True)
    note_count = fields.Integer("Notes", readonly=True, help="Mail of machines and colleagues.")
    automatic_count = fields.Integer("Automatic", readonly=True, help="Closed at once.")
    forwarded_count = fields.Integer("Forwarded", readonly=True)
    ignored_count = fields.Integer("Ignored", readonly=True)
    failed_count = fields.Integer("Failed", readonly=True)
    waiting_count = fields.Integer("Still Waiting", readonly=True)
    log_ids = fields.One2many("customer.service.mail.log", "run_id", string="Mail", readonly=True)
    error = fields.Text(readonly=True, help="What ended this run early, in words.")
    summary = fields.Char(compute="_compute_summary", string="Outcome")

    @api.depends("server_id", "start_date")
    def _compute_display_name(self):
        for run in self:
            start = fields.Datetime.context_timestamp(run, run.start_date or fields.Datetime.now())
            # sudo: fetchmail.server - its name, for those who may see its runs
            run.display_name = f"{run.sudo().server_id.name}, {start:%Y-%m-%d %H:%M}"

    @api.depends(*(f"{outcome}_count" for outcome in _OUTCOMES), "fetched_count", "waiting_count")
    def _compute_summary(self):
        reasons = self._reasons()
        for run in self:
            run.summary = " ".join(run._sentences(reasons.get(run._origin.id, "")))

    def _sentences(self, reasons):
        """Return what this run came to, in words.

        :param str reasons: why mail was ignored
        """
        self.ensure_one()
        if not self.fetched_count:
            return [self.env._("Nothing was fetched.")]
        parts = [
            self.env._("%(count)s new", count=self.new_count),
            self.env._("%(count)s continued", count=self.continued_count),
        ]
        if self.note_count:
            parts.append(self.env._("%(count)s kept as notes", count=self.note_count))
        if self.automatic_count:
            parts.append(self.env._("%(count)s automatic", count=self.automatic_count))
        if self.forwarded_count:
            parts.append(self.env._("%(count)s forwarded", count=self.forwarded_count))
        ignored = self.env._("%(count)s ignored", count=self.ignored_count)
        parts.append(f"{ignored} ({reasons})" if reasons else ignored)
        parts.append(self.env._("%(count)s failed", count=self.failed_count))
        sentences = [
            self.env._(
                "Fetched %(count)s: %(parts)s.", count=self.fetched_count, parts=", ".join(parts)
            )
        ]
        if self.waiting_count:
            sentences.append(
                self.env._(
                    "%(count)s still wait, they follow in the background.",
                    count=self.waiting_count,
                )
            )
        return sentences

    def _reasons(self):
        """Return why mail of these runs was ignored, in words by the runs' ids; one query."""
        log = self.env["customer.service.mail.log"]
        words = dict(log._fields["reason"]._description_selection(self.env))
        reasons = {}
        for run, reason, count in log._read_group(
            [("run_id", "in", self.ids), ("reason", "!=", False)],
            ["run_id", "reason"],
            ["__count"],
        ):
            reasons.setdefault(run.id, []).append(f"{words[reason]}: {count}")
        return {run_id: ", ".join(parts) for run_id, parts in reasons.items()}

    @api.model
    def _begin(self, server):
        """Return a new run of a server."""
        team = server.customer_service_team_id
        return self.create(
            {
                "server_id": server.id,
                "team_id": team.id,
                "company_id": (team.company_id or self.env.company).id,
                "start_date": fields.Datetime.now(),
            }
        )

    def _count(self, outcome):
        """Count one more mail.

        :param str outcome: what became of it
        """
        self.ensure_one()
        name = f"{outcome}_count"
        self.write({"fetched_count": self.fetched_count + 1, name: self[name] + 1})

    def _open_outcome(self):
        """Return the action that shows what these runs came to."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("What was fetched"),
            "res_model": self._name,
            "domain": [("id", "in", self.ids)],
            "views": [(False, "list"), (False, "form")],
            "target": "new" if len(self) == 1 else "current",
        }
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")])
        return action

    @api.autovacuum
    def _gc_runs(self):
        outdated = fields.Datetime.now() - timedelta(days=_KEPT_DAYS)
        self.search([("start_date", "<", outdated)], limit=10_000).unlink()

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import DONE, STATUSES, UNRESOLVED
from ..tools.client_action import notification, reload_view


class CustomerServiceCaseStatus(models.AbstractModel):
    """Where a case stands, who may move it on, and when it moved."""

    _name = "customer.service.case.status"
    _description = "Status of a Case"

    stage_id = fields.Many2one(
        "customer.service.stage",
        required=True,
        index=True,
        tracking=True,
        copy=False,
        ondelete="restrict",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        group_expand="_read_group_stage_id",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )
    status = fields.Selection(
        related="stage_id.status", store=True, index=True, precompute=True, string="Status"
    )
    stage_color = fields.Integer(related="stage_id.color", string="Status Color")
    resolve_date = fields.Datetime("Resolved On", readonly=True, copy=False)
    close_date = fields.Datetime("Closed On", readonly=True, copy=False)
    reopen_count = fields.Integer("Reopened", readonly=True, copy=False)

    @api.depends("team_id")
    def _compute_stage_id(self):
        stage = self.env["customer.service.stage"].sudo()  # sudo: stage - names of statuses
        for team, cases in self.grouped("team_id").items():
            first = stage._first_by_status(team)
            for case in cases:
                fits = not case.stage_id.team_ids or team._origin in case.stage_id.team_ids
                if not case.stage_id or not fits:
                    case.stage_id = first.get(case.stage_id.status or "open")

    @api.model
    def _read_group_stage_id(self, stages, domain):
        """Show every stage as a column, the empty ones too."""
        team = self.env["customer.service.team"].browse(self.env.context.get("default_team_id"))
        return stages | stages.search(stages._domain_for_team(team) if team else [])

    @api.model
    def _complete_status_values(self, vals_list):
        """Put cases that are made with a ``status`` into the first stage that means it.

        :param list vals_list: values of new cases, completed with their team; changed in place:
            ``stage_id`` in place of ``status``, and the dates that follow
        """
        stages = {}
        for vals in vals_list:
            status = vals.pop("status", None)
            if status and not vals.get("stage_id"):
                key = status, vals.get("team_id")
                if key not in stages:
                    team = self.env["customer.service.team"].browse(key[1])
                    stages[key] = self._stage_of_status(status, team).id
                vals["stage_id"] = stages[key]
            if vals.get("stage_id"):
                stage = self.env["customer.service.stage"].browse(vals["stage_id"])
                for name, value in self._status_dates(stage.status).items():
                    vals.setdefault(name, value)

    @api.model
    def _stage_of_status(self, status, team):
        """Return the first stage of a status for a team.

        :param str status: one of ``const.STATUSES``
        :param customer.service.team team: one team, or none
        :raise ValidationError: the shop has no stage of this status for this team
        """
        # sudo: stage - names of statuses
        stage = self.env["customer.service.stage"].sudo()._first_by_status(team).get(status)
        if not stage:
            label = dict(self._fields["status"]._description_selection(self.env)).get(status)
            raise ValidationError(
                self.env._(
                    "There is no stage “%(status)s” for team %(team)s. Add one under "
                    "Configuration, Stages.",
                    status=label or status,
                    team=team.display_name or "-",
                )
            )
        return stage.sudo(False)

    @api.model
    def _status_dates(self, status):
        """Return the dates that a case gets when it comes into a status.

        Nobody waits for an answer in a matter that is done.
        """
        now = fields.Datetime.now()
        answered = {"awaiting_reply": False, "waiting_since": False}
        if status == "resolved":
            return {"resolve_date": now, "close_date": False, **answered}
        if status == "closed":
            return {"close_date": now, **answered}
        return {"resolve_date": False, "close_date": False}

    def write(self, vals):
        if "status" in vals:
            return self._write_status(dict(vals))
        if "stage_id" not in vals:
            return super().write(vals)
        stage = self.env["customer.service.stage"].browse(vals["stage_id"])
        reopened = self.filtered(lambda case: case.status in DONE and stage.status in UNRESOLVED)
        moved = self.filtered(lambda case: case.status != stage.status)
        result = super(CustomerServiceCaseStatus, self - moved).write(vals)
        if moved:
            dated = {**self._status_dates(stage.status), **vals}
            result = super(CustomerServiceCaseStatus, moved).write(dated)
        for count, cases in reopened.grouped("reopen_count").items():
            super(CustomerServiceCaseStatus, cases).write({"reopen_count": count + 1})
        return result

    def _write_status(self, vals):
        """Write a status as the first stage that means it, for each team its own."""
        status = vals.pop("status")
        for cases in self._batches_by_team():
            cases.write({**vals, "stage_id": self._stage_of_status(status, cases.team_id).id})
        return True

    def _batches_by_team(self):
        """Return these cases in the batches that can be moved at once: children come first."""
        batches = self.grouped(lambda case: (not case.parent_id, case.team_id))
        return [batches[key] for key in sorted(batches, key=lambda key: key[0])]

    # ------------------------------------------------------------------------------------------
    # What an agent does with it
    # ------------------------------------------------------------------------------------------

    def action_take(self):
        """Make me responsible for these cases, of which nobody may have one yet.

        :raise UserError: somebody has one of them, or takes one at this very moment
        """
        self.check_access("write")
        free = self.try_lock_for_update(allow_referencing=True)
        busy = self - free
        if busy:
            raise UserError(
                self.env._(
                    "A colleague is working on %(cases)s at this moment. Look again.",
                    cases=", ".join(busy.mapped("number")),
                )
            )
        self.invalidate_recordset(["user_id"])
        taken = self.filtered("user_id")
        if taken:
            raise UserError(
                self.env._(
                    "Somebody is responsible already: %(cases)s.",
                    cases=", ".join(f"{case.number} ({case.user_id.name})" for case in taken),
                )
            )
        return self.write({"user_id": self.env.uid})

    def action_resolve(self):
        """Resolve those of these cases that are open or pending."""
        return self._move_to("resolved", UNRESOLVED)

    def action_close(self):
        """Close those of these cases that are not closed."""
        return self._move_to("closed", (*UNRESOLVED, "resolved"))

    def action_reopen(self):
        """Open those of these cases that are pending, resolved or closed."""
        return self._move_to("open", ("pending", *DONE))

    def action_pending(self):
        """Make those of these cases pending that are open.

        The kind of pending is the stage named ``pending_stage_id`` in the context, else the
        first of the team; cases that are pending already change to another kind only by name.
        """
        stage = self.env["customer.service.stage"].browse(self.env.context.get("pending_stage_id"))
        return self._move_to("pending", UNRESOLVED if stage else ("open",), stage)

    def _move_to(self, status, allowed, stage=None):
        """Move those of these cases that may go there, and name those that may not.

        :param str status: where to
        :param tuple allowed: the statuses that may go there
        :param customer.service.stage stage: a certain stage, else the first of each team
        :return: True, or a notification that names the cases which were not touched
        :raise UserError: none of the cases may go there
        """
        self.check_access("write")
        movable = self.filtered(lambda case: case.status in allowed)
        untouched = self - movable
        if untouched and not movable:
            raise UserError(self._untouched_message(untouched, status))
        for cases in movable._batches_by_team():
            target = stage or self._stage_of_status(status, cases.team_id)
            cases.write({"stage_id": target.id})
        return self._untouched_notification(untouched, status) if untouched else True

    def _untouched_message(self, untouched, status):
        """Say in one sentence which cases were left alone and why."""
        labels = dict(self._fields["status"]._description_selection(self.env))
        return self.env._(
            "Not changed to “%(status)s”: %(cases)s.",
            status=labels.get(status, dict(STATUSES)[status]),
            cases=", ".join(f"{case.number} ({labels[case.status]})" for case in untouched),
        )

    def _untouched_notification(self, untouched, status):
        """Return the client action that shows :meth:`_untouched_message` and reloads the view."""
        message = self._untouched_message(untouched, status)
        return notification(message, then=reload_view(), sticky=True, kind="warning")

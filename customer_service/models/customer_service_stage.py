from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import STATUSES


class CustomerServiceStage(models.Model):
    """A status with the shop's own name and colour.

    The four statuses are fixed because rules hang on them (what is unresolved, what reopens);
    a shop makes as many stages of each as it wants, for example several kinds of pending.
    """

    _name = "customer.service.stage"
    _description = "Case Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    status = fields.Selection(
        STATUSES,
        required=True,
        default="open",
        help="What this stage means to the system: cases that are open or pending are "
        "unresolved, a resolved or closed case comes back when the customer writes.",
    )
    awaits_customer = fields.Boolean(
        "Waiting for the Customer",
        default=True,
        help="Customers see cases in a pending stage as “Waiting for you”. Switch it off where "
        "you wait for somebody else: they then see “We are on it”.",
    )
    color = fields.Integer()
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded in Kanban")
    active = fields.Boolean(default=True)
    team_ids = fields.Many2many(
        "customer.service.team",
        string="Teams",
        help="Leave empty to offer this stage to every team.",
    )

    def write(self, vals):
        if vals.get("status"):
            changed = self.filtered(lambda stage: stage.status != vals["status"])
            changed._check_meaning_is_free()
        return super().write(vals)

    def _check_meaning_is_free(self):
        """Let a stage with cases in it mean what it meant when they came into it.

        Else they would be resolved or open without anybody having done so: no date, no rule of
        parent and child, no word in their log.

        :raise UserError: there are cases in one of these stages
        """
        used = self._first_in_use()
        if used:
            raise UserError(
                self.env._(
                    "There are cases in stage “%(stage)s”, so what it means stays. Make a new "
                    "stage, and move them there.",
                    stage=used.display_name,
                )
            )

    def _first_in_use(self):
        """Return one of these stages in which there are cases, none where there is none."""
        # sudo: case - a stage is in use whoever may see the cases, archived ones too
        case = self.env["customer.service.case"].sudo().with_context(active_test=False)
        return case.search([("stage_id", "in", self.ids)], limit=1).stage_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        used = self._first_in_use()
        if used:
            raise UserError(
                self.env._(
                    "There are cases in stage “%(stage)s”. Move them, or archive the stage.",
                    stage=used.display_name,
                )
            )

    @api.model
    def _domain_for_team(self, team):
        """Return the domain of the stages that cases of a team can be in.

        :param customer.service.team team: one team, or none for the stages of every team
        """
        return Domain("team_ids", "=", False) | Domain("team_ids", "in", team.ids)

    @api.model
    def _first_by_status(self, team):
        """Return the first stage of each status for a team.

        :param customer.service.team team: one team, or none
        :return: ``{status: customer.service.stage}``; a status the shop does not use is missing
        """
        first = {}
        for stage in self.search_fetch(self._domain_for_team(team), ["status"]):
            first.setdefault(stage.status, stage)
        return first

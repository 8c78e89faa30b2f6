from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext

from ..const import PREVIEW_LENGTH, UNRESOLVED
from ..exceptions import PersonMismatch
from ..tools.own_context import moves_history
from ..tools.text import first_words


class CustomerServiceAction(models.Model):
    """What one interaction said or did about one case."""

    _name = "customer.service.action"
    _description = "Action about a Case"
    _inherit = ["customer.service.action.timeline", "customer.service.sight.mixin"]
    _order = "id desc"
    _rec_name = "case_id"

    interaction_id = fields.Many2one(
        "customer.service.interaction", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(
        "customer.service.case", required=True, index=True, ondelete="cascade"
    )
    description = fields.Text("What Was Said or Done")
    summary = fields.Char("In Short", compute="_compute_summary")
    resource_ids = fields.Many2many(
        "customer.service.resource",
        string="Resources Used",
        help="What was needed: the manual, the workshop, the accountant …",
    )
    resource_is_other = fields.Boolean(compute="_compute_resource_is_other")
    resource_other = fields.Char("Other Resource")
    follow_up = fields.Text(
        "Follow-Up", help="What is still to be done. Left empty, the case is resolved."
    )
    is_solved = fields.Boolean(
        "Solved",
        compute="_compute_is_solved",
        store=True,
        readonly=False,
        precompute=True,
        help="With this the matter is settled, and the case resolved.",
    )

    # of the interaction, for lists and rules
    date = fields.Datetime(related="interaction_id.date", store=True, precompute=True)
    user_id = fields.Many2one(
        related="interaction_id.user_id", store=True, precompute=True, index="btree_not_null"
    )
    originator = fields.Selection(related="interaction_id.originator")
    channel_id = fields.Many2one(related="interaction_id.channel_id")
    duration = fields.Float(related="interaction_id.duration", string="Duration of the Contact")
    is_remote = fields.Boolean(related="interaction_id.is_remote")
    company_id = fields.Many2one(
        related="interaction_id.company_id", store=True, precompute=True, index="btree_not_null"
    )

    _case_date_idx = models.Index("(case_id, date DESC, id DESC)")

    @api.depends("resource_ids.is_other")
    def _compute_resource_is_other(self):
        for action in self:
            action.resource_is_other = any(action.resource_ids.mapped("is_other"))

    @api.depends("follow_up")
    def _compute_is_solved(self):
        for action in self:
            # A message is part of a conversation that goes on; it says nothing of its end.
            action.is_solved = not action.follow_up and not action.interaction_id.message_id

    @api.depends("description", "interaction_id.message_id")
    def _compute_summary(self):
        for action in self:
            # As it is stored: what somebody types into a form names any contact.
            # sudo: mail.message - a public one, of a case that the agent sees
            message = action._origin.sudo().interaction_id.message_id
            body = action.description or html2plaintext(message.body or "")
            action.summary = first_words(body, PREVIEW_LENGTH)

    @api.constrains("case_id", "interaction_id")
    def _check_person(self):
        """Refuse an interaction with one person about the case of another.

        :raise PersonMismatch: whose is whose, in one sentence
        """
        moves = moves_history(self.env)
        for action in self:
            interaction = action.interaction_id
            if moves:
                continue  # cases of two customers were made one, knowingly
            if interaction.message_id:
                continue  # a message may be of anybody who takes part in its case
            spoken_with, owner = interaction._person(), action.case_id._person()
            if spoken_with and owner and spoken_with != owner:
                raise PersonMismatch(
                    self.env._(
                        "%(case)s belongs to %(owner)s, but this contact was with %(person)s. Say "
                        "first whose it is.",
                        case=action.case_id.number,
                        owner=owner.display_name,
                        person=spoken_with.display_name,
                    )
                )

    @api.constrains("case_id", "interaction_id")
    def _check_company_of_case(self):
        for action in self:
            # sudo: interaction - a message goes where its case goes
            contact = action.sudo().interaction_id
            if not contact.message_id and contact.company_id != action.case_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(case)s is of another company than this contact.",
                        case=action.case_id.number,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        default_id = self.env.context.get("default_case_id")
        case_ids = {vals.get("case_id", default_id) for vals in vals_list}
        self.env["customer.service.case"].browse(case_ids - {False, None}).check_access("write")
        actions = super().create(vals_list)
        actions.filtered(lambda action: not action.interaction_id.message_id)._apply()
        return actions

    def write(self, vals):
        if vals.get("case_id"):
            self.env["customer.service.case"].browse(vals["case_id"]).check_access("write")
        if vals.get("interaction_id"):
            contact = self.env["customer.service.interaction"].browse(vals["interaction_id"])
            contact.check_access("write")
        result = super().write(vals)
        if moves_history(self.env):
            return result  # what was recorded had its effect where it was
        if not vals.keys().isdisjoint({"follow_up", "is_solved", "case_id"}):
            self.filtered(lambda action: not action.interaction_id.message_id)._apply()
        return result

    def _apply(self):
        """Let the cases follow what was recorded: solved, or with something left to do."""
        for action in self:
            case = action.case_id
            if action.follow_up:
                case._note_follow_up(action)
            elif action.is_solved and case.status in UNRESOLVED:
                case._resolve_by(action)
            case._count_contact(action)

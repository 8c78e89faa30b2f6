from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: Nobody speaks for longer.
_MOST_HOURS = 24

#: Half a second: forms show no less.
_SAME_HOURS = 0.5 / 3600


class CustomerServiceInteractionHandling(models.AbstractModel):
    """How long a contact took: as the clock measured it, or as somebody typed it.

    Both stand in handlings, so that a contact, its agent's day and every report add up the same
    hours.
    """

    _name = "customer.service.interaction.handling"
    _description = "Time of an Interaction"

    handling_ids = fields.One2many(
        "customer.service.handling", "interaction_id", string="Time", groups="base.group_user"
    )
    # The default spares the messages, which are most contacts, a look at their handlings.
    duration = fields.Float(
        "Duration (hours)",
        compute="_compute_duration",
        store=True,
        readonly=False,
        default=0.0,
        help="How long it took, in hours.",
    )
    has_handling = fields.Boolean(compute="_compute_has_handling")

    @api.depends("handling_ids.duration")
    def _compute_duration(self):
        for interaction in self:
            if interaction.handling_ids:
                interaction.duration = sum(interaction.handling_ids.mapped("duration"))
            else:
                interaction.duration = interaction.duration or 0.0

    def _compute_has_handling(self):
        for interaction in self:
            # sudo: handling - whether there is one
            interaction.has_handling = bool(interaction.sudo().handling_ids)

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        for interaction in interactions.filtered("duration"):
            interaction._add_typed_handling()
        return interactions

    def write(self, vals):
        if "duration" not in vals:
            return super().write(vals)
        self._check_typed_duration(vals["duration"])
        result = super().write(vals)
        for interaction in self.filtered("duration"):
            # sudo: handling - whether there is one
            if not interaction.sudo().handling_ids:
                interaction._add_typed_handling()
        return result

    def _check_typed_duration(self, duration):
        """Refuse to type over what stands in handlings: that is corrected with a reason.

        :param float duration: hours
        """
        for interaction in self:
            # sudo: handling - whether there is one
            measured = interaction.sudo().handling_ids
            if measured and not abs(interaction.duration - (duration or 0)) < _SAME_HOURS:
                raise UserError(
                    self.env._("This time is in the log of the clock. Correct it there.")
                )

    def _add_typed_handling(self):
        """Put a time that somebody typed into a handling of whoever handled this contact."""
        self.ensure_one()
        if not 0 <= self.duration <= _MOST_HOURS:  # what is no number is not either
            raise ValidationError(self.env._("Enter a time between 0 minutes and 24 hours."))
        seconds = round(self.duration * 3600)
        # Typed at the end of a call, "now" is when it ended; nothing ends in the future.
        latest = fields.Datetime.now() - timedelta(seconds=seconds)
        # sudo: handling - what clocks measure is written by methods only
        handling = self.env["customer.service.handling"].sudo()
        user = self.user_id or self.env.user
        case = self.case_ids if len(self.case_ids) == 1 else self.case_ids.browse()
        handling._record_by_hand(
            min(self.date, latest), seconds, case, user_id=user.id, interaction_id=self.id
        )

    @api.model
    def _contact_values(self, values):
        contact = super()._contact_values(values)
        if values.get("handling_id"):  # what the clock measured counts, once
            contact.pop("duration", None)
        return contact

    def _after_recording(self, values):
        handling = self.env["customer.service.handling"].browse(values.get("handling_id"))
        if handling and handling.exists():
            handling._stop_for(self)
        elif self.duration:
            self._give_time_its_case()
        return super()._after_recording(values)

    def _give_time_its_case(self):
        """Say which case the time of this contact was for, where it was about one only."""
        self.ensure_one()
        # sudo: handling, action - the time of what I just recorded, whoever has the case now
        recorded = self.sudo()
        if len(recorded.case_ids) == 1:
            without = recorded.handling_ids.filtered(lambda handling: not handling.case_id)
            without.write({"case_id": recorded.case_ids.id})

    def action_correct_time(self):
        """Open the form that corrects how long this contact took."""
        self.ensure_one()
        handlings = self.handling_ids
        if len(handlings) == 1:
            return handlings.action_correct()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_handling_action"
        )
        return {**action, "domain": [("interaction_id", "=", self.id)], "context": {}}

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerServiceTeamHandling(models.AbstractModel):
    """How long handling a case may take, and who is told when it takes longer."""

    _name = "customer.service.team.handling"
    _description = "Long Handling of a Team"

    long_handling_minutes = fields.Integer(
        "Long Handling",
        default=20,
        help="Minutes. When an agent handles one matter for longer than this, the channel is told, "
        "once. 0 tells nobody.",
    )
    alert_channel_id = fields.Many2one(
        "discuss.channel",
        domain=[("channel_type", "=", "channel")],
        ondelete="set null",
        help="The Discuss channel that is told of long handling, with a link to the case. When "
        "the clock is stopped, the message is marked as done.",
    )

    _long_handling_not_negative = models.Constraint(
        "CHECK (long_handling_minutes >= 0)", "Enter a number of minutes, or 0 for no alert."
    )

    @api.constrains("alert_channel_id")
    def _check_alert_channel_id(self):
        for team in self:
            # sudo: discuss.channel - its kind only
            channel = team.alert_channel_id.sudo()
            if channel and channel.channel_type != "channel":
                raise ValidationError(
                    self.env._("Choose a channel of Discuss, not a private conversation.")
                )

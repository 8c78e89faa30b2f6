from odoo import api, fields, models
from odoo.tools import SQL

from ..const import ORIGINATORS


class CustomerServiceInteractionReport(models.Model):
    """Contacts by who began them, by agent, channel, resource, source: one row for each resource
    that was used for each matter of a contact.

    A contact counts once wherever it is counted, however many rows it has, and its time is shared
    among them, so that the sums are right whatever they are grouped by.
    """

    _name = "customer.service.interaction.report"
    _description = "Interactions Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "interaction_id"

    interaction_id = fields.Many2one("customer.service.interaction", readonly=True)
    interaction_count = fields.Integer("Interactions", readonly=True, aggregator="count_distinct")
    case_id = fields.Many2one("customer.service.case", readonly=True)
    case_count = fields.Integer("Cases", readonly=True, aggregator="count_distinct")
    action_count = fields.Integer("Matters", readonly=True, aggregator="count_distinct")
    duration = fields.Float("Time (hours)", readonly=True)
    date = fields.Datetime(readonly=True)
    originator = fields.Selection(ORIGINATORS, string="Begun By", readonly=True)
    channel_id = fields.Many2one("customer.service.channel", readonly=True)
    channel_other = fields.Char("Other Channel", readonly=True)
    user_id = fields.Many2one("res.users", "Agent", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    identity_id = fields.Many2one("customer.service.identity", "Unregistered Person", readonly=True)
    is_remote = fields.Boolean("Remote Support", readonly=True)
    is_message = fields.Boolean("By Message", readonly=True)
    resource_id = fields.Many2one("customer.service.resource", "Resource Used", readonly=True)
    resource_other = fields.Char("Other Resource", readonly=True)
    is_solved = fields.Boolean("Solved", readonly=True)
    has_follow_up = fields.Boolean("Follow-Up Needed", readonly=True)
    team_id = fields.Many2one("customer.service.team", readonly=True)
    type_id = fields.Many2one("customer.service.case.type", readonly=True)
    type_other = fields.Char(readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    source_other = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        return SQL("%s %s", self._select(), self._from())

    @api.model
    def _select(self):
        """Return what each row says.

        The time is divided in a subquery of the row and not over a window, so that a period
        narrows what is read. The number of a row holds that of the action and of the resource.
        """
        return SQL(
            """
            SELECT COALESCE(action.id::bigint * 10000 + COALESCE(used.resource_id %% 10000, 0),
                            - interaction.id) AS id,
                   interaction.id AS interaction_id,
                   interaction.id AS interaction_count,
                   action.case_id,
                   action.case_id AS case_count,
                   action.id AS action_count,
                   interaction.duration / GREATEST(1, (
                       SELECT COUNT(*)
                         FROM customer_service_action matter
                    LEFT JOIN customer_service_action_customer_service_resource_rel resource
                           ON resource.customer_service_action_id = matter.id
                        WHERE matter.interaction_id = interaction.id
                   )) AS duration,
                   interaction.date,
                   interaction.originator,
                   interaction.channel_id,
                   interaction.channel_other,
                   interaction.user_id,
                   interaction.partner_id,
                   interaction.identity_id,
                   interaction.is_remote,
                   interaction.message_id IS NOT NULL AS is_message,
                   used.resource_id,
                   action.resource_other,
                   action.is_solved,
                   COALESCE(action.follow_up, '') != '' AS has_follow_up,
                   cs_case.team_id,
                   cs_case.type_id,
                   cs_case.type_other,
                   interaction.campaign_id,
                   interaction.medium_id,
                   interaction.source_id,
                   interaction.source_other,
                   interaction.company_id
            """
        )

    @api.model
    def _from(self):
        """Return the contacts with their matters, and what was used for each."""
        return SQL(
            """
              FROM customer_service_interaction interaction
         LEFT JOIN customer_service_action action ON action.interaction_id = interaction.id
         LEFT JOIN customer_service_case cs_case ON cs_case.id = action.case_id
         LEFT JOIN (
                   SELECT customer_service_action_id AS action_id,
                          customer_service_resource_id AS resource_id
                     FROM customer_service_action_customer_service_resource_rel
                   ) used ON used.action_id = action.id
            """
        )

    def action_open_interaction(self):
        """Open the contact of this row."""
        self.ensure_one()
        return self.interaction_id.get_formview_action()

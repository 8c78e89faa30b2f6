from odoo import fields, models

from ..const import PRIORITIES


class CustomerServiceCaseType(models.Model):
    """The kind of matter: a complaint, a question about delivery, a return …"""

    _name = "customer.service.case.type"
    _description = "Case Type"
    _inherit = ["customer.service.picklist.mixin"]

    default_team_id = fields.Many2one(
        "customer.service.team",
        help="A new case of this type goes to this team unless another one is chosen.",
    )
    priority = fields.Selection(
        PRIORITIES,
        string="Default Priority",
        default="1",
        required=True,
        help="A new case of this type starts with this priority.",
    )
    require_verified_product = fields.Boolean(
        "Verify the Product First",
        help="The first answer to a case of this type is refused until somebody has made sure of "
        "the product.",
    )
    intake_fact_ids = fields.Many2many(
        "customer.service.intake.fact",
        "customer_service_case_type_fact_rel",
        "type_id",
        "fact_id",
        string="First to Ask For",
        help="What must be known of a case of this type. The case shows what is missing, and it "
        "is not escalated before it is there.",
    )
    escalation_route_id = fields.Many2one(
        "customer.service.escalation.route",
        string="Escalation",
        ondelete="set null",
        help="Proposed first when a case of this type is escalated.",
    )
    properties_definition = fields.PropertiesDefinition("Extra Fields")

    # The host edits a definition only through a record that has the fields. So that the form of
    # a type is the place to define them, a type has them too, and is its own definition.
    self_id = fields.Many2one(
        "customer.service.case.type", compute="_compute_self_id", search="_search_self_id"
    )
    sample_properties = fields.Properties(
        "Sample of the Extra Fields", definition="self_id.properties_definition", copy=False
    )

    def _compute_self_id(self):
        for case_type in self:
            case_type.self_id = case_type._origin

    def _search_self_id(self, operator, value):
        return [("id", operator, value)]

from odoo import fields, models

from odoo.addons.customer_service.const import PRIORITIES


class CustomerServiceCaseType(models.Model):
    """The kind of matter: a complaint, a question about delivery, a return …"""

    _name = "customer.service.case.type"
    _description = "Case Type"
    _inherit = ["customer.service.picklist.mixin"]

    default_team_id = fields.Many2one(
        "customer.service.team",
        string="Default Team",
        help="A new case of this type goes to this team unless another one is chosen.",
    )
    priority = fields.Selection(
        PRIORITIES,
        string="Default Priority",
        default="1",
        required=True,
        help="A new case of this type starts with this priority.",
    )
    properties_definition = fields.PropertiesDefinition("Extra Fields")

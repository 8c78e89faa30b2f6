from odoo import models


class CustomerServiceResource(models.Model):
    """What was needed to help a customer: the manual, the workshop, the accountant …"""

    _name = "customer.service.resource"
    _description = "Resource Used"
    _inherit = ["customer.service.picklist.mixin"]

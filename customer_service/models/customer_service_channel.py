from odoo import models


class CustomerServiceChannel(models.Model):
    """How a customer reached us: by mail, by phone, in the portal …"""

    _name = "customer.service.channel"
    _description = "Contact Channel"
    _inherit = ["customer.service.picklist.mixin"]

from odoo import models


class CustomerServiceTag(models.Model):
    """A word to find cases by."""

    _name = "customer.service.tag"
    _description = "Case Tag"
    _inherit = ["customer.service.picklist.mixin"]

    _name_uniq = models.Constraint("UNIQUE (name)", "A tag with this name exists already.")

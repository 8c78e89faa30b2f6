from odoo import fields, models


class CustomerServicePicklistMixin(models.AbstractModel):
    """A short list of words that agents choose from instead of typing.

    The order is the shop's own, and a word that is in use is archived, not deleted.
    """

    _name = "customer.service.picklist.mixin"
    _description = "Customer Service Picklist"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    is_other = fields.Boolean(
        "Asks for Words",
        help="Where nothing in the list fits: whoever chooses it says in a few words what it was. "
        "Reports count it as it is called.",
    )

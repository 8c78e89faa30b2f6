from odoo import fields, models


class CustomerServiceSourceMixin(models.AbstractModel):
    """What made a customer contact us: a newsletter, the catalogue, an advertisement.

    The host's own fields, without ``utm.mixin``: that one takes what the browser was last told
    by a link, and the browser is the agent's, not the customer's.
    """

    _name = "customer.service.source.mixin"
    _description = "Source of a Contact"

    campaign_id = fields.Many2one("utm.campaign", "Campaign", index="btree_not_null")
    medium_id = fields.Many2one("utm.medium", "Medium", index="btree_not_null")
    source_id = fields.Many2one("utm.source", "Source", index="btree_not_null")
    source_other = fields.Char(
        "Other Source", help="The source, where the list has no word for it."
    )

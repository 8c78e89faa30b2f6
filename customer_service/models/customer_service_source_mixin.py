from odoo import api, fields, models


class CustomerServiceSourceMixin(models.AbstractModel):
    """What made a customer contact us: a newsletter, the catalogue, an advertisement.

    The host's own fields, without ``utm.mixin``: that one takes what the browser was last told
    by a link, and the browser is the agent's, not the customer's.
    """

    _name = "customer.service.source.mixin"
    _description = "Source of a Contact"

    campaign_id = fields.Many2one("utm.campaign", index="btree_not_null")
    medium_id = fields.Many2one("utm.medium", index="btree_not_null")
    source_id = fields.Many2one("utm.source", index="btree_not_null")
    source_other = fields.Char(
        "Other Source", help="The source, where the list has no word for it."
    )
    source_is_other = fields.Boolean(compute="_compute_source_is_other")

    @api.depends("source_id")
    def _compute_source_is_other(self):
        # sudo: contact source - which of the host's sources ask for words
        contact_source = self.env["customer.service.contact.source"].sudo()
        asking = contact_source.browse()
        if self.source_id:
            domain = [("is_other", "=", True), ("source_id", "in", self.source_id.ids)]
            asking = contact_source.with_context(active_test=False).search(domain)
        for record in self:
            record.source_is_other = bool(record.source_id) and (
                record.source_id in asking.source_id
            )

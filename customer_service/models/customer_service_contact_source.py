from odoo import api, fields, models


class CustomerServiceContactSource(models.Model):
    """What made a customer contact us, as one click: the shop's usual campaigns and media.

    A word of this list stands for a combination of the host's campaign, medium and source, which
    is what cases, interactions and reports keep.
    """

    _name = "customer.service.contact.source"
    _description = "Source of Contacts"
    _inherit = ["customer.service.picklist.mixin"]

    campaign_id = fields.Many2one("utm.campaign", index="btree_not_null", ondelete="restrict")
    medium_id = fields.Many2one("utm.medium", index="btree_not_null", ondelete="restrict")
    source_id = fields.Many2one(
        "utm.source",
        index="btree_not_null",
        ondelete="restrict",
        help="Left empty together with campaign and medium, a source with this name is taken.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create(vals_list)
        sources._complete()
        return sources

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"campaign_id", "medium_id", "source_id", "is_other"}):
            self._complete()
        return result

    def _complete(self):
        """Give each word that stands for nothing yet, or asks for words, a source of its name."""
        for source in self:
            stands_for = source.source_id or source.campaign_id or source.medium_id
            if source.is_other and not source.source_id or not stands_for:
                source.source_id = source._find_or_create_source()

    def _find_or_create_source(self):
        """Return the host's source with the name of this word, made now where there is none."""
        # sudo: utm.source - one that colleagues may have made
        source = self.env["utm.source"].sudo()
        return source.search([("name", "=ilike", self.name)], limit=1) or source.create(
            {"name": self.name}
        )

    @api.model
    def buttons(self):
        """Return what the one-click buttons need, in the shop's order.

        :return: a list of ``id``, ``name``, ``color``, ``is_other``, and ``campaign_id``,
            ``medium_id``, ``source_id`` as id and name or False
        """
        names = ["name", "color", "is_other", "campaign_id", "medium_id", "source_id"]
        return self.search_read([("active", "=", True)], names)

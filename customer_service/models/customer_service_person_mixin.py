from odoo import fields, models


class CustomerServicePersonMixin(models.AbstractModel):
    """With whom something is: a customer of ours, or an unregistered person."""

    _name = "customer.service.person.mixin"
    _description = "Customer or Unregistered Person"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Entity",
        store=True,
        index="btree_not_null",
    )
    identity_id = fields.Many2one(
        "customer.service.identity",
        string="Unregistered Person",
        index="btree_not_null",
        ondelete="restrict",
    )

    def _person(self):
        """Return who it is: the commercial entity, else the unregistered person.

        Two records are of the same person when these are the same.
        """
        self.ensure_one()
        # sudo: res.partner, identity - compared, not shown
        known = self.sudo()
        return known.commercial_partner_id or known.identity_id._person()

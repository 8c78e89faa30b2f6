from odoo import api, fields, models
from odoo.tools import email_normalize, parse_contact_from_email


class CustomerServiceIdentity(models.Model):
    """What a person who is no contact of ours told about themself.

    A stranger who writes does not become a contact: the address book would fill with spam and
    typing errors. The stranger gets an identity, and becomes a contact when an agent says so.
    """

    _name = "customer.service.identity"
    _description = "Unregistered Person"
    _inherit = ["mail.thread.phone"]
    _order = "id desc"
    _rec_names_search = ["name", "email", "phone"]

    name = fields.Char(index="trigram")
    email = fields.Char()
    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    phone = fields.Char()
    phone_sanitized = fields.Char(index="btree_not_null")
    zip = fields.Char("Postcode")
    other = fields.Text("Other Information")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        help="The customer this person turned out to be.",
    )
    case_ids = fields.One2many("customer.service.case", "identity_id", string="Cases")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    @api.depends("email")
    def _compute_email_normalized(self):
        for identity in self:
            identity.email_normalized = email_normalize(identity.email) or False

    @api.depends("name", "email", "phone")
    def _compute_display_name(self):
        for identity in self:
            identity.display_name = (
                identity.name or identity.email or identity.phone or self.env._("Unknown person")
            )

    def _phone_get_number_fields(self):
        return ["phone"]

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    @api.model
    def _find_or_create_from_email(self, email_from, company, name=False):
        """Return the identity of an address within a company, made now if it is a new one.

        :param str email_from: address with or without a name, as in a mail's ``From``
        :param res.company company: the company that was written to
        :param str name: the person's name where the address does not say it
        :return: one identity, or none where the text holds no address
        """
        written_name, email = parse_contact_from_email(email_from or "")
        if not email:
            return self.browse()
        found = self.search(
            [("email_normalized", "=", email), ("company_id", "=", company.id)],
            order="id",
            limit=1,
        )
        if found:
            if not found.name and (written_name or name):
                found.name = written_name or name
            return found
        return self.create(
            {"name": written_name or name, "email": email, "company_id": company.id}
        )

    def _become(self, partner):
        """Record that these people are a customer, and move their cases over to the customer.

        :param res.partner partner: the customer
        """
        self.partner_id = partner
        self.case_ids.partner_id = partner

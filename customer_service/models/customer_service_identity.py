from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, parse_contact_from_email


class CustomerServiceIdentity(models.Model):
    """What a person who is no contact of ours told about themself.

    A stranger who writes does not become a contact: the address book would fill with spam and
    typing errors. The stranger gets an identity, and becomes a contact when an agent says so.
    """

    _name = "customer.service.identity"
    _description = "Unregistered Person"
    _inherit = [
        "customer.service.lookup",
        "customer.service.lookup.mixin",
        "mail.thread.phone",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "email", "phone"]
    _check_company_auto = True

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
        check_company=True,
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

    @api.model
    def _lookup_fields(self):
        return {**super()._lookup_fields(), "email": ["email"], "name": ["name"]}

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
        return self.create({"name": written_name or name, "email": email, "company_id": company.id})

    @api.model
    def _find_or_create_person(self, values, company):
        """Return the identity of whoever told this, made now where nothing says who it is.

        :param dict values: ``name``, ``email``, ``phone``, ``zip``, ``other``
        :param res.company company: the company that was called or written to
        """
        told = {
            name: values[name]
            for name in ("name", "email", "phone", "zip", "other")
            if values.get(name)
        }
        found = self._find_or_create_from_email(told.get("email"), company, name=told.get("name"))
        if not found:
            return self.create({**told, "company_id": company.id})
        found.write({name: value for name, value in told.items() if not found[name]})
        return found

    def action_match_customer(self):
        """Ask which customer this person is; the likeliest one is filled in."""
        self.ensure_one()
        partner, reason = self._likeliest_customer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("This Is a Customer of Ours"),
            "res_model": "customer.service.identity.match",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_identity_id": self.id,
                "default_partner_id": partner.id,
                "default_reason": reason,
            },
        }

    def action_become(self, partner_id):
        """Record for good that this person is a customer, who gets the cases.

        :param int partner_id: the customer
        :raise UserError: the person was found to be somebody else before
        """
        self.ensure_one()
        partner = self.env["res.partner"].browse(partner_id).exists()
        if self.partner_id and self.partner_id != partner:
            raise UserError(
                self.env._(
                    "%(person)s is known to be %(customer)s.",
                    person=self.display_name,
                    customer=self.partner_id.display_name,
                )
            )
        self._become(partner)
        return True

    def action_create_customer(self):
        """Make a contact of this person and open it; one with the same address is taken."""
        self.ensure_one()
        if not self.partner_id:
            partner, _reason = self._likeliest_customer(certain=True)
            self._become(partner or self._create_customer())
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def _create_customer(self):
        """Make a contact of what this person told.

        :raise UserError: neither a name nor an address is known
        """
        if not self.name and not self.email_normalized:
            raise UserError(self.env._("Enter a name or an email address first."))
        return self.env["res.partner"].create(
            {
                "name": self.name or self.email_normalized,
                "email": self.email_normalized or self.email,
                "phone": self.phone,
                "zip": self.zip,
            }
        )

    def _likeliest_customer(self, certain=False):
        """Look for the customer that this person may be.

        :param bool certain: by the mail address only
        :return: a contact and the words for what matches, or no contact and False
        """
        self.ensure_one()
        criteria = [("email_normalized", self.email_normalized, self.env._("the same email"))]
        if not certain:
            criteria += [
                ("phone_sanitized", self.phone_sanitized, self.env._("the same phone number")),
                ("name", self.name, self.env._("the same name")),
            ]
        for field_name, value, reason in criteria:
            found = value and self.env["res.partner"].search(
                [
                    (field_name, "=", value),
                    ("company_id", "in", [self.company_id.id, False]),
                ],
                limit=1,
            )
            if found:
                return found, reason
        return self.env["res.partner"], False

    def _become(self, partner):
        """Record that these people are a customer, and move their cases over to the customer.

        :param res.partner partner: the customer
        """
        self.partner_id = partner
        # sudo: customer.service.case - all the person's cases move, whoever answers them
        self.sudo().with_context(active_test=False).case_ids.partner_id = partner

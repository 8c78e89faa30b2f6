from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, parse_contact_from_email

from ..tools.email_address import email_key
from ..tools.person_name import name_words, whole_name_keys
from ..tools.text import postcode_key

#: What a person tells of themself.
_FACTS = ("name", "email", "phone", "zip", "other")

#: A number of a company or a family; more people than these are not compared by name.
_MOST_OF_ONE_NUMBER = 50


class CustomerServiceIdentity(models.Model):
    """What a person who is no contact of ours told about themself.

    A stranger who writes or calls does not become a contact: the address book would fill with
    spam and typing errors. The stranger gets an identity, and becomes a contact when an agent
    says so. Who it may be is found by ``customer.service.identity.candidates``, what happens when
    somebody says so by ``customer.service.identity.matching``.
    """

    _name = "customer.service.identity"
    _description = "Unregistered Person"
    _inherit = [
        "customer.service.identity.candidates",
        "customer.service.identity.matching",
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
    email_key = fields.Char(
        "Email, However It Is Written",
        compute="_compute_email_key",
        store=True,
        index="btree_not_null",
    )
    phone = fields.Char()
    phone_sanitized = fields.Char(index="btree_not_null")
    zip = fields.Char("Postcode")
    zip_key = fields.Char(
        "Postcode, However It Is Written",
        compute="_compute_zip_key",
        store=True,
        index="btree_not_null",
    )
    other = fields.Text("Other Information", index="trigram")
    active = fields.Boolean(default=True)
    case_ids = fields.One2many("customer.service.case", "identity_id", string="Cases")
    interaction_ids = fields.One2many(
        "customer.service.interaction", "identity_id", string="Interactions"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    @api.depends("email")
    def _compute_email_normalized(self):
        for identity in self:
            identity.email_normalized = email_normalize(identity.email) or False

    @api.depends("email")
    def _compute_email_key(self):
        for identity in self:
            identity.email_key = email_key(identity.email) or False

    @api.depends("zip")
    def _compute_zip_key(self):
        for identity in self:
            identity.zip_key = postcode_key(identity.zip) or False

    @api.depends("name", "email", "phone")
    def _compute_display_name(self):
        for identity in self:
            identity.display_name = (
                identity.name or identity.email or identity.phone or self.env._("Unknown person")
            )

    @api.model_create_multi
    def create(self, vals_list):
        identities = super().create(vals_list)
        identities._match_certain()
        return identities

    def write(self, vals):
        result = super().write(vals)
        if vals.get("email"):
            self._match_certain()
        if not vals.keys().isdisjoint(_FACTS):
            self._note_to_propose(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        for identity in self:
            # sudo: case, interaction, identity - what hangs on a person counts, whoever sees it
            known = identity.sudo().with_context(active_test=False)
            cases, contacts = len(known.case_ids), len(known.interaction_ids)
            if cases or contacts or known.same_ids:
                raise UserError(
                    self.env._(
                        "%(person)s cannot be deleted: there are cases (%(cases)s), interactions "
                        "(%(interactions)s) and other entries of the same person (%(entries)s). "
                        "Match the person with a customer instead, then all of it moves there.",
                        person=identity.display_name,
                        cases=cases,
                        interactions=contacts,
                        entries=len(known.same_ids),
                    )
                )

    def _case_values(self):
        """Return the values of a case of this person, of nobody where there is none."""
        return {
            "identity_id": self.id,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_id.name or self.name,
        }

    def _phone_get_number_fields(self):
        return ["phone"]

    @api.model
    def _lookup_fields(self):
        return {**super()._lookup_fields(), "email": ["email"], "name": ["name"]}

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    # ------------------------------------------------------------------------------------------
    # The same person is the same record, by whichever way they come
    # ------------------------------------------------------------------------------------------

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
        told = {"name": written_name or name, "email": email}
        # The host looked for a contact already, but with the address as it stands there only.
        identity = self.with_context(customer_service_unknown_address=True)
        return identity._find_or_create_person(told, company).with_env(self.env)

    @api.model
    def _find_or_create_person(self, values, company):
        """Return the identity of whoever told this, made now where nothing says who it is.

        The same address is the same person, else the same number together with the same name.
        What they tell for the first time is added. Where exactly one contact is registered with
        the address, the identity is that contact's from now on.

        :param dict values: ``name``, ``email``, ``phone``, ``zip``, ``other``; others are ignored
        :param res.company company: the company that was called or written to
        :return: one identity; its ``partner_id`` says whether the person is registered
        """
        told = {name: values[name] for name in _FACTS if values.get(name)}
        found = self._find_person(told, company)
        if found:
            found._add_facts(told)
            found._match_certain()  # they may have registered since
            return found
        claims = self._claims(told, company)
        self.env["customer.service.identity.claim"]._claim(company, claims)
        return self.create({**told, "company_id": company.id})

    @api.model
    def _find_person(self, told, company):
        """Return the identity that these facts are of, none where nothing says who it is."""
        known = self.with_context(active_test=False)
        key = email_key(told.get("email"))
        if key:
            domain = [("email_key", "=", key), ("company_id", "=", company.id)]
            return known.search(domain, order="id", limit=1)._final()
        number = self._number_of(told.get("phone"), company)
        names = _names_to_compare(told.get("name"))
        if not number or not names:
            return self.browse()
        domain = [("phone_sanitized", "=", number), ("company_id", "=", company.id)]
        same_number = known.search(domain, order="id", limit=_MOST_OF_ONE_NUMBER)
        same = (known for known in same_number if names & _names_to_compare(known.name))
        return next(same, self.browse())._final()

    @api.model
    def _claims(self, told, company):
        """Return what tells these people from others, as :meth:`_find_person` does."""
        key = email_key(told.get("email"))
        if key:
            return [key]
        number = self._number_of(told.get("phone"), company)
        return [f"{number} {name}" for name in _names_to_compare(told.get("name")) if number]

    @api.model
    def _number_of(self, phone, company):
        """Return a number as it is stored for comparison, False where it is none."""
        return phone and self._phone_format(
            number=phone, country=company.country_id, force_format="E164"
        )

    def _add_facts(self, told):
        """Keep what a person tells for the first time; what we know already stays."""
        new = {name: value for name, value in told.items() if not self[name]}
        if new:
            self.write(new)


def _names_to_compare(name):
    """Return a set that has something in common with that of the same name; one word is a name."""
    return set(whole_name_keys(name) or name_words(name))

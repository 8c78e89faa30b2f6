from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, email_split, parse_contact_from_email

from ..const import UNRESOLVED
from ..tools.email_address import email_key, email_spellings

#: So many others with an address are named.
_MOST_OTHERS = 5


class CustomerServiceCustomerContact(models.AbstractModel):
    """By which addresses and numbers a customer is known: the main ones and any further.

    Mail, look-up and calls find the customer by each of them. Where an address leads to several
    customers, an agent says who wrote, see ``customer.service.case.sender``.
    """

    _name = "customer.service.customer.contact"
    _description = "Addresses and Numbers of a Customer"

    same_address_ids = fields.Many2many(
        "res.partner",
        string="Other Customers with the Address",
        compute="_compute_same_address_ids",
        groups="customer_service.group_agent",
        help="Mail from this address is nobody's until somebody says who wrote.",
    )

    @api.depends("email", "company_id", "parent_id")
    def _compute_same_address_ids(self):
        for partner in self:
            partner.same_address_ids = partner._others_with_address()

    def write(self, vals):
        result = super().write(vals)
        if "email" in vals or "phone" in vals:
            self._drop_main_from_further()
        return result

    def _drop_main_from_further(self):
        """Remove from the further addresses and numbers what is the main one now."""
        # sudo: contact point - belongs to what is written of the contact
        points = self.sudo().contact_point_ids
        main = points.filtered(
            lambda point: point._is_main(point.partner_id, point.kind, point.value)
        )
        main.with_context(customer_service_is_told=True).unlink()

    def _note_further_addresses(self):
        """Have these contacts found by the addresses and numbers that they have now."""
        self.env["customer.service.lookup.key"]._note(self)
        self.env["customer.service.identity"]._note_to_propose(self)

    def _is_colleague(self):
        """Tell whether somebody logs in to the back office as this contact."""
        # sudo: res.users - whether one of us
        users = self.sudo().with_context(active_test=False).user_ids
        return any(not user.share for user in users)

    def _emails(self):
        """Return all addresses of this contact, the main one first."""
        return [
            *email_split(self.email or ""),
            *self._further_values("email"),
        ]

    def _phones(self):
        """Return all numbers of this contact, the main one first."""
        main = [self[name] for name in self._phone_get_number_fields()]
        return list(dict.fromkeys(filter(None, [*main, *self._further_values("phone")])))

    def _further_values(self, kind):
        # sudo: contact point - of a contact that the user may see
        points = self.sudo().contact_point_ids
        return [point.value for point in points if point.kind == kind]

    def _has_further_address(self, address):
        """Tell whether an address is a further one of this contact, however it is written."""
        key = email_key(address)
        # sudo: contact point - compared, not shown
        return bool(key) and key in self.sudo().contact_point_ids.mapped("email_key")

    def _answer_at_main_address(self, former):
        """Let open cases be answered at the main address that were answered at the former one.

        :param str former: what was the main one until now
        """
        addresses = [email_normalize(address) for address in email_split(former or "")]
        # sudo: case - all of this customer's, whoever works on them
        cases = self.env["customer.service.case"].sudo()
        cases.search(
            [
                ("partner_id", "=", self.id),
                ("email_normalized", "in", addresses),
                ("status", "in", UNRESOLVED),
            ]
        ).write({"email_from": self.email_formatted})

    # ------------------------------------------------------------------------------------------
    # Found by a further address
    # ------------------------------------------------------------------------------------------

    @api.model
    def _by_further_address(self, addresses):
        """Return who has these as further addresses, as far as the user may see them.

        Nobody of us: a colleague writes from the one address that is looked after.

        :param addresses: texts with one address each
        :return: dict of contacts by the key of the address; two companies may know one person
        """
        keys = set(map(email_key, addresses)) - {""}
        if not keys:
            return {}
        # sudo: contact point - whom they lead to is filtered by the rights on contacts
        points = (
            self.env["customer.service.contact.point"]
            .sudo()
            .search(
                [
                    ("email_key", "in", list(keys)),
                    ("partner_id.active", "=", True),
                    ("partner_id.partner_share", "=", True),
                ],
                order="id",
            )
        )
        visible = self.browse(points.partner_id.ids)._filtered_access("read")
        found = {}
        for point in points.filtered(lambda point: point.partner_id.id in visible._ids):
            partner = visible.browse(point.partner_id.id)
            found[point.email_key] = found.get(point.email_key, partner) | partner
        return found

    @api.model
    def _find_or_create_from_emails(
        self,
        emails,
        ban_emails=None,
        filter_found=None,
        additional_values=None,
        no_create=False,
        sort_key=None,
        sort_reverse=True,
    ):
        choice = {
            "ban_emails": ban_emails,
            "filter_found": filter_found,
            "additional_values": additional_values,
            "sort_key": sort_key,
            "sort_reverse": sort_reverse,
        }
        found = super()._find_or_create_from_emails(emails, no_create=True, **choice)
        if all(found):
            return found
        missing = [email for email, partner in zip(emails, found, strict=True) if not partner]
        further = self._further_for_gateway(missing, **choice)
        found = [
            partner or further.get(_key_of(email), partner)
            for email, partner in zip(emails, found, strict=True)
        ]
        missing = [email for email, partner in zip(emails, found, strict=True) if not partner]
        if no_create or not missing:
            return found
        made = iter(super()._find_or_create_from_emails(missing, **choice))
        return [partner or next(made) for partner in found]

    @api.model
    def _further_for_gateway(
        self, emails, *, ban_emails, filter_found, additional_values, sort_key, sort_reverse
    ):
        """Return whose further addresses these are, one contact for each, by the host's choice.

        Where the host says for which company it asks, nobody of another one is found.

        :return: dict of contacts by the key of the address
        """
        addresses = {parse_contact_from_email(email)[1] for email in emails if email}
        addresses -= {*(ban_emails or []), "", False}
        companies = {
            email_key(email): values.get("company_id")
            for email, values in (additional_values or {}).items()
            if email
        }
        chosen = {}
        for key, partners in self._by_further_address(addresses).items():
            if companies.get(key):
                allowed = (companies[key], False)
                partners = partners.filtered(lambda one, ids=allowed: one.company_id.id in ids)
            if filter_found:
                partners = partners.filtered(filter_found)
            if sort_key:
                partners = partners.sorted(key=sort_key, reverse=sort_reverse)
            chosen[key] = partners.sorted(lambda partner: not partner.company_id)[:1]
        return chosen

    @api.model
    def find_or_create(self, email, assert_valid_email=False):
        further = self._by_further_address([email]).get(email_key(email)) if email else None
        if further and not self.search_count(
            [("email_normalized", "=", _address_of(email))], limit=1
        ):
            return further[:1]
        return super().find_or_create(email, assert_valid_email=assert_valid_email)

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        is_searched = isinstance(value, str) and value and operator in ("ilike", "like", "=ilike")
        if not is_searched or not self.env.user._is_internal():
            return domain
        return Domain(domain) | Domain("contact_point_ids.value", operator, value)

    # ------------------------------------------------------------------------------------------
    # The same address elsewhere
    # ------------------------------------------------------------------------------------------

    def _others_with_address(self):
        """Return other customers who have the main address of this one, main or further.

        People of one company are no others: it is the company's mail.
        """
        self.ensure_one()
        spellings = [
            spelling
            for address in email_split(self.email or "")
            for spelling in email_spellings(address)
        ]
        if not spellings or self._is_colleague():
            return self.browse()
        further = self._by_further_address(email_split(self.email)).values()
        found = self.search(
            Domain("email_normalized", "in", spellings)
            | Domain("id", "in", [partner.id for partners in further for partner in partners]),
            order="id",
            limit=_MOST_OTHERS,
        )
        companies = (self.company_id, self.company_id.browse())
        own = self._origin.commercial_partner_id | self.parent_id.commercial_partner_id
        return found.filtered(
            lambda other: (
                other.partner_share
                and other.commercial_partner_id not in own
                and (not self.company_id or other.company_id in companies)
            )
        )

    def action_report_same_address(self):
        """Report this contact and another one with the address as one and the same."""
        self.ensure_one()
        return (self | self._others_with_address()[:1]).action_report_duplicate()

    def _sender_values(self, address):
        """Return what an agent is shown of this contact to say whether they wrote.

        :param str address: what the mail came from
        """
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.display_name,
            "detail": ", ".join(filter(None, (self.city, self.phone))),
            "is_main": not self._has_further_address(address),
        }

    # ------------------------------------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------------------------------------

    def action_edit_customer(self):
        """Open all that can be changed of this customer, in one dialog.

        :raise UserError: it is one of us, whom the user may not change
        """
        self.ensure_one()
        self.check_access("write")
        if self._is_colleague() and not self.env["res.users"].has_access("write"):
            raise UserError(
                self.env._(
                    "%(name)s works here, and is changed by who manages users.",
                    name=self.display_name,
                )
            )
        view_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_service.res_partner_view_form_customer"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit Customer"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view_id, "form")],
            "target": "new",
            "context": {"customer_service_dialog": True, "dialog_size": "large"},
        }

    def _customer_dialog_again(self):
        """Return what a button of the dialog ends with: the dialog stays open."""
        if self.env.context.get("customer_service_dialog"):
            return self.action_edit_customer()
        return True


def _address_of(email):
    """Return the first address of a text, normalized, as the host compares it."""
    return parse_contact_from_email(email)[1] if email else ""


def _key_of(email):
    """Return the key of the first address of a text."""
    return email_key(_address_of(email))

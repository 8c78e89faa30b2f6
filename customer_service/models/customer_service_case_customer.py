from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools.own_context import moves_history


class CustomerServiceCaseCustomer(models.AbstractModel):
    """Whose matter a case is: a customer of ours, or an unregistered person."""

    _name = "customer.service.case.customer"
    _description = "Customer of a Case"
    _inherit = ["customer.service.person.mixin"]

    partner_name = fields.Char(
        "Customer Name",
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
    )
    email_from = fields.Char(
        "Email",
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
    )
    email_normalized = fields.Char(
        "Normalized Email", compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    phone = fields.Char(
        compute="_compute_from_partner", store=True, readonly=False, precompute=True
    )
    phone_sanitized = fields.Char(index="trigram")
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="The language this customer is answered in.",
    )
    customer_label = fields.Char(
        "Customer or Address", compute="_compute_customer_label", store=True, index="trigram"
    )

    customer_tz = fields.Selection(related="partner_id.tz", string="Customer's Time Zone")

    # the customer's orders, beside the conversation
    customer_order_ids = fields.Many2many(
        "sale.order", string="Orders of the Customer", compute="_compute_customer_orders"
    )
    customer_order_count = fields.Integer("Orders", compute="_compute_customer_orders")
    customer_case_count = fields.Integer("Cases", compute="_compute_customer_case_count")
    customer_figures = fields.Char(
        "Figures of the Customer", compute="_compute_customer_figures", groups="base.group_user"
    )

    @api.depends("partner_id")
    def _compute_from_partner(self):
        for case in self:
            partner = case.partner_id
            case.partner_name = partner.name or case.partner_name
            case.email_from = partner.email_formatted or case.email_from
            case.phone = partner.phone or case.phone

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for case in self:
            case.email_normalized = email_normalize(case.email_from) or False

    @api.depends("partner_id")
    def _compute_lang(self):
        for case in self:
            case.lang = case.partner_id.lang or case.lang or self._default_lang()

    @api.depends("partner_name", "email_from", "email_normalized", "phone")
    def _compute_customer_label(self):
        for case in self:
            case.customer_label = (
                case.partner_name or case.email_normalized or case.email_from or case.phone
            )

    @api.depends("commercial_partner_id")
    def _compute_customer_orders(self):
        order = self.env["sale.order"]
        for customer, cases in self.grouped("commercial_partner_id").items():
            domain = [("commercial_partner_id", "=", customer.id)]
            cases.customer_order_ids = (
                order.search(domain, limit=5, order="date_order desc") if customer else False
            )
            cases.customer_order_count = order.search_count(domain) if customer else 0

    @api.depends("commercial_partner_id", "identity_id", "email_normalized")
    def _compute_customer_case_count(self):
        for case in self:
            domain = case._domain_same_customer()
            case.customer_case_count = self.search_count(domain) if domain else 0

    @api.model_create_multi
    def create(self, vals_list):
        self._complete_person_values(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals and not moves_history(self.env):
            self._take_contacts_along()
        return result

    @api.model
    def _complete_person_values(self, vals_list):
        """Give the case of a person who was matched to whom they were found to be.

        :param list vals_list: values of new cases; changed in place
        """
        for vals in vals_list:
            if vals.get("identity_id"):
                identity = self.env["customer.service.identity"].browse(vals["identity_id"])
                vals["identity_id"] = identity._final().id
                if not vals.get("partner_id"):
                    # sudo: identity - whom it was found to be, whoever enters the case
                    vals["partner_id"] = identity._final().sudo().partner_id.id

    def _take_contacts_along(self):
        """Let the contacts that were about one of these cases only be with its customer.

        Somebody repaired whose case it is. A contact about several cases stays with whoever it
        was recorded with.
        """
        # sudo: interaction - all contacts about the case, whoever had them
        contact = self.env["customer.service.interaction"].sudo()
        contacts = contact.search([("action_ids.case_id", "in", self.ids)])
        alone = contacts.filtered(lambda contact: len(contact.action_ids.case_id) == 1)
        for case, own in alone.grouped(lambda contact: contact.action_ids.case_id).items():
            others = own.filtered(lambda contact, case=case: contact._person() != case._person())
            others.write({"partner_id": case.partner_id.id, "identity_id": case.identity_id.id})

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_lang(self):
        """Return the language of the company, False where it is not installed any more."""
        code = self.env.company.partner_id.lang or self.env.lang
        return code if code in dict(self._selection_lang()) else False

    def _phone_get_number_fields(self):
        return ["phone"]

    def _domain_same_customer(self):
        """Return the domain of all cases of the person of this one, False where unknown."""
        self.ensure_one()
        if self.commercial_partner_id:
            return [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        if self.identity_id:
            return [("identity_id", "=", self.identity_id.id)]
        if self.email_normalized:
            return [("email_normalized", "=", self.email_normalized)]
        return False

    @api.depends("partner_id")
    @api.depends_context("uid", "su", "company")
    def _compute_customer_figures(self):
        for case in self:
            partner = case.partner_id._filtered_access("read")
            case.customer_figures = partner._figures_label() if partner else False

    def action_edit_customer(self):
        """Open all that can be changed of the customer, in one dialog.

        :raise UserError: nobody is known yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.partner_id:
            raise UserError(self.env._("Say who the customer is first, or create the contact."))
        return self.partner_id.action_edit_customer()

    def action_open_customer_cases(self):
        """Open all cases of this customer, the resolved ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_case_action"
        )
        action["domain"] = self._domain_same_customer() or [("id", "=", self.id)]
        action["context"] = {"default_partner_id": self.partner_id.id}
        return action

    def action_open_customer_orders(self):
        """Open the orders of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %(customer)s", customer=self.customer_label),
            "res_model": "sale.order",
            "views": [(False, "list"), (self.env["sale.order"].get_formview_id(), "form")],
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
        }

    def action_create_customer(self):
        """Make a contact of the unregistered person, for this and all their other cases.

        A contact that has the address already is taken instead of a second one.

        :raise UserError: neither a name nor an address is known
        """
        self.ensure_one()
        if self.partner_id:
            return True
        if not self.partner_name and not self.email_normalized:
            raise UserError(self.env._("Enter a name or an email address first."))
        partner = self._find_or_create_customer()
        if self.identity_id:
            self.identity_id._become(partner)
        if not self.partner_id:
            self.partner_id = partner
        return True

    def _find_or_create_customer(self):
        """Return the contact with the address of this case, made now where there is none."""
        partner = self.env["res.partner"]
        identity = self.env["customer.service.identity"]
        known = identity._only_registered_with(self.email_normalized, self.company_id)
        return known or partner.create(
            {
                "name": self.partner_name or self.email_normalized,
                "email": self.email_normalized,
                "phone": self.phone,
                "lang": self.lang,
                "company_id": False,
            }
        )

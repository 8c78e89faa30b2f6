from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

#: Two users of one transaction see what each may read.
_READER = ("uid", "su", "company")

#: Products that are listed: nobody reads more beside a conversation.
_MOST_PRODUCTS = 12


class ResPartner(models.Model):
    """What a customer bought and since when we know them.

    Of the company as a whole, for each of its people; of what the user may read. Grouped queries
    for all contacts of a page.
    """

    _inherit = "res.partner"

    valid_order_count = fields.Integer(
        "Valid Orders",
        compute="_compute_figures",
        groups="customer_service.group_agent",
        help="Confirmed orders of the customer's company.",
    )
    valid_order_value = fields.Monetary(
        "Value of Valid Orders",
        compute="_compute_figures",
        groups="customer_service.group_agent",
        help="With taxes; other currencies at today's rate.",
    )
    last_order_date = fields.Datetime(
        "Last Order", compute="_compute_figures", groups="customer_service.group_agent"
    )
    first_seen_date = fields.Datetime(
        "Known Since", compute="_compute_figures", groups="customer_service.group_agent"
    )
    last_contact_date = fields.Datetime(
        "Last Contact", compute="_compute_figures", groups="customer_service.group_agent"
    )
    purchased_product_ids = fields.Many2many(
        "product.product",
        string="Bought Last",
        compute="_compute_purchased_product_ids",
        groups="customer_service.group_agent",
    )

    @api.depends("commercial_partner_id", "create_date")
    @api.depends_context(*_READER)
    def _compute_figures(self):
        orders, contacts = self._figures_of_orders(), self._figures_of_contacts()
        today = fields.Date.context_today(self)
        for partner in self:
            customer_id = partner.commercial_partner_id._origin.id
            found = orders.get(customer_id, [])
            currency, company = partner.currency_id, partner.company_id or self.env.company
            partner.valid_order_count = sum(count for _currency, count, *_rest in found)
            partner.valid_order_value = sum(
                own._convert(amount, currency, company, today)
                for own, _count, amount, *_dates in found
            )
            partner.last_order_date = max((last for *_rest, last in found), default=False)
            first, partner.last_contact_date = contacts.get(customer_id, (False, False))
            dates = [partner.create_date, first, *(first for *_rest, first, _last in found)]
            partner.first_seen_date = min(filter(None, dates), default=False)

    def _figures_of_orders(self):
        """Return what the companies of these contacts ordered, in lists by their id.

        :return: for each currency: the currency, number, value, date of the first and the last
        """
        of_customer = {}
        for customer, *figures in self.env["sale.order"]._read_group(
            self._domain_of_company() & Domain("state", "=", "sale"),
            ["commercial_partner_id", "currency_id"],
            ["__count", "amount_total:sum", "date_order:min", "date_order:max"],
        ):
            of_customer.setdefault(customer.id, []).append(figures)
        return of_customer

    def _figures_of_contacts(self):
        """Return when the companies of these contacts were in touch first and last, by their id."""
        rows = self.env["customer.service.interaction"]._read_group(
            self._domain_of_company(), ["commercial_partner_id"], ["date:min", "date:max"]
        )
        return {customer.id: dates for customer, *dates in rows}

    @api.depends("commercial_partner_id")
    @api.depends_context(*_READER)
    def _compute_purchased_product_ids(self):
        rows = self.env["sale.order.line"]._read_group(
            Domain("order_id.commercial_partner_id", "in", self.commercial_partner_id.ids)
            & Domain("state", "=", "sale")
            & Domain("display_type", "=", False)
            & Domain("product_id", "!=", False),
            ["order_id.commercial_partner_id", "product_id"],
            ["customer_service_order_date:max"],
            order="customer_service_order_date:max desc, product_id",
        )
        bought = {}
        for customer, product, _date in rows:
            products = bought.setdefault(customer.id, [])
            if len(products) < _MOST_PRODUCTS:
                products.append(product.id)
        for partner in self:
            partner.purchased_product_ids = bought.get(
                partner.commercial_partner_id._origin.id, False
            )

    def _domain_of_company(self):
        """Return the domain of what belongs to the companies of these contacts."""
        return Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)

    def _figures_label(self):
        """Return the figures in one line, as it stands beside a case and a call."""
        self.ensure_one()
        parts = []
        if self.valid_order_count:
            parts.append(
                self.env._(
                    "Valid orders: %(count)s, worth %(value)s, the last on %(date)s",
                    count=self.valid_order_count,
                    value=format_amount(self.env, self.valid_order_value, self.currency_id),
                    date=format_date(self.env, self.last_order_date),
                )
            )
        if self.first_seen_date:
            parts.append(
                self.env._("known since %(date)s", date=format_date(self.env, self.first_seen_date))
            )
        if self.last_contact_date:
            parts.append(
                self.env._(
                    "last contact %(date)s", date=format_date(self.env, self.last_contact_date)
                )
            )
        return " · ".join(parts)

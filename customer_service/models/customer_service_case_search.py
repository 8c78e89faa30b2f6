import re
import unicodedata

from odoo import api, fields, models
from odoo.fields import Domain

#: Fewer digits than this are no telephone number worth a search.
_MINIMUM_DIGITS = 4

#: An address book or an order list that matches more often says nothing about a case.
_MOST_ORDERS = 200


class CustomerServiceCaseSearch(models.AbstractModel):
    """One search field for whatever an agent has at hand.

    A number, words of the subject, a name, an address, a telephone number in any notation or
    the number of an order. Every part is a condition on a column of the case that has an
    index, so that the database joins the indexes instead of reading the table.
    """

    _name = "customer.service.case.search"
    _description = "Search of Cases"

    search_text = fields.Char(
        "Number, Subject, Customer, Phone or Order",
        compute="_compute_search_text",
        search="_search_search_text",
        help="Finds cases by number, subject, customer, address, phone or order.",
    )

    def _compute_search_text(self):
        self.search_text = False

    @api.model
    def _search_search_text(self, operator, value):
        if operator not in ("ilike", "like", "=") or not isinstance(value, str):
            return NotImplemented
        text = value.strip()
        if not text:
            return Domain.TRUE
        return Domain.OR(
            [
                *(Domain(name, "ilike", text) for name in self._search_text_fields()),
                *self._search_text_phone(text),
                *self._search_text_order(text),
            ]
        )

    @api.model
    def _search_text_fields(self):
        """Return the fields with a trigram index in which the text is looked for as it is."""
        return ["number", "name", "customer_label", "partner_name", "email_from"]

    @api.model
    def _search_text_phone(self, text):
        """Return the conditions for a text that is a telephone number, or the end of one.

        :param str text: what the agent typed, for example ``0601 234-567``
        :return: list of one domain, empty where the text is no telephone number
        """
        text = unicodedata.normalize("NFKC", text)  # full-width digits
        if not re.fullmatch(r"[+(]?[\d\s().\-/]+", text):
            return []
        digits = re.sub(r"\D", "", text).lstrip("0")
        if len(digits) < _MINIMUM_DIGITS:
            return []
        return [Domain("phone_sanitized", "ilike", digits)]

    @api.model
    def _search_text_order(self, text):
        """Return the condition for the number of an order.

        The orders are looked up first: a sub-query among the alternatives would make the
        database read all cases.

        :param str text: what the agent typed
        :return: list of one domain, empty where no order has such a number
        """
        if not any(character.isdigit() for character in text):
            return []
        # sudo: sale.order - numbers only, the cases found are those that the agent may see
        orders = self.env["sale.order"].sudo().search([("name", "ilike", text)], limit=_MOST_ORDERS)
        return [Domain("sale_order_id", "in", orders.ids)] if orders else []

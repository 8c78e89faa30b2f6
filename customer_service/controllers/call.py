from urllib.parse import quote

from odoo import http
from odoo.http import request

from ..tools.phone_number import phone_numbers, readable_number

#: More than this is no number, but somebody trying.
_LONGEST_NUMBER = 100


class CustomerServiceCall(http.Controller):
    """Where a telephone system sends the browser of whoever takes a call."""

    @http.route("/customer_service/call", type="http", auth="user", methods=["GET"], readonly=True)
    def call(self, number="", **_kwargs):
        """Open the phone desk with the number of the caller.

        Nothing happens but that a page is opened: this is a link, which anybody may have put
        somewhere.

        :param str number: as the telephone system knows it, in any notation
        """
        if not request.env.user.has_group("customer_service.group_agent"):
            return request.not_found()
        number = self._readable(" ".join(number[:_LONGEST_NUMBER].split()))
        query = f"?number={quote(number, safe='')}" if number else ""
        return request.redirect(f"/odoo/phone-desk{query}")

    def _readable(self, number):
        """Return a number in international notation where it is one, else as it is.

        The web client takes what is nothing but digits for a figure and drops the zero in front.
        """
        found = phone_numbers(number, request.env.company.country_id.code)
        if len(found) == 1 and found[0].is_valid:
            return readable_number(found[0].digits)
        return number

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import SEQUENCE_CODE


def is_web_address(text):
    """Tell whether a text is an address that a browser opens, and not a script or a file."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class ResCompany(models.Model):
    """Each company counts its own cases."""

    _inherit = "res.company"

    customer_service_record_automatic_mail = fields.Boolean(
        "Automatic Mail in the History",
        default=True,
        help="What is sent to a customer about orders, deliveries and invoices is kept on a closed "
        "case of the order, and what they answer becomes a case.",
    )
    customer_service_undo_seconds = fields.Integer(
        "Seconds to Undo an Answer",
        default=10,
        help="An answer to a customer leaves after this time, until then it can be taken back. "
        "0 sends at once.",
    )

    customer_service_clock_reminder_hours = fields.Float(
        "Reminder of a Running Clock",
        default=2.0,
        help="Hours after which an agent is asked whether the clock still runs on purpose. 0 never "
        "asks.",
    )
    customer_service_remote_support_url = fields.Char(
        "Link to Remote Support",
        help="Where customers get the tool with which you look at their screen.",
    )

    _customer_service_undo_seconds_range = models.Constraint(
        "CHECK (customer_service_undo_seconds BETWEEN 0 AND 120)",
        "An answer can be held for 0 to 120 seconds.",
    )
    _customer_service_clock_reminder_not_negative = models.Constraint(
        "CHECK (customer_service_clock_reminder_hours >= 0)",
        "Enter a number of hours, or 0 for no reminder.",
    )

    @api.constrains("customer_service_remote_support_url")
    def _check_customer_service_remote_support_url(self):
        for company in self:
            url = company.customer_service_remote_support_url
            if url and not is_web_address(url):
                raise ValidationError(
                    self.env._("“%(url)s” is no address that begins with https://.", url=url)
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_case_sequence()
        return companies

    def _create_case_sequence(self):
        """Make the sequence that numbers the cases, for those of these companies without one."""
        sequence = self.env["ir.sequence"].sudo()  # sudo: ir.sequence - part of the company
        done = sequence.search(
            [("code", "=", SEQUENCE_CODE), ("company_id", "in", self.ids)]
        ).company_id
        sequence.create(
            [
                {
                    "name": self.env._("Case number"),
                    "code": SEQUENCE_CODE,
                    "company_id": company.id,
                    "prefix": "C",
                    "padding": 5,
                }
                for company in self - done
            ]
        )

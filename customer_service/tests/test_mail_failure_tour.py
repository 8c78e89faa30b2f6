from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestMailFailureTour(CustomerServiceCommon, HttpCase):
    """A supervisor finds mail that failed, and works the list off, in a real browser."""

    def test_supervisor_works_the_list_of_failed_mail_off(self):
        error = ValueError("The tax is missing")
        with patch.object(type(self.Case), "_values_from_mail", side_effect=error):
            for subject in ("Tax question", "Lottery", "Another question"):
                self._receive(self._mail(Subject=subject))
        self.start_tour(
            "/odoo/action-customer_service.customer_service_overview_action",
            "customer_service_mail_failure",
            login="cs_supervisor",
        )
        failures = self.env["customer.service.mail.failure"].search([], order="id")
        self.assertEqual(failures.mapped("state"), ["retried", "discarded", "retried"])
        self.assertEqual(failures.case_id.mapped("name"), ["Tax question", "Another question"])

from odoo.tests import tagged

from .test_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalTours(PortalCommon):
    def test_customer_finds_answers_solves_and_reopens(self):
        self._create_case(name="Another matter", status="closed")
        self._reply(self.case, body="Which lamp is it?")
        self.case.status = "pending"
        self.start_tour("/my", "customer_service_portal_customer", login=self.portal_user.login)
        self.assertEqual(self.case.status, "open")
        self.assertEqual(self.case.reopen_count, 1)
        problem, answer = self._spoken(self.case)[:2]
        self.assertIn("It broke again", problem.body)
        self.assertIn("The brass one", answer.body)
        self.assertEqual(set(answer.attachment_ids.mapped("name")), {"lamp.txt", "shade.txt"})

    def test_guest_answers_by_the_link(self):
        self._reply(self.nobodys_case, body="Yes, it is dimmable.")
        token = self.nobodys_case._portal_ensure_token()
        url = f"{self.nobodys_case.access_url}?access_token={token}"
        self.start_tour(url, "customer_service_portal_guest")
        answer = self._spoken(self.nobodys_case)[0]
        self.assertIn("Thank you, one more question", answer.body)
        self.assertEqual(answer.attachment_ids.name, "plan.txt")
        self.assertEqual(self.nobodys_case.status, "resolved")

"""The link of the tool with which an agent looks at the customer's screen."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CustomerServiceCommon

_URL = "https://look.shop.example/start?t=1"


@tagged("post_install", "-at_install")
class TestRemoteSupport(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_admin.customer_service_remote_support_url = _URL
        cls.case = cls._create_case(email_cc="boss@lampy.example")

    def _send(self, case=None, user=None):
        with self.mock_mail_gateway():
            (case or self.case).with_user(user or self.agent_team).action_remote_support()
            return list(self._mails)

    def _interaction(self, case=None):
        return self.env["customer.service.interaction"].search(
            [("action_ids.case_id", "=", (case or self.case).id)]
        )

    def test_the_customer_gets_the_link_and_the_contact_is_remote(self):
        (mail,) = self._send()
        self.assertEqual(mail["email_to"], ['"Anna Kowalska" <anna@lampy.example>'])
        self.assertIn("https://look.shop.example/start?t=1", mail["body"])
        self.assertIn(self.team.address, mail["email_from"])
        interaction = self._interaction()
        self.assertTrue(interaction.is_remote)
        self.assertEqual(interaction.originator, "agent")
        self.assertEqual(interaction.user_id, self.agent_team)
        self.assertEqual(interaction.partner_id, self.customer)

    def test_it_is_in_the_language_of_the_case(self):
        template = self.env.ref("customer_service.mail_template_remote_support")
        template.with_context(lang="pl_PL").body_html = "<p>Prosimy otworzyć stronę</p>"
        self.case.lang = "pl_PL"
        self.assertIn("Prosimy otworzyć", self._send()[0]["body"])

    def test_a_stranger_gets_it_too(self):
        case = self._create_case(partner_id=False, email_from="Zed <zed@new.example>")
        (mail,) = self._send(case)
        self.assertEqual(mail["email_to"], ["zed@new.example"])

    def test_it_is_no_answer_and_closes_no_matter(self):
        case = self._receive(self._mail())
        self._send(case)
        self.assertTrue(case.awaiting_reply)
        self.assertFalse(case.first_response_date)
        self.assertEqual(case.status, "open")

    def test_it_goes_out_before_the_product_is_verified(self):
        self.case.type_id = self.env["customer.service.case.type"].create(
            {"name": "Repair", "require_verified_product": True}
        )
        self.assertTrue(self._send())
        self.assertTrue(self.case.must_verify_product)

    def test_without_a_link_it_is_said_who_sets_it(self):
        self.company_admin.customer_service_remote_support_url = False
        with self.assertRaisesRegex(UserError, "An administrator enters it"):
            self._send()

    def test_without_an_address_nothing_goes_out(self):
        case = self._create_case(partner_id=False, phone="601 234 567")
        with self.assertRaisesRegex(UserError, "email address first"):
            self._send(case)
        self.assertFalse(self._interaction(case))

    def test_others_mail_no_link(self):
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._send(user=user)

    def test_each_company_has_its_own_link(self):
        company = self.env["res.company"].create({"name": "Lamps Abroad"})
        team = self.team.create({"name": "Abroad", "company_id": company.id})
        self.assertFalse(self._create_case(team_id=team.id).remote_support_url)
        self.assertEqual(self.case.remote_support_url, _URL)

    def test_only_an_address_of_a_page_is_a_link(self):
        for url in ("javascript:alert(1)", "look.shop.example", "https://", "file:///etc/passwd"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.company_admin.customer_service_remote_support_url = url

    def test_remote_contacts_are_counted_in_the_report(self):
        self._send()
        self.env.flush_all()
        report = self.env["customer.service.interaction.report"].with_user(self.supervisor)
        counted = dict(
            report._read_group(
                [("case_id", "=", self.case.id)],
                ["is_remote"],
                ["interaction_count:count_distinct"],
            )
        )
        self.assertEqual(counted, {True: 1})

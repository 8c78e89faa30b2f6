"""Mail of customers who write from more than one address."""

import idna

from odoo.tests import tagged
from odoo.tools import email_normalize, mute_logger

from .mail_servers import MailServersMixin
from .test_contact_point import HOME, ContactPointCommon

FROM_HOME = f"Anna <{HOME}>"


@tagged("post_install", "-at_install")
class TestContactPointMail(ContactPointCommon):
    def _sent_to(self, case, **values):
        """Return the addresses that an answer of ours reaches."""
        with self.mock_mail_gateway():
            self._reply(case, **values)
        addresses = [address for mail in self._mails for address in mail["email_to"]]
        return sorted(map(email_normalize, addresses))

    def test_a_customer_is_known_by_a_further_address_and_answered_there(self):
        self._add(HOME)
        case = self._receive(self._mail(From=FROM_HOME))
        self.assertEqual(case.partner_id, self.customer)
        self.assertFalse(case.identity_id)
        self.assertEqual(case.email_normalized, HOME)
        self.assertEqual(case.reply_to_customer, HOME)
        self.assertEqual(case.message_ids.filtered("email_from").author_id, self.customer)
        self.assertEqual(case.lang, "pl_PL")
        self.assertEqual(self._sent_to(case), [HOME])

    def test_the_address_is_recognized_however_it_is_written(self):
        self._add("anna@zażółć.example")
        domain = idna.encode("zażółć.example").decode()
        case = self._receive(self._mail(From=f"ANNA@{domain}"))
        self.assertEqual(case.partner_id, self.customer)

    def test_the_answer_goes_to_the_address_of_the_last_mail(self):
        self._add(HOME)
        case = self._receive(self._mail(Message_Id="<first@lampy.example>"))
        self.assertEqual(self._sent_to(case), ["anna@lampy.example"])
        answer = case.message_ids[0]
        reply = self._mail(From=FROM_HOME, In_Reply_To=answer.message_id)
        self.assertEqual(self._receive(reply), case, "whoever takes part, from any address")
        self.assertEqual(case.message_count_customer, 2)
        self.assertEqual(self._sent_to(case), [HOME])
        again = self._mail(In_Reply_To=case.message_ids[0].message_id)
        self.assertEqual(self._receive(again), case)
        self.assertEqual(self._sent_to(case), ["anna@lampy.example"])

    def test_open_cases_follow_when_another_one_becomes_the_main_one(self):
        point = self._add(HOME)
        by_phone = self._create_case()
        done = self._create_case(status="closed")
        elsewhere = self._receive(self._mail(From="bob@baker.example"))
        point.with_user(self.agent_own).action_make_main()
        self.assertEqual(by_phone.reply_to_customer, HOME)
        self.assertEqual(self._sent_to(by_phone), [HOME])
        self.assertEqual(done.email_normalized, "anna@lampy.example")
        self.assertEqual(elsewhere.reply_to_customer, "bob@baker.example")
        mailed = self._receive(self._mail())
        self.assertEqual(mailed.reply_to_customer, "anna@lampy.example", "wrote from the former")

    def test_an_address_that_is_removed_is_answered_no_more(self):
        point = self._add(HOME)
        case = self._receive(self._mail(From=FROM_HOME))
        point.unlink()
        self.assertEqual(case.reply_to_customer, "anna@lampy.example")
        self.assertEqual(self._sent_to(case), ["anna@lampy.example"])
        other = self._receive(self._mail(From=FROM_HOME))
        self.assertFalse(other.partner_id)
        sent = case.message_ids[0].message_id
        reply = self._mail(From="Eve <eve@evil.example>", In_Reply_To=sent)
        self.assertNotEqual(self._receive(reply), case)

    def test_the_acknowledgement_goes_there_too(self):
        self._add(HOME)
        self.team.acknowledge_template_id = self.env.ref(
            "customer_service.mail_template_acknowledge", raise_if_not_found=False
        ) or self.env["mail.template"].search(
            [("model", "=", "customer.service.case")], limit=1
        )
        with self.mock_mail_gateway():
            self._receive(self._mail(From=FROM_HOME))
        self.assertEqual([mail["email_to"] for mail in self._mails], [[HOME]])

    def test_a_machine_changes_nothing(self):
        self._add(HOME)
        case = self._receive(self._mail())
        with self.mock_mail_gateway():
            self._reply(case)
        sent = case.message_ids[0].message_id
        vacation = self._mail(From=FROM_HOME, In_Reply_To=sent, Auto_Submitted="auto-replied")
        self._receive(vacation)
        self.assertEqual(case.reply_to_customer, "anna@lampy.example")

    def test_each_company_has_its_own(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["res.partner"].create({"name": "Secret", "company_id": company.id})
        self._add(HOME, partner=stranger)
        case = self._receive(self._mail(From=FROM_HOME))
        self.assertFalse(case.partner_id)
        self.assertTrue(case.identity_id)
        self._add(HOME, user=self.agent_own)
        self.assertEqual(self._receive(self._mail(From=FROM_HOME)).partner_id, self.customer)

    def test_nobody_writes_as_a_colleague_by_a_further_address(self):
        self._add(HOME, partner=self.agent_team.partner_id)
        case = self._receive(self._mail(From=FROM_HOME))
        self.assertFalse(case.partner_id)
        message = case.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertFalse(message.author_id)
        self.assertFalse(
            self.env["mail.thread"]._mail_find_user_for_gateway(HOME), "nor elsewhere in the host"
        )

    def test_a_block_holds_for_the_address_that_it_names(self):
        self._add(HOME)
        self.env["customer.service.blocked.sender"].create(
            {"name": HOME, "company_id": self.company_admin.id}
        )
        self.assertFalse(self._receive(self._mail(From=FROM_HOME)))
        self.assertEqual(self._receive(self._mail()).partner_id, self.customer)

    def test_followers_take_part_from_any_address(self):
        self._add("bob@home.example", partner=self.other_customer)
        case = self._create_case()
        case.message_subscribe(self.other_customer.ids)
        with self.mock_mail_gateway():
            answer = self._reply(case)
        reply = self._mail(From="bob@home.example", In_Reply_To=answer.message_id)
        self.assertEqual(self._receive(reply), case)
        self.assertEqual(case.reply_to_customer, "anna@lampy.example", "the customer's, still")

    def test_the_host_makes_no_second_contact(self):
        self._add(HOME)
        partner = self.env["res.partner"]
        self.assertEqual(partner.find_or_create(FROM_HOME), self.customer)
        found = partner._find_or_create_from_emails(
            [FROM_HOME, "new@x.example", "bob@baker.example", False, "new@x.example"]
        )
        self.assertEqual(found[0], self.customer)
        self.assertEqual(found[1].email, "new@x.example")
        self.assertEqual(found[2], self.other_customer)
        self.assertFalse(found[3])
        self.assertEqual(found[4], found[1])

    def test_the_button_that_makes_a_contact_takes_the_one_with_the_address(self):
        case = self._create_case(partner_id=False, email_from=FROM_HOME)
        self._add(HOME)
        case.with_user(self.agent_team).action_create_customer()
        self.assertEqual(case.partner_id, self.customer)

    def test_a_sender_who_is_known_costs_no_query_more(self):
        self._add(HOME)
        partner = self.env["res.partner"]
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            partner._find_or_create_from_emails(["bob@baker.example"], no_create=True)
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            partner._find_or_create_from_emails([FROM_HOME], no_create=True)


@tagged("post_install", "-at_install")
class TestContactPointCircle(MailServersMixin, ContactPointCommon):
    """The same with a real SMTP server: what stands on the envelope."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls._start_sink()

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_the_answer_arrives_where_the_customer_wrote_from(self):
        self._send_to_sink()
        self._add(HOME)
        case = self._receive(self._mail(From=FROM_HOME))
        self._reply(case, body="It is on its way.")
        (sent,) = self.sink.wait_for_messages(1)
        self.assertEqual(sent.recipients, (HOME,))
        self.assertIn(HOME, sent.parsed["To"])
        html = sent.parsed.get_body(("html",)).get_content()
        self.assertIn(f"access_token={case.access_token}", html)

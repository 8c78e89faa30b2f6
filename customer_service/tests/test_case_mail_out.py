from odoo.tests import tagged

from .common import CustomerServiceCommon

CANARY = "CANARY-4711"


@tagged("post_install", "-at_install")
class TestCaseMailOut(CustomerServiceCommon):
    def _sent(self, index=-1):
        return self._mails[index]

    def test_answer_goes_to_the_customer_from_the_team(self):
        case = self._receive(self._mail(Subject="Broken lamp"))
        first = case.message_ids
        with self.mock_mail_gateway():
            reply = self._reply(case, body="It is on its way.")
        self.assertEqual(reply.email_from, self.team._formatted_address())
        self.assertEqual(reply.author_id, self.agent_team.partner_id)
        mail = self._new_mails.filtered(lambda mail: mail.mail_message_id == reply)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.reply_to, self.team._formatted_address())
        self.assertEqual(mail.subject, f"Re: Broken lamp {case._subject_reference()}")
        self.assertIn(first.message_id, mail.references)
        self.assertIn(reply.message_id, mail.references)
        self.assertIn(f"access_token={case.access_token}", mail.body_html)
        self.assertIn("It is on its way.", mail.body_html)

    def test_answer_to_a_stranger_needs_no_contact(self):
        case = self._receive(self._mail(From="Zed <zed@new.example>"))
        contacts = self.env["res.partner"].search_count([])
        with self.mock_mail_gateway():
            reply = self._reply(case)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        self.assertEqual(reply.outgoing_email_to, "zed@new.example")
        mail = self._new_mails.filtered(lambda mail: mail.mail_message_id == reply)
        self.assertEqual(mail.email_to, "zed@new.example")
        self.assertIn(f"/my/cases/{case.id}?access_token={case.access_token}", mail.body_html)

    def test_copies_get_the_answer_without_the_customers_own_signature(self):
        case = self._receive(self._mail(Cc="Eve <eve@x.example>"))
        with self.mock_mail_gateway():
            reply = self._reply(case)
        mails = self._new_mails.filtered(lambda mail: mail.mail_message_id == reply)
        copy = mails.filtered("email_to")
        self.assertEqual(copy.email_to, "eve@x.example")
        self.assertIn(case.access_token, copy.body_html)
        for secret in ("pid=", "hash=", "signup_token"):
            self.assertNotIn(secret, copy.body_html)
        self.assertEqual((mails - copy).recipient_ids, self.customer)

    def test_answer_is_framed_in_the_customers_language(self):
        case = self._receive(self._mail())
        self.assertEqual(case.lang, "pl_PL")
        with self.mock_mail_gateway():
            reply = self._reply(case)
        mail = self._new_mails.filtered(lambda mail: mail.mail_message_id == reply)
        self.assertIn('lang="pl_PL"', mail.body_html)

    def test_team_without_address_answers_from_the_agent(self):
        self.team.alias_id.alias_name = False
        case = self._create_case()
        with self.mock_mail_gateway():
            reply = self._reply(case)
        self.assertEqual(reply.email_from, self.agent_team.email_formatted)
        mail = self._new_mails.filtered(lambda mail: mail.mail_message_id == reply)
        self.assertEqual(mail.recipient_ids, self.customer)

    def test_own_mailbox_is_the_address_of_the_team(self):
        self.team.mailbox = "box@provider.example"
        case = self._create_case()
        with self.mock_mail_gateway():
            reply = self._reply(case)
        self.assertEqual(reply.email_from, '"Shop Support" <box@provider.example>')
        self.assertEqual(reply.reply_to, '"Shop Support" <box@provider.example>')

    def test_note_reaches_no_customer_whoever_follows_or_is_named(self):
        case = self._receive(self._mail(Cc="eve@x.example"))
        case.message_subscribe(self.customer.ids)
        case.message_subscribe(
            self.other_customer.ids,
            subtype_ids=self.env.ref("mail.mt_note").ids,
        )
        with self.mock_mail_gateway():
            note = self._note(
                case,
                body=CANARY,
                partner_ids=(self.customer | self.other_customer | self.supervisor.partner_id).ids,
                outgoing_email_to="eve@x.example",
            )
        self.assertNotSentEmail()
        self.assertEqual(note.notification_ids.res_partner_id, self.supervisor.partner_id)

    def test_note_is_in_no_later_mail(self):
        case = self._receive(self._mail(Cc="eve@x.example"))
        self._note(case, body=CANARY)
        with self.mock_mail_gateway():
            self._reply(case)
        self.assertTrue(self._mails)
        for mail in self._mails:
            self.assertNotIn(CANARY, mail["body"])

    def test_customer_message_in_the_portal_is_mailed_to_nobody_outside(self):
        case = self._create_case(email_cc="eve@x.example")
        with self.mock_mail_gateway():
            case.with_user(self.portal_user).message_post(
                body="Any news?", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertNotSentEmail()

    def test_assignment_tells_the_agent_and_never_the_customer(self):
        case = self._create_case()
        case.message_subscribe(self.customer.ids)
        self.agent_own.notification_type = "email"
        with self.mock_mail_gateway():
            case.user_id = self.agent_own
            self.flush_tracking()
        recipients = self._new_mails.recipient_ids
        self.assertEqual(recipients, self.agent_own.partner_id)

from email import message_from_bytes, policy

from odoo.tests import tagged, warmup
from odoo.tools import mute_logger

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install", "mail_gateway")
class TestCaseMailIn(CustomerServiceCommon):
    def test_mail_of_a_customer_becomes_a_case(self):
        case = self._receive(self._mail(Subject="Broken lamp"))
        self.assertEqual(case.name, "Broken lamp")
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.team_id, self.team)
        self.assertEqual(case.company_id, self.company_admin)
        self.assertEqual(case.channel_id, self.env.ref("customer_service.channel_email"))
        self.assertEqual(case.lang, "pl_PL")
        self.assertEqual(case.status, "open")
        self.assertFalse(case.identity_id)
        message = case.message_ids
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertNotIn(self.customer, case.message_partner_ids)

    def test_stranger_becomes_an_identity_and_no_contact(self):
        contacts = self.env["res.partner"].search_count([])
        case = self._receive(
            self._mail(From='"Zed Zulu" <zed@new.example>', body="Where is the parcel I ordered?")
        )
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        self.assertFalse(case.partner_id)
        self.assertEqual(case.identity_id.email_normalized, "zed@new.example")
        self.assertEqual(case.identity_id.name, "Zed Zulu")
        self.assertEqual(case.partner_name, "Zed Zulu")
        self.assertEqual(case.email_from, "zed@new.example")
        self.assertEqual(case.message_ids.email_from, '"Zed Zulu" <zed@new.example>')
        self.assertEqual(case.lang, "en_US")
        self.assertFalse(case.message_ids.author_id)

    def test_stranger_who_writes_again_is_the_same_identity(self):
        first = self._receive(self._mail(From="zed@new.example"))
        second = self._receive(self._mail(From="Zed <ZED@new.example>", Subject="More"))
        self.assertNotEqual(first, second)
        self.assertEqual(first.identity_id, second.identity_id)
        self.assertEqual(second.identity_id.name, "Zed")

    def test_identity_matched_once_is_the_customer_ever_after(self):
        first = self._receive(self._mail(From="zed@new.example"))
        first.identity_id._become(self.other_customer)
        self.assertEqual(first.partner_id, self.other_customer)
        second = self._receive(self._mail(From="zed@new.example"))
        self.assertEqual(second.partner_id, self.other_customer)

    def test_language_comes_from_the_text_of_a_stranger(self):
        for body, lang in (
            ("Dzień dobry, gdzie jest moja paczka? Czekam już dwa tygodnie.", "pl_PL"),
            ("注文した商品がまだ届きません。", "ja_JP"),
            ("Good morning, where is the parcel that I ordered last week?", "en_US"),
        ):
            with self.subTest(lang):
                case = self._receive(self._mail(From="zed@new.example", Subject="Hm", body=body))
                self.assertEqual(case.lang, lang)

    def test_copies_are_kept_without_our_own_addresses(self):
        case = self._receive(
            self._mail(Cc=f"{self.team.address}, Eve <eve@x.example>, anna@lampy.example")
        )
        self.assertEqual(case.email_cc, '"Eve" <eve@x.example>')
        answer = self._mail(
            In_Reply_To=case.message_ids.message_id,
            Cc=f"eve@x.example, mallory@x.example, {self.other_team.address}",
        )
        self.assertEqual(self._receive(answer), case)
        self.assertEqual(case.email_cc, '"Eve" <eve@x.example>, mallory@x.example')

    def test_person_in_copy_who_answers_is_not_the_customer(self):
        case = self._receive(self._mail(Cc="bob@baker.example"))
        answer = self._mail(
            From="bob@baker.example", In_Reply_To=case.message_ids.message_id, body="Me too"
        )
        self.assertEqual(self._receive(answer), case)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.message_ids[0].author_id, self.other_customer)

    def test_attachments_stay_with_the_message(self):
        mail = message_from_bytes(self._mail(body="See the file"), policy=policy.SMTP)
        mail.add_attachment(b"%PDF-1.4 broken", "application", "pdf", filename="lamp.pdf")
        case = self._receive(mail.as_bytes())
        attachment = case.message_ids.attachment_ids
        self.assertEqual(attachment.name, "lamp.pdf")
        self.assertEqual(attachment.raw, b"%PDF-1.4 broken")
        self.assertEqual((attachment.res_model, attachment.res_id), (case._name, case.id))

    # what a person writes and what a machine sends

    def test_answer_of_a_person_reopens_and_of_a_machine_does_not(self):
        case = self._receive(self._mail())
        reply = self._reply(case)
        case.action_resolve()
        for header, value in (
            ("Auto_Submitted", "auto-replied"),
            ("X_Autoreply", "yes"),
            ("Precedence", "auto_reply"),
            ("List_Id", "<list.example>"),
        ):
            with self.subTest(header):
                notice = self._mail(
                    body="I am on holiday", In_Reply_To=reply.message_id, **{header: value}
                )
                self.assertEqual(self._receive(notice), case)
                self.assertEqual((case.status, case.awaiting_reply), ("resolved", False))
                self.assertEqual(case.message_count_customer, 1)
                self.assertTrue(case.message_ids[0].subtype_id.internal)
        person = self._mail(body="Not solved!", In_Reply_To=reply.message_id, Auto_Submitted="no")
        self.assertEqual(self._receive(person), case)
        self.assertEqual((case.status, case.awaiting_reply), ("open", True))

    def test_mail_in_the_name_of_an_agent_is_a_note_and_goes_nowhere(self):
        case = self._receive(self._mail())
        with self.mock_mail_gateway():
            self._receive(
                self._mail(
                    From=self.agent_team.email_formatted,
                    In_Reply_To=case.message_ids.message_id,
                    body="Send him to hell",
                )
            )
        self.assertTrue(case.message_ids[0].subtype_id.internal)
        self.assertTrue(case.awaiting_reply)
        self.assertNotSentEmail()

    # order numbers

    def test_number_of_an_own_order_links_it(self):
        order = self._create_order(self.colleague)
        case = self._receive(self._mail(Subject=f"Question on {order.name.lower()}?"))
        self.assertEqual(case.sale_order_id, order)

    def test_number_of_somebody_elses_order_links_nothing(self):
        order = self._create_order(self.other_customer)
        for sender in ("anna@lampy.example", "zed@new.example"):
            with self.subTest(sender):
                case = self._receive(self._mail(From=sender, Subject=f"Order {order.name}"))
                self.assertTrue(case)
                self.assertFalse(case.sale_order_id)

    # bad input

    def test_mail_without_subject_takes_its_first_words(self):
        case = self._receive(self._mail(Subject=None, body="My lamp does not light up"))
        self.assertEqual(case.name, "My lamp does not light up")

    def test_mail_without_subject_and_body_is_a_case_all_the_same(self):
        case = self._receive(self._mail(Subject=None, body=""))
        self.assertEqual(case.name, "(no subject)")
        self.assertEqual(case.partner_id, self.customer)

    def test_mail_without_sender_is_nobodys_and_never_the_robots(self):
        case = self._receive(self._mail(From=None, Subject="Anonymous"))
        self.assertEqual(case.name, "Anonymous")
        self.assertFalse(case.partner_id or case.identity_id)
        self.assertFalse(case.message_ids.author_id)
        self.assertEqual(case.message_ids.email_from, "Unknown sender")
        self.assertEqual(case.status, "open")

    def test_mail_with_an_unknown_charset_is_read(self):
        for charset, text, expected in (
            ("x-no-such-charset", "Zażółć gęślą".encode(), "Zażółć gęślą"),
            ("cp-850-foo", "Käse".encode("latin-1"), "Käse"),
            ("base64", b"plain", "plain"),
        ):
            with self.subTest(charset):
                head = self._mail(body="x").split(b"Content-Type")[0]
                part = (
                    f'Content-Type: text/plain; charset="{charset}"\n'
                    "Content-Transfer-Encoding: 8bit\n\n"
                )
                case = self._receive(head + part.encode() + text)
                self.assertIn(expected, case.message_ids.body)

    def test_charset_that_does_not_fit_is_replaced_by_one_that_does(self):
        for declared, text, expected in (
            ("utf-8", b"Caf\xe9 please", "Café please"),
            ("us-ascii", "Zażółć gęślą".encode(), "Zażółć gęślą"),
            ("", "Zażółć gęślą".encode(), "Zażółć gęślą"),
        ):
            with self.subTest(declared):
                head = self._mail(body="x").split(b"Content-Type")[0]
                part = (
                    f'Content-Type: text/plain; charset="{declared}"\n'
                    "Content-Transfer-Encoding: 8bit\n\n"
                )
                self.assertIn(expected, self._receive(head + part.encode() + text).message_ids.body)

    def test_charset_that_fits_is_kept(self):
        for charset in ("iso-2022-jp", "shift_jis", "iso-8859-2", "utf-8"):
            text = "ąęł" if charset == "iso-8859-2" else "注文"
            with self.subTest(charset):
                head = self._mail(body="x").split(b"Content-Type")[0]
                part = f"Content-Type: text/plain; charset={charset}\n\n".encode()
                case = self._receive(head + part + text.encode(charset))
                self.assertIn(text, case.message_ids.body)

    def test_line_breaks_and_nul_hidden_in_headers_are_taken_out(self):
        for header, value in (
            ("Subject", "=?utf-8?q?Lamp=00=0D=0ABcc:_x@y.example?="),
            ("From", "=?utf-8?q?Anna=0D=0ABcc:x?= <anna@lampy.example>"),
        ):
            with self.subTest(header):
                lines = self._mail(**{header: None})
                case = self._receive(f"{header}: {value}\n".encode() + lines)
                self.assertTrue(case)
                self.assertTrue(case.name.isprintable())
                self.assertTrue((case.email_from or "").isprintable())
                with self.mock_mail_gateway():
                    self.assertTrue(self._reply(case))

    def test_same_message_twice_is_one_message(self):
        mail = self._mail()
        case = self._receive(mail)
        self.assertFalse(self._receive(mail))
        self.assertEqual(len(case.message_ids), 1)

    def test_team_without_alias_domain_still_gets_mail_of_its_server(self):
        self.company_admin.alias_domain_id = False
        team = self.env["customer.service.team"].create(
            {"name": "Homeless", "company_id": self.company_admin.id}
        )
        team.alias_id.alias_domain_id = False
        self.assertFalse(team.address)
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "customer_service_team_id": team.id}
        )
        thread = self.env["mail.thread"].with_context(default_fetchmail_server_id=server.id)
        case_id = thread.message_process(
            "customer.service.case", self._mail(To="whatever@else.example")
        )
        self.assertEqual(self.Case.browse(case_id).team_id, team)

    def test_server_of_a_team_beats_the_default_team(self):
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "customer_service_team_id": self.other_team.id}
        )
        thread = self.env["mail.thread"].with_context(default_fetchmail_server_id=server.id)
        case_id = thread.message_process(
            "customer.service.case", self._mail(To="box@provider.example")
        )
        self.assertEqual(self.Case.browse(case_id).team_id, self.other_team)

    def test_own_mailbox_leads_to_its_team(self):
        self.other_team.mailbox = "Returns <Box@Provider.example>"
        case_id = self.env["mail.thread"].message_process(
            "customer.service.case", self._mail(To="box@provider.example")
        )
        self.assertEqual(self.Case.browse(case_id).team_id, self.other_team)

    # cost

    @warmup
    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_new_case_by_mail_costs_little_more_than_a_bare_thread(self):
        bare = self.env["customer.service.identity"]  # a thread with next to nothing of its own
        mails = [self._mail(Subject=f"Lamp {n}") for n in range(4)]
        self._receive(mails[0])
        self.env["mail.thread"].message_process(bare._name, self._mail(To="nobody@else.example"))
        counts = {}
        for name, model, mail in (
            ("bare", bare._name, self._mail(To="nobody@else.example")),
            ("case", "customer.service.case", mails[1]),
        ):
            self.env.cr.flush()  # what the mail before left for the end of its transaction
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["mail.thread"].message_process(model, mail)
            self.env.flush_all()
            counts[name] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts["case"], counts["bare"] + 15, counts)

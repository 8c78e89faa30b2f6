from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..tools.forwarded import forwardable
from .common import CustomerServiceCommon

CARRIER = "claims@carrier.example"


class ForwardCommon(CustomerServiceCommon):
    def _case_with_mail(self, **headers):
        """Receive a question with a photo and let the agent take it."""
        case = self._receive(self._mail(body="My lamp arrived broken.", **headers))
        attachment = self.env["ir.attachment"].create(
            {"name": "photo.jpg", "raw": b"photo", "res_model": case._name, "res_id": case.id}
        )
        case.message_ids.attachment_ids = attachment
        case.user_id = self.agent_team
        return case

    def _wizard(self, case, user=None, **values):
        form = Form(
            self.env["customer.service.case.forward"]
            .with_user(user or self.agent_team)
            .with_context(**case.action_forward()["context"])
        )
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def _forward(self, case, email_to=CARRIER, **values):
        """Forward to somebody else; return the mail that went out and the client's action."""
        form = self._wizard(case, target="other", email_to=email_to, **values)
        with self.mock_mail_gateway():
            action = form.save().action_forward()
            (mail,) = self._mails
        return mail, action

    def _answer_of(self, mail, sender=CARRIER, body="We lost it, sorry.", **headers):
        return self._mail(
            body=body,
            **{
                "From": sender,
                "To": mail["reply_to"],
                "Subject": f"Re: {mail['subject']}",
                "In_Reply_To": mail["message_id"],
                "References": mail["message_id"],
                **headers,
            },
        )


@tagged("post_install", "-at_install")
class TestForwardToSomebodyElse(ForwardCommon):
    def test_the_customers_last_message_goes_along(self):
        case = self._case_with_mail()
        self._reply(case, body="We will ask the carrier.")
        mail, action = self._forward(case, comment="Where did it break?")
        self.assertEqual(mail["email_to"], [CARRIER])
        self.assertEqual(mail["email_from"], self.team._formatted_address())
        self.assertEqual(mail["reply_to"], self.team._formatted_address())
        self.assertEqual(mail["subject"], f"Fwd: My order {case._subject_reference()}")
        self.assertIn("Where did it break?", mail["body"])
        self.assertIn("My lamp arrived broken.", mail["body"])
        self.assertNotIn("We will ask the carrier.", mail["body"])
        self.assertEqual([name for name, _raw, _type in mail["attachments"]], ["photo.jpg"])
        self.assertIn(CARRIER, action["params"]["message"])

    def test_the_case_records_it_as_a_note(self):
        case = self._case_with_mail()
        before = case.read(["awaiting_reply", "message_count_agent", "status", "user_id"])
        self._forward(case, email_to=f"The Carrier <{CARRIER}>; second@x.example", comment="Where?")
        note = case.message_ids[0]
        self.assertTrue(note.subtype_id.internal)
        self.assertIn(CARRIER, note.body)
        self.assertIn("second@x.example", note.body)
        self.assertIn("Where?", note.body)
        self.assertEqual(note.attachment_ids.mapped("name"), ["photo.jpg"])
        self.assertEqual(case._consulted_addresses(), {CARRIER, "second@x.example"})
        after = case.read(["awaiting_reply", "message_count_agent", "status", "user_id"])
        self.assertEqual(before, after)
        shown, _more = case._portal_conversation(self.customer)
        self.assertEqual(len(shown), 1)

    def test_nothing_of_the_customers_way_in_goes_along(self):
        case = self._case_with_mail()
        url = case.get_base_url() + case._portal_ensure_token() + case.get_portal_url()
        case.message_ids.body = (
            f'<p>Look <a href="{url}">here</a> or {url} now</p>'
            f'<blockquote data-o-mail-quote="1">You wrote: quoted words {url}</blockquote>'
            f'<p>Thank you</p><img src="/web/image/1?access_token=abc" alt="x"/>'
        )
        mail, _action = self._forward(case)
        self.assertNotIn(case.access_token, mail["body"])
        self.assertNotIn("/my/cases", mail["body"])
        self.assertNotIn("access_token", mail["body"])
        self.assertNotIn("quoted words", mail["body"])
        self.assertNotIn("anna@lampy.example", mail["body"])
        self.assertIn("Thank you", mail["body"])

    def test_the_answer_comes_back_as_a_note(self):
        case = self._case_with_mail()
        mail, _action = self._forward(case)
        case.with_user(self.agent_team).action_pending()
        with self.mock_mail_gateway():
            answered = self._receive(self._answer_of(mail, Cc="boss@carrier.example"))
            self.assertFalse(self._mails)
        self.assertEqual(answered, case)
        note = case.message_ids[0]
        self.assertIn("We lost it", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(case.status, "pending")
        self.assertFalse(case.email_cc)
        self.assertIn(self.agent_team.partner_id, note.notified_partner_ids)
        shown, _more = case._portal_conversation(self.customer)
        self.assertNotIn(note.id, [message["id"] for message in shown])

    def test_an_answer_to_another_message_of_the_case_is_a_note_too(self):
        case = self._case_with_mail()
        mail, _action = self._forward(case)
        public = self._reply(case)
        self._receive(
            self._answer_of(mail, In_Reply_To=public.message_id, References=public.message_id)
        )
        self.assertTrue(case.message_ids[0].subtype_id.internal)
        self.assertIn("We lost it", case.message_ids[0].body)

    def test_a_consulted_person_of_the_customers_company_brings_nobody_in(self):
        self.colleague.email = "piotr@lampy.example"
        case = self._case_with_mail()
        mail, _action = self._forward(case, email_to="piotr@lampy.example")
        self._receive(self._answer_of(mail, sender="piotr@lampy.example", Cc="eve@x.example"))
        self.assertTrue(case.message_ids[0].subtype_id.internal)
        self.assertFalse(case.email_cc)

    def test_whoever_is_in_the_conversation_by_now_speaks_in_it(self):
        case = self._case_with_mail()
        self._forward(case)
        case.email_cc = CARRIER
        self.assertFalse(case._consulted_addresses())

    def test_addresses_that_are_refused(self):
        case = self._case_with_mail(Cc="eve@x.example")
        for addresses in (
            "",
            "nonsense",
            f"{CARRIER}, nonsense",
            "anna@lampy.example",
            "Eve <EVE@x.example>",
            self.team.address,
            self.other_team.address,
            ", ".join(f"a{number}@x.example" for number in range(11)),
        ):
            with self.subTest(addresses=addresses), self.assertRaises(UserError):
                case.with_user(self.agent_team)._forward_addresses(addresses)

    def test_a_note_can_not_be_forwarded(self):
        case = self._case_with_mail()
        note = self._note(case)
        foreign = self._receive(self._mail(From="bob@baker.example")).message_ids
        for message in (note, foreign, self.env["mail.message"]):
            with self.assertRaises(UserError):
                case.with_user(self.agent_team)._forward_to_addresses([CARRIER], "", message)
        self.assertFalse(case._consulted_addresses())
        form = self._wizard(case, target="other")
        self.assertNotIn(note.id, form.allowed_message_ids.ids)

    def test_files_of_a_note_can_not_go_along(self):
        case = self._case_with_mail()
        note = self._note(case, attachments=[("secret.txt", b"internal")])
        with self.assertRaises(UserError):
            case.with_user(self.agent_team)._forward_to_addresses(
                [CARRIER], "", case.message_ids[-1], note.attachment_ids
            )

    def test_files_can_be_left_out(self):
        case = self._case_with_mail()
        form = self._wizard(case, target="other", email_to=CARRIER)
        form.attachment_ids.clear()
        with self.mock_mail_gateway():
            form.save().action_forward()
        self.assertFalse(self._mails[0]["attachments"])

    def test_the_preview_is_what_goes_out(self):
        case = self._case_with_mail()
        form = self._wizard(case, target="other", email_to=CARRIER, comment="Where?")
        self.assertIn("Where?", form.preview)
        self.assertIn("My lamp arrived broken.", form.preview)

    def test_another_message_can_be_chosen(self):
        case = self._case_with_mail()
        reply = self._reply(case, body="Our own words.")
        mail, _action = self._forward(case, message_id=reply)
        self.assertIn("Our own words.", mail["body"])

    def test_only_those_who_work_on_the_case_forward_it(self):
        case = self._case_with_mail()
        for user in (self.agent_own, self.outsider, self.portal_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                case.with_user(user)._forward_to_addresses([CARRIER], "", case.message_ids)
        with self.assertRaises(AccessError):
            self.env["customer.service.case.forward"].with_user(self.portal_user).create(
                {"case_id": case.id}
            )


@tagged("post_install", "-at_install")
class TestForwardToAColleague(ForwardCommon):
    def test_the_colleague_becomes_responsible_and_is_told(self):
        case = self._case_with_mail()
        form = self._wizard(case, user_id=self.supervisor, comment="You know lamps.")
        with self.mock_mail_gateway():
            action = form.save().action_forward()
            self.flush_tracking()
        self.assertNotSentEmail()
        note = case.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertTrue(note.subtype_id.internal)
        self.assertIn("You know lamps.", note.body)
        self.assertEqual(note.notified_partner_ids, self.supervisor.partner_id)
        self.assertEqual(case.user_id, self.supervisor)
        self.assertIn(self.supervisor.name, action["params"]["message"])
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")

    def test_only_asked_the_colleague_is_not_responsible(self):
        case = self._case_with_mail()
        self._wizard(case, user_id=self.supervisor, hand_over=False).save().action_forward()
        self.assertEqual(case.user_id, self.agent_team)

    def test_a_colleague_who_would_not_see_the_case(self):
        case = self._case_with_mail()
        form = self._wizard(case, user_id=self.agent_own, hand_over=False)
        with self.assertRaisesRegex(UserError, "does not see this case"):
            form.save().action_forward()

    def test_whoever_hands_over_may_see_it_no_more(self):
        case = self._case_with_mail()
        case.user_id = self.agent_own
        form = self._wizard(case, user=self.agent_own, user_id=self.agent_team)
        action = form.save().action_forward()
        self.assertEqual(case.user_id, self.agent_team)
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window")


@tagged("post_install", "-at_install")
class TestForwardable(CustomerServiceCommon):
    """The text that goes along, without the database."""

    def test_a_text_that_is_all_quoted_is_kept_without_its_links(self):
        text = forwardable(
            '<div data-o-mail-quote="1">Only this https://shop.example/my/cases/1?x=1 word</div>'
        )
        self.assertIn("Only this", text)
        self.assertIn("word", text)
        self.assertNotIn("/my/cases", text)

    def test_nothing_at_all(self):
        self.assertEqual(forwardable(""), "")
        self.assertEqual(forwardable(None), "")

    def test_other_links_stay(self):
        self.assertIn(
            "https://maps.example/x", forwardable('<a href="https://maps.example/x">M</a>')
        )

    def test_a_very_long_word_takes_no_time(self):
        self.assertIn("x" * 100, forwardable("<p>" + "x" * 500_000 + "access_token</p>"))

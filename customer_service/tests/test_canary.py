"""Internal notes never leave: a word that is only in them is looked for in all that goes out."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import CustomerServiceCommon
from .mail_servers import MailServersMixin

CANARY = "CANARYa7f3"
CARRIER = "claims@carrier.example"


class CanaryCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledge_template_id = cls.env.ref("customer_service.mail_template_acknowledge")

    def _poison(self, case):
        """Write the word into everything that is only for us."""
        case.description = f"<p>{CANARY} description</p>"
        case.tag_ids = self.env["customer.service.tag"].create({"name": f"{CANARY} tag"})
        note = self._note(
            case,
            body=f"{CANARY} note",
            subject=f"{CANARY} subject",
            attachments=[(f"{CANARY}.txt", f"{CANARY} file".encode())],
        )
        case.message_subscribe(self.customer.ids)
        case.message_subscribe(
            self.other_customer.ids, subtype_ids=self.env.ref("mail.mt_note").ids
        )
        # A change that is tracked, with the word among its values.
        stage = self.env["customer.service.stage"].create(
            {"name": f"{CANARY} stage", "status": "open"}
        )
        first = case.stage_id
        case.stage_id = stage
        self.flush_tracking()
        case.stage_id = first
        self.flush_tracking()
        case.activity_schedule(
            "mail.mail_activity_data_todo",
            note=f"{CANARY} activity",
            summary=f"{CANARY} to do",
            user_id=self.agent_team.id,
        )
        return note


@tagged("post_install", "-at_install")
class TestCanaryInMail(MailServersMixin, CanaryCommon):
    """Everything that is mailed, as it arrives at a real SMTP server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls._start_sink()

    def setUp(self):
        super().setUp()
        self._send_to_sink()

    def _everything(self, sent):
        """Return a mail as one text: as it was sent, and each part of it decoded."""
        parts = [sent.raw, *(str(value).encode() for value in sent.parsed.values())]
        for part in sent.parsed.walk():
            parts.append((part.get_filename() or "").encode())
            parts.append(part.get_payload(decode=True) or b"")
        return b"\n".join(parts).decode("utf-8", "replace")

    def _assert_clean(self, least):
        sent = self.sink.wait_for_messages(least)
        self.assertGreaterEqual(len(sent), least, "nothing was sent, so nothing is proven")
        for mail in sent:
            self.assertNotIn(CANARY, self._everything(mail), mail.parsed["Subject"])
        return sent

    def test_the_word_is_found_where_it_is(self):
        case = self._receive(self._mail())
        self._reply(case, attachments=[("x.txt", f"{CANARY} file".encode())])
        self.assertTrue(
            any(CANARY in self._everything(mail) for mail in self.sink.wait_for_messages(2))
        )

    def test_answers_and_acknowledgements(self):
        case = self._receive(self._mail(Cc="Eve <eve@x.example>"))
        self._poison(case)
        self._reply(case, body="It is on its way.", attachments=[("label.txt", b"label")])
        case.with_user(self.agent_team).action_resolve()
        case.with_user(self.agent_team).action_close()
        case.with_user(self.agent_team).action_reopen()
        self.flush_tracking()
        self._reply(case, body="Once more.")
        case._acknowledge()
        sent = self._assert_clean(5)
        recipients = {address for mail in sent for address in mail.recipients}
        self.assertEqual(recipients, {"anna@lampy.example", "eve@x.example"})

    def test_a_forward_and_what_comes_after_it(self):
        case = self._receive(self._mail())
        self._poison(case)
        case.user_id = self.agent_team
        mine = case.with_user(self.agent_team)
        mine._forward_to_addresses([CARRIER], "Where?", mine._forward_default_message())
        forward = self.sink.to(CARRIER)
        self.assertTrue(forward)
        self._receive(
            self._mail(
                body=f"{CANARY} is what the carrier says",
                From=CARRIER,
                In_Reply_To=str(forward[0].parsed["Message-Id"]),
            )
        )
        mine._forward_to_colleague(self.supervisor, f"{CANARY} comment", hand_over=False)
        self._reply(case, body="We asked the carrier.")
        self._assert_clean(3)

    def test_a_message_from_the_order(self):
        order = self._create_order(self.customer)
        case = self._create_case(sale_order_id=order.id)
        self._poison(case)
        write = self.env["customer.service.order.write"].with_user(self.supervisor)
        private = write.create({"order_id": order.id, "body": f"<p>{CANARY}</p>"})
        private.visibility = "private"
        private.action_send()
        write.create({"order_id": order.id, "body": "<p>News</p>"}).action_send()
        self._assert_clean(1)


@tagged("post_install", "-at_install")
class TestCanaryInPortal(CanaryCommon, HttpCase):
    """Everything that the customer can read: pages, files, and the API behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user.password = "canary-portal"

    def setUp(self):
        super().setUp()
        with self.mock_mail_gateway():
            self.case = self._receive(self._mail())
            self.note = self._poison(self.case)
            self._reply(self.case, attachments=[("label.txt", b"label")])
            self.case.with_user(self.agent_team)._forward_to_addresses(
                [CARRIER], f"{CANARY} comment", self.case._forward_default_message()
            )
        self.token = self.case._portal_ensure_token()

    def test_pages(self):
        self.authenticate(None, None)
        page = self.url_open(f"/my/cases/{self.case.id}?access_token={self.token}")
        self.assertIn("label.txt", page.text)
        self.assertNotIn(CANARY, page.text)
        self.assertNotIn(CARRIER, page.text)
        self.authenticate(self.portal_user.login, "canary-portal")
        for url in (f"/my/cases/{self.case.id}", "/my/cases", f"/my/cases?search={CANARY[:6]}"):
            text = self.url_open(url).text.replace(f"search={CANARY[:6]}", "")
            self.assertNotIn(CANARY, text, url)
            self.assertNotIn(CARRIER, text, url)

    def test_files_of_a_note(self):
        file = self.note.attachment_ids
        for login in ((None, None), (self.portal_user.login, "canary-portal")):
            self.authenticate(*login)
            for url in (
                f"/web/content/{file.id}?download=1",
                f"/web/content/{file.id}?access_token={self.token}",
                f"/web/image/{file.id}",
                f"/web/content/{file.id}?model=customer.service.case&id={self.case.id}",
            ):
                response = self.url_open(url)
                self.assertNotIn(f"{CANARY} file".encode(), response.content, url)

    def test_the_api_of_the_portal_chatter(self):
        self.authenticate(self.portal_user.login, "canary-portal")
        thread = {"thread_model": self.case._name, "thread_id": self.case.id}
        for route, params in (
            ("/mail/thread/messages", thread),
            ("/mail/thread/messages", {**thread, "fetch_params": {"search_term": "CANARY"}}),
            ("/portal/chatter_init", thread),
            (
                "/mail/data",
                {
                    "fetch_params": [
                        [
                            "mail.thread",
                            {**thread, "request_list": ["attachments", "followers", "activities"]},
                        ]
                    ]
                },
            ),
        ):
            answer = self.url_open(
                route, json={"jsonrpc": "2.0", "method": "call", "params": params}
            )
            self.assertNotIn(CANARY, answer.text, route)
            self.assertNotIn(CARRIER, answer.text, route)

    def test_messages_and_files_of_the_models(self):
        env = self.env(user=self.portal_user)
        messages = env["mail.message"].search(
            [("model", "=", self.case._name), ("res_id", "=", self.case.id)]
        )
        self.assertTrue(messages)
        for message in messages:
            self.assertNotIn(CANARY, f"{message.body} {message.subject}")
        self.assertNotIn(self.note, messages)
        self.assertFalse(env["mail.message"].search([("body", "ilike", CANARY)]))
        self.assertFalse(env["ir.attachment"].search([("name", "ilike", CANARY)]))
        self.assertFalse(env["mail.tracking.value"].sudo(False).has_access("read"))
        readable = [
            name
            for name, field in self.case._fields.items()
            if self.case.with_user(self.portal_user)._has_field_access(field, "read")
        ]
        values = self.case.with_user(self.portal_user).read(readable)
        self.assertNotIn(CANARY, str(values))
        self.assertNotIn(CARRIER, str(values))

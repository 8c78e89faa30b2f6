from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .test_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalRefusals(PortalCommon):
    """What nobody outside gets: other people's cases, internal notes, their files, our fields.

    By our own pages and by every way the host opens for its portal.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reply = cls._reply(cls, cls.case, attachments=[("label.txt", b"public")])
        cls.note = cls._note(cls, cls.case, attachments=[("secret.txt", b"internal")])
        cls.other_reply = cls._reply(cls, cls.other_case, attachments=[("bob.txt", b"bob")])
        cls.token = cls.case._portal_ensure_token()
        cls.other_token = cls.other_case._portal_ensure_token()

    # our pages

    def test_page_of_somebody_else(self):
        for user in (self.portal_other, self.portal_colleague):
            self._login(user)
            response = self._get(self.case.access_url)
            self.assertNotIn(self.case.name, response.text)
            self.assertTrue(response.url.endswith("/my/cases"))

    def test_page_for_a_guest_without_the_right_token(self):
        self._login()
        for token in ("", "nonsense", self.other_token):
            response = self._get(self.case.access_url, access_token=token)
            self.assertIn("/web/login", response.url)
            self.assertNotIn(self.case.name, response.text)

    def test_case_that_does_not_exist_looks_like_a_foreign_one(self):
        self._login()
        response = self._get("/my/cases/99999999", access_token=self.token)
        self.assertIn("/web/login", response.url)

    def test_list_needs_a_login(self):
        self._login()
        self.assertIn("/web/login", self._get("/my/cases", access_token=self.token).url)

    @mute_logger("odoo.http")
    def test_foreign_hands_change_nothing(self):
        attempts = (
            (self.portal_other, None),
            (self.portal_colleague, None),
            (self.portal_other, self.other_token),
            (self.agent_team, None),
            (None, None),
            (None, "nonsense"),
            (None, self.other_token),
        )
        for user, token in attempts:
            self._login(user)
            for action in ("answer", "resolve", "reopen"):
                with self.subTest(user=user and user.login, token=token, action=action):
                    response = self._post(self.case, action, "Let me in", token=token)
                    self.assertEqual(response.status_code, 404)
        self.assertEqual(self.case.status, "open")
        self.assertEqual(self._spoken(self.case), self.reply)

    @mute_logger("odoo.http")
    def test_nothing_is_changed_by_a_link(self):
        self._login(self.portal_user)
        for action in ("answer", "resolve", "reopen"):
            response = self._get(f"{self.case.access_url}/{action}", body="x")
            self.assertIn(response.status_code, (404, 405))
        self.assertEqual(self._spoken(self.case), self.reply)

    @mute_logger("odoo.http")
    def test_nothing_is_changed_from_another_site(self):
        self._login(self.portal_user)
        for action in ("answer", "resolve", "reopen"):
            self.assertEqual(self._post(self.case, action, "x", csrf=False).status_code, 400)
        self.assertEqual(self._spoken(self.case), self.reply)

    def test_form_writes_nothing_but_text_and_files(self):
        self._login(self.portal_user)
        self._post(
            self.case,
            "answer",
            "Just text",
            name="Hacked",
            priority="3",
            author_id=self.agent_team.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.other_customer.id,
        )
        message = self._spoken(self.case)[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertFalse(message.partner_ids)
        self.assertEqual(self.case.name, "Where is my lamp?")
        self.assertEqual(self.case.priority, "1")

    # files

    @mute_logger("odoo.http")
    def test_files_open_with_their_own_token_only(self):
        label, secret = self.reply.attachment_ids, self.note.attachment_ids
        bob = self.other_reply.attachment_ids
        token = label._get_raw_access_token()
        for user in (None, self.portal_user, self.portal_other):
            self._login(user)
            with self.subTest(user=user and user.login):
                self.assertEqual(self._content(label, token).text, "public")
                for file in (secret, bob):
                    for wrong in ("", token, self.token, self.other_token):
                        self.assertEqual(self._content(file, wrong).status_code, 404)
        self._login()
        self.assertEqual(self._content(label, "").status_code, 404)

    def _content(self, attachment, token):
        arguments = {"access_token": token} if token else {}
        return self._get(f"/web/content/{attachment.id}", **arguments)

    def test_page_names_the_public_files_only(self):
        self._login()
        page = self._get(self.case.access_url, access_token=self.token).text
        self.assertIn(f"/web/content/{self.reply.attachment_ids.id}?", page)
        self.assertNotIn(f"/web/content/{self.note.attachment_ids.id}?", page)

    # the host's routes

    def test_host_lists_no_internal_message(self):
        for user, token in ((self.portal_user, None), (None, self.token)):
            self._login(user)
            found = self._chatter(self.case, token)
            self.assertEqual(found["messages"], self.reply.ids)

    @mute_logger("odoo.http")
    def test_host_lists_no_foreign_message(self):
        for user, token in (
            (self.portal_other, None),
            (self.portal_colleague, None),
            (None, None),
            (None, "nonsense"),
            (None, self.other_token),
        ):
            self._login(user)
            with self.subTest(user=user and user.login, token=token):
                try:
                    found = self._chatter(self.case, token)["messages"]
                except JsonRpcException:
                    found = []
                self.assertFalse(found)

    def _chatter(self, case, token):
        arguments = {"thread_model": case._name, "thread_id": case.id}
        if token:
            arguments["token"] = token
        return self.make_jsonrpc_request("/mail/chatter_fetch", arguments)

    def test_host_gives_a_guest_nothing_internal_of_the_thread(self):
        self.case.message_subscribe(self.agent_own.partner_id.ids)
        self.case.email_cc = "boss@lampy.example"
        self.env["mail.scheduled.message"].create(
            {
                "model": self.case._name,
                "res_id": self.case.id,
                "author_id": self.agent_team.partner_id.id,
                "body": "Draft of an agent",
                "scheduled_date": "2099-01-01 00:00:00",
            }
        )
        requests = [
            "activities",
            "attachments",
            "contact_fields",
            "followers",
            "scheduledMessages",
            "suggestedRecipients",
        ]
        for user in (None, self.portal_other):
            self._login(user)
            params = {
                "thread_model": self.case._name,
                "thread_id": self.case.id,
                "access_params": {"token": self.token},
                "request_list": requests,
            }
            answer = str(
                self.make_jsonrpc_request("/mail/data", {"fetch_params": [["mail.thread", params]]})
            )
            self.assertIn("label.txt", answer)
            for text in ("secret.txt", "Draft of an agent", "boss@", self.agent_own.name):
                self.assertNotIn(text, answer)

    @mute_logger("odoo.http")
    def test_host_posts_only_where_one_may_and_only_as_oneself(self):
        post = {"body": "By the host", "message_type": "email", "subtype_xmlid": "mail.mt_comment"}
        for user in (self.portal_other, self.portal_colleague, None):
            self._login(user)
            with self.subTest(user=user and user.login), self.assertRaises(JsonRpcException):
                self._host_post(post)
        self._login(self.portal_user)
        self._host_post({**post, "author_id": self.agent_team.partner_id.id, "email_from": "x@y.z"})
        message = self._spoken(self.case)[0]
        self.assertEqual((message.author_id, message.message_type), (self.customer, "comment"))
        self._login()
        self._host_post({**post, "body": "By a guest"}, token=self.token)
        self.assertEqual(self._spoken(self.case)[0].author_id, self.customer)

    @mute_logger("odoo.http")
    def test_host_attaches_no_file_of_somebody_else(self):
        secret = self.note.attachment_ids
        self._login(self.portal_user)
        post = {"body": "Mine?", "subtype_xmlid": "mail.mt_comment", "attachment_ids": secret.ids}
        for tokens in (None, [secret._get_raw_access_token()]):
            with self.assertRaises(JsonRpcException):
                self._host_post({**post, "attachment_tokens": tokens})
        self.assertEqual(self._spoken(self.case), self.reply)

    def _host_post(self, post_data, **arguments):
        return self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": self.case._name,
                "thread_id": self.case.id,
                "post_data": post_data,
                **arguments,
            },
        )

    # the API

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_access", "odoo.orm.models")
    def test_api_changes_nothing(self):
        self._login(self.portal_user)
        case = self.case
        for method, arguments in (
            ("write", [case.ids, {"name": "Hacked"}]),
            ("write", [case.ids, {"access_token": "1"}]),
            ("create", [{"name": "New"}]),
            ("unlink", [case.ids]),
            ("copy", [case.ids]),
            ("action_resolve", [case.ids]),
            ("action_take", [case.ids]),
            ("message_subscribe", [case.ids, self.other_customer.ids]),
        ):
            with self.subTest(method), self.assertRaises(JsonRpcException):
                self._call(case._name, method, arguments)
        with self.assertRaises(JsonRpcException):
            self._call("res.partner", "write", [self.customer.ids, {"portal_company_cases": True}])
        self.assertEqual(case.name, "Where is my lamp?")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.orm.models")
    def test_api_reads_nothing_internal(self):
        self._login(self.portal_user)
        self.team.use_hierarchy = True
        self.case.with_context(other_customer_agreed=True).parent_id = self.other_case
        self.case.email_cc = "boss@lampy.example"
        for name in (
            "description",
            "priority",
            "tag_ids",
            "email_cc",
            "parent_id",
            "identity_id",
            "properties",
            "message_ids",
            "last_message_preview",
            "last_message_date",
            "date_deadline",
        ):
            with self.subTest(name):
                with self.assertRaises(JsonRpcException):
                    self._call(self.case._name, "read", [self.case.ids, [name]])
                with self.assertRaises(JsonRpcException):
                    self._call(self.case._name, "search", [[(name, "=", "1")]])
                with self.assertRaises(JsonRpcException):
                    self._call(self.case._name, "formatted_read_group", [[], [name], []])
        for model in ("customer.service.team", "customer.service.stage"):
            with self.subTest(model), self.assertRaises(JsonRpcException):
                self._call(model, "search_read", [[]])
        ours = (self.reply | self.note | self.other_reply).attachment_ids
        found = self._call("ir.attachment", "search", [[("id", "in", ours.ids)]])
        self.assertFalse(found)
        found = self._call(self.case._name, "search_read", [[], ["number"]])
        self.assertEqual([values["id"] for values in found], self.case.ids)
        with self.assertRaises(JsonRpcException):
            self._call(self.case._name, "read", [self.other_case.ids, ["number"]])
        found = self._call(
            "mail.message", "search_read", [[("model", "=", self.case._name)], ["body"]]
        )
        self.assertEqual([values["id"] for values in found], self.reply.ids)

    def _call(self, model, method, arguments):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": {}},
        )

    def test_customer_who_changes_companies_leaves_the_cases_behind(self):
        self.colleague.portal_company_cases = True
        case = self.case.with_user(self.portal_colleague)
        case.check_access("read")
        self.colleague.parent_id = False
        with self.assertRaises(AccessError):
            case.check_access("read")

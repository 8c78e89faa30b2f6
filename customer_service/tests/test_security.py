from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import CustomerServiceCommon
from .test_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestSecurityPortal(PortalCommon):
    """Ways around the page: the host's routes and the API, by customers, guests and colleagues."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reply = cls._reply(cls, cls.case)
        cls.note = cls._note(cls, cls.case, attachments=[("secret.txt", b"internal")])
        cls.token = cls.case._portal_ensure_token()

    def _call(self, model, method, arguments, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": kwargs},
        )

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

    def _host_edit(self, message, **arguments):
        return self.make_jsonrpc_request(
            "/mail/message/update_content",
            {"message_id": message.id, "update_data": {"body": "Never said"}, **arguments},
        )

    # what was said stays

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_customer_rewrites_no_message_by_the_api(self):
        self._login(self.portal_user)
        own = self.case.with_user(self.portal_user).message_post(body="Mine").sudo()
        for message in (self.reply, own):
            before = message.body
            for values in (
                {"body": "We refund everything"},
                {"date": "2020-01-01 00:00:00"},
                {"attachment_ids": [(4, self.note.attachment_ids.id)]},
                {"is_internal": True},
            ):
                with self.subTest(values), self.assertRaises(JsonRpcException):
                    self._call("mail.message", "write", [message.ids, values])
            with self.assertRaises(JsonRpcException):
                self._call("mail.message", "unlink", [message.ids])
            self.assertEqual(message.body, before)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_customer_makes_no_message_of_the_past(self):
        self._login(self.portal_user)
        values = {
            "model": self.case._name,
            "res_id": self.case.id,
            "body": "I told you in 2020",
            "date": "2020-01-01 00:00:00",
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "message_type": "comment",
        }
        with self.assertRaises(JsonRpcException):
            self._call("mail.message", "create", [values])
        self.assertEqual(self._spoken(self.case), self.reply)

    @mute_logger("odoo.http")
    def test_nobody_outside_edits_what_was_said(self):
        self._login(self.portal_user)
        self._post(self.case, "answer", "It is broken")
        message = self._spoken(self.case)[0]
        with self.assertRaises(JsonRpcException):
            self._host_edit(message)
        self._login()
        with self.assertRaises(JsonRpcException):
            self._host_edit(message, token=self.token)
        self.assertIn("It is broken", message.body)

    # who says it, and as what

    def test_what_a_customer_says_by_the_host_is_never_a_note(self):
        self.case.action_resolve()
        for user, access in ((self.portal_user, {}), (None, {"token": self.token})):
            for subtype in ({}, {"subtype_xmlid": "mail.mt_note"}):
                self._login(user)
                with self.subTest(user=user and user.login, subtype=subtype):
                    self.case.stage_id = self.env.ref("customer_service.stage_resolved")
                    posted = self._host_post({"body": "Hello", **subtype}, **access)
                    self.assertEqual(self._spoken(self.case)[0].id, posted["message_id"])
                    self.assertEqual(self.case.status, "open")

    @mute_logger("odoo.http")
    def test_colleague_without_rights_does_not_speak_by_a_link(self):
        self._login(self.outsider)
        self.assertEqual(self._get(self.case.access_url, access_token=self.token).status_code, 200)
        for message_type in ("comment", "email"):
            post = {"body": "As the team", "subtype_xmlid": "mail.mt_comment"}
            with self.assertRaises(JsonRpcException):
                self._host_post({**post, "message_type": message_type}, token=self.token)
        self.assertEqual(self._spoken(self.case), self.reply)

    def test_api_takes_no_foreign_file_into_an_answer(self):
        self._login(self.portal_user)
        secret = self.note.attachment_ids
        self._call(
            self.case._name,
            "message_post",
            [self.case.ids],
            body="<b>Mine?</b>",
            attachment_ids=secret.ids,
            subtype_xmlid="mail.mt_note",
        )
        message = self._spoken(self.case)[0]
        self.assertFalse(message.attachment_ids)
        self.assertEqual(message.author_id, self.customer)
        self.assertNotIn("<b>", message.body)

    # the link

    @mute_logger("odoo.http")
    def test_colleague_gets_no_link_that_outlasts_the_right(self):
        self.colleague.portal_company_cases = True
        self._login(self.portal_colleague)
        self.assertTrue(self._call(self.case._name, "read", [self.case.ids, ["number"]]))
        with self.assertRaises(JsonRpcException):
            self._call(self.case._name, "read", [self.case.ids, ["access_token"]])
        with self.assertRaises(JsonRpcException):
            self._call(self.case._name, "get_portal_url", [self.case.ids])

    # what no browser sends

    def test_nonsense_is_refused_without_an_error(self):
        self._login()
        response = self._get(self.case.access_url, access_token="żółw")
        self.assertIn("/web/login", response.url)
        self._login(self.portal_user)
        self.assertEqual(self._get("/my/cases", search="%00").status_code, 200)
        response = self.url_open(
            f"{self.case.access_url}/answer",
            {"csrf_token": Request.csrf_token(self)},
            files=[("body", ("body.txt", b"a file for a text"))],
        )
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._spoken(self.case), self.reply)

    def test_page_is_not_kept_for_others(self):
        self._login()
        response = self._get(self.case.access_url, access_token=self.token)
        self.assertIn("private", response.headers["Cache-Control"])


@tagged("post_install", "-at_install")
class TestSecurityAgent(CustomerServiceCommon):
    """What agents could learn of records that are not theirs."""

    def test_links_show_no_name_of_what_one_may_not_see(self):
        second = self.env["res.company"].create({"name": "Second Shop"})
        team = self.env["customer.service.team"].create({"name": "Second", "company_id": second.id})
        hidden = {
            "parent_id": self._create_case(name="Secret", team_id=team.id, partner_id=False),
            "identity_id": self.env["customer.service.identity"].create(
                {"name": "Secret", "company_id": second.id}
            ),
        }
        colleagues = self._create_case(name="Secret", user_id=self.supervisor.id)
        own = self._create_case(user_id=self.agent_own.id).with_user(self.agent_own)
        for name, record in [*hidden.items(), ("parent_id", colleagues)]:
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    own.write({name: record.id})
                with self.assertRaises(AccessError):
                    own.create({"name": "New", "team_id": self.team.id, name: record.id})

    def test_links_to_what_one_sees_are_free(self):
        self.team.use_hierarchy = True
        parent = self._create_case(user_id=self.agent_own.id)
        own = self._create_case(user_id=self.agent_own.id).with_user(self.agent_own)
        own.parent_id = parent
        self.assertEqual(own.parent_id, parent)


@tagged("post_install", "-at_install")
class TestSecurityMail(CustomerServiceCommon):
    """What senders could bring about with what is written in a mail."""

    def test_strangers_and_machines_bring_nobody_into_copy(self):
        case = self._receive(self._mail(From="Bob <bob@baker.example>", Cc="eve@x.example"))
        reference = case.message_ids.message_id
        for headers in (
            {"From": "mallory@evil.example"},
            {"From": f"Agent <{self.agent_team.email}>"},
            {"From": "Bob <bob@baker.example>", "Auto_Submitted": "auto-replied"},
        ):
            with self.subTest(headers):
                mail = self._mail(Cc="evil@evil.example", In_Reply_To=reference, **headers)
                self._receive(mail)
                self.assertEqual(case.email_cc, "eve@x.example")

    def test_those_who_take_part_bring_others_in(self):
        company = self.env["res.partner"].create({"name": "Zoe & Co", "is_company": True})
        people = ("zoe@zoe.example", "yan@zoe.example")
        self.env["res.partner"].create(
            [
                {
                    "name": email,
                    "email": email,
                    "parent_id": company.id,
                    "portal_company_cases": True,
                }
                for email in people
            ]
        )
        case = self._receive(self._mail(From=people[0], Cc="eve@x.example"))
        reference = case.message_ids.message_id
        for number, sender in enumerate((*people, "eve@x.example")):
            copy = f"new{number}@x.example"
            self._receive(self._mail(From=sender, Cc=copy, In_Reply_To=reference))
            self.assertIn(copy, case.email_cc)

    def test_mail_to_the_customer_gives_nobody_their_account(self):
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        newcomer = self.env["res.partner"].create({"name": "New", "email": "new@x.example"})
        for partner in (self.customer, newcomer):
            case = self._create_case(partner_id=partner.id)
            with self.mock_mail_gateway():
                reply = self._reply(case)
            mail = self._new_mails.filtered_domain([("mail_message_id", "=", reply.id)])
            self.assertEqual(mail.recipient_ids, partner)
            self.assertIn(f"access_token={case.access_token}", mail.body_html)
            for secret in ("signup_token", "auth_login", "hash=", "pid="):
                self.assertNotIn(secret, mail.body_html)

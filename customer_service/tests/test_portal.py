import io

from odoo import fields
from odoo.fields import Domain
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .. import const
from .common import CustomerServiceCommon

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "000002000001e221bc330000000049454e44ae426082"
)


class PortalCommon(CustomerServiceCommon, HttpCase):
    """Cases of two customers, and what a browser does with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The words that these tests look for are English, whatever has been translated.
        (cls.customer | cls.colleague).lang = "en_US"
        cls.order = cls._create_order(cls.customer, state="sale")
        cls.case = cls._create_case(sale_order_id=cls.order.id)
        cls.colleague_case = cls._create_case(name="Wholesale?", partner_id=cls.colleague.id)
        cls.other_case = cls._create_case(name="Bob's lamp", partner_id=cls.other_customer.id)
        cls.nobodys_case = cls._create_case(
            name="A stranger asks", partner_id=False, email_from="Jan Obcy <jan@obcy.example>"
        )

    def _login(self, user=None):
        """Be this user for the following requests, a guest without one."""
        login = user and user.login
        self.authenticate(login, login)

    def _get(self, path, **arguments):
        return self.url_open(self._path(path, arguments))

    def _path(self, path, arguments):
        query = "&".join(f"{name}={value}" for name, value in arguments.items())
        return f"{path}?{query}" if query else path

    def _post(self, case, action, body="", files=(), token=None, csrf=True, **values):
        """Press a button of the page of a case."""
        data = {"body": body, **values}
        if token:
            data["access_token"] = token
        if csrf:
            data["csrf_token"] = Request.csrf_token(self)
        uploads = [("attachment", (name, io.BytesIO(content))) for name, content in files]
        return self.url_open(
            f"/my/cases/{case.id}/{action}", data, files=uploads or None, allow_redirects=False
        )

    def _spoken(self, case):
        """Return the public messages of a case, the newest first."""
        return self.env["mail.message"].search(case._portal_message_domain(), order="id desc")


@tagged("post_install", "-at_install")
class TestPortalCase(CustomerServiceCommon):
    def test_customer_reads_a_status_in_their_own_words(self):
        stage = self.env.ref("customer_service.stage_pending_other")
        stage.awaits_customer = False
        case = self._create_case()
        expected = {"open": "working", "pending": "waiting", "resolved": "solved"}
        for status, word in {**expected, "closed": "closed"}.items():
            case.status = status
            self.assertEqual(case.portal_status, word)
            self.assertTrue(case._portal_next_step())
            found = self.Case.search(case._portal_status_domain(word) & self._domain(case))
            self.assertEqual(found, case)
        case.stage_id = stage
        self.assertEqual(case.portal_status, "working", "we wait for somebody else")
        found = self.Case.search(case._portal_status_domain("working") & self._domain(case))
        self.assertEqual(found, case)

    def _domain(self, case):
        return Domain("id", "=", case.id)

    def test_last_update_does_not_tell_of_internal_notes(self):
        case = self._create_case()
        before = case.last_public_message_date
        self.assertTrue(before)
        case.last_customer_message_date = "2024-05-01 10:00:00"
        self._note(case)
        self.assertEqual(str(case.last_public_message_date), "2024-05-01 10:00:00")
        self._reply(case)
        self.assertGreater(str(case.last_public_message_date), "2024-05-01 10:00:00")

    def test_new_fields_stay_inside_unless_they_are_named(self):
        case = self._create_case(email_cc="boss@lampy.example").with_user(self.portal_user)
        readable = set(case.fields_get())
        self.assertLessEqual(readable, const.PORTAL_READABLE_FIELDS)
        self.assertTrue(case.search_read([], ["number", "display_name"]))
        self.assertTrue(self.Case.with_user(self.agent_team).fields_get(["email_cc", "priority"]))

    def test_each_speaker_has_a_name_and_a_side(self):
        case = self._create_case(partner_id=False, email_from="Jan Obcy <jan@obcy.example>")
        post = {"message_type": "email", "subtype_xmlid": "mail.mt_comment", "author_id": False}
        case.message_post(body="1", email_from="Jan Obcy <jan@obcy.example>", **post)
        case.message_post(body="2", email_from="wife@obcy.example", **post)
        self._reply(case)
        case.message_post(
            body="4",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.ref("base.partner_root").id,
        )
        conversation, has_earlier = case._portal_conversation(self.env["res.partner"])
        self.assertFalse(has_earlier)
        self.assertEqual(
            [(line["author"], line["is_ours"], line["is_viewer"]) for line in conversation],
            [
                ("Jan Obcy", False, True),
                ("wife", False, False),
                (self.agent_team.name, True, False),
                (self.team.name, True, False),
            ],
        )

    def test_long_conversation_comes_in_pages(self):
        case = self._create_case()
        for number in range(5):
            self._reply(case, body=f"Message {number}")
        newest, has_earlier = case._portal_conversation(self.customer, page=1, step=2)
        self.assertTrue(has_earlier)
        self.assertIn("Message 4", newest[-1]["body"])
        oldest, has_earlier = case._portal_conversation(self.customer, page=3, step=2)
        self.assertFalse(has_earlier)
        self.assertIn("Message 0", oldest[0]["body"])

    def test_image_in_the_text_is_not_shown_twice(self):
        case = self._create_case()
        message = case.message_post(
            body="See the photo",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.customer.id,
            attachments=[("photo.png", PNG), ("list.csv", b"a,b")],
        )
        photo = message.attachment_ids.filtered(lambda file: file.name == "photo.png")
        line = case._portal_message_values(message, self.customer)
        self.assertEqual([image["name"] for image in line["images"]], ["photo.png"])
        self.assertEqual([file["name"] for file in line["files"]], ["list.csv"])
        message.body = f'<p><img src="/web/image/{photo.id}?access_token=1"/></p>'
        self.assertFalse(case._portal_message_values(message, self.customer)["images"])

    def test_order_is_found_by_its_number_whoever_may_open_it(self):
        order = self._create_order(self.other_customer)
        case = self._create_case(name="Mine", partner_id=self.other_customer.id)
        case.sale_order_id = order
        as_customer = self.Case.with_user(self.portal_other)
        for search_in, text in (
            ("order", order.name),
            ("number", case.number.lower()),
            ("subject", "min"),
            ("all", order.name[1:]),
        ):
            with self.subTest(search_in):
                domain = as_customer._portal_search_domain(text, search_in)
                self.assertEqual(as_customer.search(domain).sudo(), case)
        self.assertFalse(as_customer.search(as_customer._portal_search_domain("zzz")))


@tagged("post_install", "-at_install")
class TestPortalPages(PortalCommon):
    def test_list_shows_own_cases_only(self):
        self._login(self.portal_user)
        page = self._get("/my/cases").text
        self.assertIn(self.case.number, page)
        for case in (self.colleague_case, self.other_case, self.nobodys_case):
            self.assertNotIn(case.number, page)

    def test_list_shows_the_company_only_where_the_record_says_so(self):
        self.customer.portal_company_cases = True
        self._login(self.portal_user)
        page = self._get("/my/cases").text
        self.assertIn(self.colleague_case.number, page)
        self.assertIn(self.colleague.name, page)
        self.assertNotIn(self.other_case.number, page)
        self.assertEqual(self._get(self.colleague_case.access_url).status_code, 200)

    def test_list_is_searched_filtered_and_sorted(self):
        self.case.status = "resolved"
        second = self._create_case(name="Second")
        self._login(self.portal_user)
        for arguments, expected in (
            ({"filterby": "open"}, second),
            ({"filterby": "solved"}, self.case),
            ({"filterby": "closed"}, self.Case),
            ({"search": "second", "search_in": "subject"}, second),
            ({"search": self.order.name}, self.case),
            ({"search": self.order.name, "search_in": "subject"}, self.Case),
            ({"filterby": "nonsense", "sortby": "nonsense"}, self.case | second),
            ({"sortby": "newest"}, self.case | second),
            ({"sortby": "status", "search_in": "nonsense"}, self.case | second),
        ):
            with self.subTest(arguments):
                page = self._get("/my/cases", **arguments)
                self.assertEqual(page.status_code, 200)
                for case in self.case | second:
                    check = self.assertIn if case in expected else self.assertNotIn
                    check(case.access_url + '"', page.text)

    def test_list_has_pages(self):
        self._create_case_batch(25)
        self._login(self.portal_user)
        self.assertIn("/my/cases/page/2", self._get("/my/cases").text)
        self.assertIn(self.case.number, self._get("/my/cases/page/2").text)
        self.assertEqual(self._get("/my/cases/page/99").status_code, 200)

    def test_empty_list_says_where_to_write(self):
        (self.case | self.colleague_case).unlink()
        self._login(self.portal_user)
        self.assertIn("mailto:", self._get("/my/cases").text)
        self.assertIn("Nothing found", self._get("/my/cases", search="zzz").text)

    def test_agent_finds_no_ones_cases_in_their_own_portal(self):
        self._login(self.supervisor)
        self.assertNotIn(self.case.number, self._get("/my/cases").text)
        self._login(self.outsider)
        self.assertEqual(self._get("/my/cases").status_code, 200)

    def test_home_counts_what_is_open_and_what_waits(self):
        self._create_case(status="pending")
        self._create_case(status="closed")
        self._login(self.portal_user)
        self.assertIn("/my/cases", self._get("/my").text)
        counters = ["case_open_count", "case_waiting_count"]
        self.assertEqual(
            self.make_jsonrpc_request("/my/counters", {"counters": counters}),
            {"case_open_count": 2, "case_waiting_count": 1},
        )

    def test_list_costs_the_same_with_many_cases(self):
        self._login(self.portal_user)
        few = self._count_queries("/my/cases")
        self._create_case_batch(15)
        self.assertLessEqual(self._count_queries("/my/cases"), few)

    def test_page_costs_the_same_with_many_messages(self):
        self._login(self.portal_user)
        self._reply(self.case, attachments=[("a.txt", b"a")])
        few = self._count_queries(self.case.access_url)
        for number in range(10):
            self._reply(self.case, body=str(number), attachments=[("a.txt", b"a")])
        self.assertLessEqual(self._count_queries(self.case.access_url), few)

    def _create_case_batch(self, count):
        orders = [self._create_order(self.customer, state="sale") for _index in range(3)]
        for index in range(count):
            self._create_case(name=f"Case {index}", sale_order_id=orders[index % 3].id)

    def _count_queries(self, path):
        """Count the queries of a page that was opened before."""
        for _attempt in range(3):
            self._get(path)
            before = self.cr.sql_log_count
            self._get(path)
        return self.cr.sql_log_count - before

    def test_page_shows_the_public_conversation_and_the_order(self):
        self._reply(self.case, body="It is on its way.", attachments=[("label.pdf", b"%PDF-1.4")])
        self._note(self.case, body="He is difficult.", attachments=[("secret.pdf", b"%PDF-1.4")])
        self._login(self.portal_user)
        page = self._get(self.case.access_url).text
        for text in ("It is on its way.", "label.pdf", self.agent_team.name, "/my/orders/"):
            self.assertIn(text, page)
        for text in ("difficult", "secret.pdf"):
            self.assertNotIn(text, page)

    def test_order_that_would_not_open_has_no_link(self):
        self._login()
        page = self._get(self.case.access_url, access_token=self.case._portal_ensure_token()).text
        self.assertIn(self.order.name, page)
        self.assertNotIn("/my/orders", page)

    def test_guest_sees_this_case_and_no_way_to_another(self):
        self._login()
        page = self._get(self.case.access_url, access_token=self.case._portal_ensure_token())
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.case.name, page.text)
        self.assertNotIn('href="/my/cases"', page.text)
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex, nofollow")
        self.assertEqual(page.headers["Referrer-Policy"], "same-origin")

    def test_link_in_the_mail_leads_to_the_page(self):
        url = self.case._get_share_url(redirect=True)
        self._login()
        self.assertIn(self.case.name, self.url_open(url).text)

    def test_agent_sees_a_preview_without_an_answer_box(self):
        self._login(self.supervisor)
        page = self._get(self.case.access_url).text
        self.assertIn("/mail/view?model=", page)
        self.assertNotIn('name="body"', page)

    def test_no_files_are_offered_where_the_team_takes_none(self):
        self._login(self.portal_user)
        self.assertIn('name="attachment"', self._get(self.case.access_url).text)
        self.team.allow_attachments = False
        self.assertNotIn('name="attachment"', self._get(self.case.access_url).text)


@tagged("post_install", "-at_install")
class TestPortalActions(PortalCommon):
    def test_customer_answers_with_files(self):
        self.case.status = "pending"
        self._login(self.portal_user)
        files = [("photo.png", PNG), ("C:\\letters\\list.txt", b"one")]
        response = self._post(self.case, "answer", "Here <b>it</b> is\nThanks", files)
        self.assertEqual(response.status_code, 303)
        message = self._spoken(self.case)
        self.assertEqual(message.author_id, self.customer)
        self.assertIn("Here &lt;b&gt;it&lt;/b&gt; is<br", message.body)
        self.assertEqual(set(message.attachment_ids.mapped("name")), {"photo.png", "list.txt"})
        self.assertEqual(self.case.status, "open")
        self.assertTrue(self.case.awaiting_reply)
        page = self.url_open(response.headers["Location"]).text
        self.assertIn("photo.png", page)
        self.assertIn("we have your message", page)

    def test_files_alone_are_an_answer(self):
        self._login(self.portal_user)
        self.assertEqual(
            self._post(self.case, "answer", "  ", [("photo.png", PNG)]).status_code, 303
        )
        self.assertEqual(self._spoken(self.case).attachment_ids.name, "photo.png")

    def test_guest_answers_in_the_name_of_the_customer(self):
        self._login()
        token = self.case._portal_ensure_token()
        response = self._post(self.case, "answer", "From my phone", token=token)
        self.assertEqual(response.status_code, 303)
        self.assertIn(f"access_token={token}", response.headers["Location"])
        message = self._spoken(self.case)
        self.assertEqual(message.author_id, self.customer)
        self.assertIn("anna@lampy.example", message.email_from)

    def test_unknown_guest_answers_without_becoming_a_contact(self):
        self._login()
        token = self.nobodys_case._portal_ensure_token()
        contacts = self.env["res.partner"].search_count([])
        self._post(self.nobodys_case, "answer", "It is me", [("a.txt", b"a")], token=token)
        message = self._spoken(self.nobodys_case)
        self.assertFalse(message.author_id)
        self.assertEqual(message.email_from, self.nobodys_case.email_from)
        self.assertEqual(message.attachment_ids.name, "a.txt")
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        self.assertTrue(self.nobodys_case.awaiting_reply)

    def test_colleague_who_joins_in_gets_the_answer(self):
        self.colleague.portal_company_cases = True
        self._login(self.portal_colleague)
        self._post(self.case, "answer", "I have the parcel")
        self.assertEqual(self._spoken(self.case).author_id, self.colleague)
        with self.mock_mail_gateway():
            reply = self._reply(self.case)
        self.assertIn(self.colleague, reply.notified_partner_ids)

    def test_second_press_of_the_button_posts_nothing(self):
        self._login(self.portal_user)
        for _press in range(2):
            response = self._post(self.case, "answer", "Only once", [("a.txt", b"a")])
            self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self._spoken(self.case)), 1)
        self.assertEqual(self.case.message_count_customer, 1)
        self._post(self.case, "answer", "Only once")
        self.assertEqual(len(self._spoken(self.case)), 2, "without the file it is another answer")
        self._spoken(self.case).date = fields.Datetime.subtract(fields.Datetime.now(), minutes=2)
        self._post(self.case, "answer", "Only once")
        self.assertEqual(len(self._spoken(self.case)), 3, "later it is meant")

    def test_customer_says_solved(self):
        self._reply(self.case)
        self._login(self.portal_user)
        response = self._post(self.case, "resolve")
        self.assertEqual(self.case.status, "resolved")
        self.assertFalse(self.case.awaiting_reply)
        self.assertIn("glad", self.url_open(response.headers["Location"]).text)
        log = self.case.message_ids[0]
        self.assertEqual(log.author_id, self.customer)
        self.assertIn("The customer says that it is solved", log.body)
        self.assertTrue(log.subtype_id.internal)
        self.assertEqual(self._post(self.case, "resolve").status_code, 303, "pressed again")

    def test_words_with_the_thanks_are_kept(self):
        self._login(self.portal_user)
        self._post(self.case, "resolve", "You are great")
        self.assertIn("You are great", self._spoken(self.case).body)
        self.assertEqual(self.case.status, "resolved")
        self.assertFalse(self.case.awaiting_reply)

    def test_customer_says_still_a_problem(self):
        for status in ("resolved", "closed"):
            self.case.status = status
            self._login(self.portal_user)
            self._post(self.case, "reopen", f"Broken again {status}")
            self.assertEqual(self.case.status, "open")
            self.assertTrue(self.case.awaiting_reply)
            self.assertIn("Broken again", self._spoken(self.case)[0].body)
        self.assertEqual(self.case.reopen_count, 2)

    def test_still_a_problem_without_words_is_a_message_too(self):
        self.case.status = "resolved"
        self._login()
        token = self.case._portal_ensure_token()
        self._post(self.case, "reopen", token=token)
        self.assertEqual(self.case.status, "open")
        self.assertIn("still a problem", self._spoken(self.case).body)
        self._post(self.case, "reopen", token=token)
        self.assertEqual(len(self._spoken(self.case)), 1)

    def test_guest_without_a_name_resolves(self):
        self._login()
        self._post(self.nobodys_case, "resolve", token=self.nobodys_case._portal_ensure_token())
        self.assertEqual(self.nobodys_case.status, "resolved")

    def test_empty_answer_is_refused_kindly(self):
        self._login(self.portal_user)
        response = self._post(self.case, "answer", "   ")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Please write something first.", response.text)
        self.assertFalse(self._spoken(self.case))

    def test_refused_files_leave_the_text(self):
        self._login(self.portal_user)
        too_many = [(f"{number}.txt", b"a") for number in range(const.PORTAL_MAX_FILES + 1)]
        with self.subTest("too many"):
            self._assert_refused(too_many, "too many files")
        with self.subTest("too large"):
            self._assert_refused([("film.mp4", b"0" * (const.PORTAL_MAX_SIZE + 1))], "too large")
        with self.subTest("none allowed"):
            self.team.allow_attachments = False
            self._assert_refused([("a.txt", b"a")], "cannot be added")

    def test_endless_text_is_refused(self):
        self._login(self.portal_user)
        response = self._post(self.case, "answer", "x" * (const.PORTAL_MAX_TEXT + 1))
        self.assertIn("too long", response.text)
        self.assertFalse(self._spoken(self.case))

    def _assert_refused(self, files, reason):
        response = self._post(self.case, "answer", "My long typed text", files)
        self.assertEqual(response.status_code, 200)
        self.assertIn(reason, response.text)
        self.assertIn("My long typed text</textarea>", response.text)
        self.assertFalse(self._spoken(self.case))

    @mute_logger("odoo.http")
    def test_shop_without_a_stage_keeps_the_text(self):
        self.env["customer.service.stage"].search([("status", "=", "resolved")]).active = False
        self._login(self.portal_user)
        response = self._post(self.case, "resolve", "Thanks a lot")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Thanks a lot</textarea>", response.text)
        self.assertFalse(self._spoken(self.case), "all or nothing")

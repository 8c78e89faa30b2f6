"""Where the link of a case leads that was merged into another one."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_case_merge_customers import TwoCustomersCommon


@tagged("post_install", "-at_install")
class TestMergedCasePortal(TwoCustomersCommon, HttpCase):
    def _page(self, case, user=None, token=None):
        self.authenticate(user and user.login, user and user.login)
        arguments = f"?access_token={token}" if token else ""
        return self.url_open(f"/my/cases/{case.id}{arguments}")

    def _answer(self, case, text, user=None, token=None):
        page = self._page(case, user, token)
        self.assertEqual(page.status_code, 200)
        return self._post(case, text, token)

    def _post(self, case, text, token=None):
        from odoo.http import Request  # noqa: PLC0415

        return self.url_open(
            f"/my/cases/{case.id}/answer",
            data={
                "csrf_token": Request.csrf_token(self),
                "body": text,
                **({"access_token": token} if token else {}),
            },
        )

    def test_own_case_leads_to_where_it_is_continued(self):
        second = self._create_case(name="Anna's second")
        token = second._portal_ensure_token()
        self._merge(self.survivor, second)
        for arguments in ({"user": self.portal_user}, {"token": token}):
            with self.subTest(**arguments):
                page = self._page(second, **arguments)
                self.assertIn(f"/my/cases/{self.survivor.id}", page.url)
                self.assertIn("Anna's question", page.text.replace("&#39;", "'"))

    def test_wrong_link_leads_nowhere(self):
        second = self._create_case(name="Anna's second")
        self._merge(self.survivor, second)
        for user in (None, self.portal_other):
            page = self._page(second, user, token="wrong")
            self.assertNotIn(f"/my/cases/{self.survivor.id}", page.url)

    def test_list_shows_the_case_that_goes_on(self):
        second = self._create_case(name="Anna's second")
        self._merge(self.survivor, second)
        self.authenticate(self.portal_user.login, self.portal_user.login)
        page = self.url_open("/my/cases").text
        self.assertIn(self.survivor.number, page)
        self.assertNotIn(second.number, page)

    def test_other_customer_keeps_their_own_page(self):
        token = self.other._portal_ensure_token()
        self._merge(self.survivor, self.other, confirmed=True)
        for arguments in ({"user": self.portal_other}, {"token": token}):
            with self.subTest(**arguments):
                page = self._page(self.other, **arguments)
                self.assertIn(f"/my/cases/{self.other.id}", page.url)
                text = page.text.replace("&#39;", "'")
                self.assertIn("Bob's question", text)
                self.assertIn("Our answer to Bob", text)
                self.assertNotIn("Anna", text)
                self.assertNotIn(self.survivor.number, text)
        page = self._page(self.survivor, self.portal_user).text.replace("&#39;", "'")
        self.assertNotIn("Bob", page)

    def test_who_read_along_is_shut_out_again(self):
        token = self.other._portal_ensure_token()
        log = self._merge(self.survivor, self.other, confirmed=True, shares=True)
        page = self._page(self.other, token=token)
        self.assertIn("Anna's question", page.text.replace("&#39;", "'"))
        learned = self.survivor.access_token
        self.assertIn(learned, page.url)
        self.survivor.email_cc = f"{self.survivor.email_cc}, wife@home.example"
        self.assertIn("gets a new link", " ".join(log._remains()))
        log._undo()
        page = self._page(self.survivor, token=learned)
        self.assertIn("/web/login", page.url)
        self.assertNotIn("Anna's question", page.text.replace("&#39;", "'"))
        page = self._page(self.other, token=token)
        self.assertIn("Bob's question", page.text.replace("&#39;", "'"))
        self.assertEqual(self.survivor.email_cc, "wife@home.example")
        page = self._page(self.survivor, self.portal_user)
        self.assertIn("Anna's question", page.text.replace("&#39;", "'"))

    def test_own_link_stays_where_nobody_else_read_along(self):
        token = self.survivor._portal_ensure_token()
        second = self._create_case(name="Anna's second")
        for case, options in ((second, {}), (self.other, {"confirmed": True})):
            log = self._merge(self.survivor, case, **options)
            self.assertNotIn("new link", " ".join(log._remains()))
            log._undo()
            self.assertEqual(self.survivor.access_token, token)

    @mute_logger("odoo.http")
    def test_what_is_written_on_an_open_page_is_heard(self):
        token = self.other._portal_ensure_token()
        self._page(self.other, token=token)  # a guest who typed while it was merged
        self._merge(self.survivor, self.other, confirmed=True)
        before = self.survivor.message_ids
        case = self.other.sudo().with_user(self.env.ref("base.public_user")).sudo()
        case._portal_answer("Still waiting")
        said = self.survivor.message_ids - before
        said = said.filtered(lambda message: message.message_type == "comment")
        self.assertTrue(said.is_internal)
        self.assertEqual(said.author_id, self.other_customer)
        self.assertTrue(self.survivor.awaiting_reply)
        again = case._portal_answer("Still waiting")  # pressed twice
        self.assertEqual(again, said)
        page = self._page(self.other, token=token).text
        self.assertIn("Still waiting", page)
        page = self._page(self.survivor, self.portal_user).text
        self.assertNotIn("Still waiting", page)

    def test_customer_writes_to_the_case_that_goes_on(self):
        second = self._create_case(name="Anna's second")
        self._merge(self.survivor, second)
        case = second.with_user(self.portal_user).sudo()
        message = case._portal_answer("Thanks")
        self.assertEqual(message.res_id, self.survivor.id)
        self.assertFalse(message.is_internal)
        message = second.with_user(self.portal_user).message_post(body="By the API")
        self.assertEqual(message.sudo().res_id, self.survivor.id)

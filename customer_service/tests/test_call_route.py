from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, tagged

from .common import CustomerServiceCommon

URL = "/customer_service/call"


@tagged("post_install", "-at_install")
class TestCallRoute(CustomerServiceCommon, HttpCase):
    """A telephone system opens the phone desk with a link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_admin.country_id = cls.env.ref("base.pl")

    def _open(self, query):
        """Return the path and the number that the browser is sent to."""
        response = self.url_open(f"{URL}{query}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        target = urlsplit(response.headers["Location"])
        return target.path, parse_qs(target.query).get("number", [None])[0]

    def test_the_phone_desk_opens_with_the_number(self):
        self.authenticate("cs_agent_own", "cs_agent_own")
        for query, expected in (
            ("?number=601234567", "+48 601 234 567"),
            ("?number=0601-234-567", "+48 601 234 567"),
            ("?number=%2B48601234567", "+48 601 234 567"),
            ("?number=+48601234567", "+48 601 234 567"),
            ("?number=48601234567&line=2", "+48 601 234 567"),
            ("?number=tel%3A%2B81312345678", "+81 3-1234-5678"),
            ("?number=204", "204"),
            ("?number=anonymous", "anonymous"),
            ("?number=%E2%98%8E", "☎"),
            ("?number=", None),
            ("", None),
        ):
            with self.subTest(query=query):
                self.assertEqual(self._open(query), ("/odoo/phone-desk", expected))

    def test_the_number_cannot_lead_elsewhere(self):
        self.authenticate("cs_agent_own", "cs_agent_own")
        for number in (
            "%2F%2Fevil.example",
            "x%26action%3D1%23f",
            "%0d%0aSet-Cookie%3Aa",
            "1" * 9000,
        ):
            with self.subTest(number=number[:20]):
                path, found = self._open(f"?number={number}")
                self.assertEqual(path, "/odoo/phone-desk")
                self.assertLessEqual(len(found), 100)

    def test_whoever_is_not_logged_in_logs_in_first_and_gets_there(self):
        self.authenticate(None, None)
        response = self.url_open(f"{URL}?number=%2B48601234567", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        target = urlsplit(response.headers["Location"])
        self.assertEqual(target.path, "/web/login")
        back = parse_qs(target.query)["redirect"][0]
        self.assertEqual(back, f"{URL}?number=%2B48601234567")
        page = self.url_open(f"/web/login?{target.query}")
        csrf_token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        response = self.url_open(
            "/web/login",
            data={
                "login": "cs_agent_own",
                "password": "cs_agent_own",
                "redirect": back,
                "csrf_token": csrf_token,
            },
            allow_redirects=False,
        )
        self.assertEqual(response.headers["Location"].partition("?")[0].rpartition(URL)[1], URL)
        self.assertEqual(self._open(f"?{back.partition('?')[2]}")[1], "+48 601 234 567")

    def test_others_do_not_get_in(self):
        for login in ("cs_outsider", self.portal_user.login):
            with self.subTest(login=login):
                self.authenticate(login, login)
                response = self.url_open(f"{URL}?number=601234567", allow_redirects=False)
                self.assertEqual(response.status_code, 404)

    def test_nothing_is_done_by_a_post(self):
        self.authenticate("cs_agent_own", "cs_agent_own")
        response = self.url_open(URL, data={"number": "1"}, allow_redirects=False)
        self.assertEqual(response.status_code, 405)

"""An attached mail is read in the case, by those who may read the case."""

import base64
from email.message import EmailMessage

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import HttpCase

from ..tools.remote_content import BLOCKED
from .common import CustomerServiceCommon

#: A picture of one pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


@tagged("post_install", "-at_install")
class TestAttachedMail(CustomerServiceCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()
        cls.attachment = cls._attach(cls.case)

    @classmethod
    def _attach(cls, record, name="forwarded.eml", content=None):
        """Post a message with a mail as its file, and return the attachment."""
        message = record.message_post(
            body="See the attached mail.",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=cls.customer.id,
            attachments=[(name, content or cls._attached())],
        )
        return message.attachment_ids

    @classmethod
    def _attached(cls):
        mail = EmailMessage()
        mail["From"] = "Shop Shipping <shipping@carrier.example>"
        mail["To"] = "anna@lampy.example"
        mail["Subject"] = "Your parcel"
        mail["Date"] = "Tue, 03 Nov 2026 10:00:00 +0000"
        mail.set_content("The parcel is lost.")
        mail.add_alternative(
            '<p class="o_dialog" style="position: fixed">The parcel is <b>lost</b>.</p>'
            '<img src="https://carrier.example/pixel.gif" onerror="alert()">'
            "<script>alert()</script>",
            subtype="html",
        )
        mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="slip.pdf")
        return mail.as_bytes()

    def test_agent_reads_it_without_scripts_and_pictures(self):
        mail = self.attachment.with_user(self.agent_team).customer_service_read_mail()
        self.assertEqual(mail["subject"], "Your parcel")
        self.assertEqual(mail["sender"], "Shop Shipping <shipping@carrier.example>")
        self.assertEqual(mail["to"], "anna@lampy.example")
        self.assertTrue(mail["date"])
        self.assertEqual(mail["files"], ["slip.pdf"])
        self.assertIn("<b>lost</b>", mail["body"])
        for text in ("alert", "o_dialog", "position", " src="):
            self.assertNotIn(text, mail["body"])
        self.assertIn(BLOCKED, mail["body"])

    def test_pictures_that_it_brings_along_are_shown(self):
        mail = EmailMessage()
        mail["Subject"] = "A photo"
        mail.set_content('<p>See <img src="cid:photo@lampy"></p>', subtype="html")
        mail.add_related(PIXEL, "image", "png", cid="<photo@lampy>", filename="photo.png")
        attachment = self._attach(self.case, content=mail.as_bytes())
        read = attachment.with_user(self.agent_team).customer_service_read_mail()
        self.assertIn('src="data:image/png;base64,', read["body"])

    def test_broken_mail_is_shown_as_far_as_it_can_be_read(self):
        attachment = self._attach(self.case, content=b"\xff\xfe no mail \x00 at all")
        self.assertIn("body", attachment.with_user(self.agent_team).customer_service_read_mail())

    def test_customer_only_downloads(self):
        with self.assertRaises(AccessError):
            self.attachment.with_user(self.portal_user).customer_service_read_mail()

    def test_colleague_without_a_role_is_refused(self):
        with self.assertRaises(AccessError):
            self.attachment.with_user(self.outsider).customer_service_read_mail()

    def test_mails_elsewhere_are_refused(self):
        attachment = self._attach(self.customer)
        with self.assertRaises(UserError):
            attachment.with_user(self.agent_team).customer_service_read_mail()

    def test_other_files_are_refused(self):
        attachment = self._attach(self.case, name="lamp.txt", content=b"A lamp")
        with self.assertRaises(UserError):
            attachment.with_user(self.agent_team).customer_service_read_mail()

    def test_agent_opens_it_in_the_browser(self):
        self.start_tour(
            f"/odoo/customer.service.case/{self.case.id}",
            "customer_service_attached_mail",
            login=self.agent_team.login,
        )

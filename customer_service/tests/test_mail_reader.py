from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..tools.mail_limits import MailLimitError
from ..tools.mail_reader import peek, read_mail

HEAD = b"""From: Anna Kowalska <Anna@customer.example>
To: Help <help@shop.example>
Subject: Where is it?
Message-ID: <1@customer.example>
Date: Mon, 05 Jan 2026 10:00:00 +0100
MIME-Version: 1.0
"""


def mail(rest, head=HEAD):
    """Return a mail with a usual head; ``rest`` has further headers, a blank line and the body."""
    return head + rest


def parts(kind, *contents):
    """Return the rest of a mail of several parts."""
    body = b"".join(b"--b\n" + content + b"\n" for content in contents)
    return b'Content-Type: multipart/%s; boundary="b"\n\n' % kind.encode() + body + b"--b--\n"


TEXT = b"Content-Type: text/plain; charset=utf-8\n\nMy own words"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>My <b>own</b> words</p>"


@tagged("post_install", "-at_install")
class TestMailReader(BaseCase):
    def test_plain_mail(self):
        read = read_mail(mail(b"References: <0@a> <1@a>\nIn-Reply-To: <1@a>\n\nHello, 1 < 2\n"))
        self.assertEqual(read.message_id, "<1@customer.example>")
        self.assertEqual(read.sender, "Anna Kowalska <Anna@customer.example>")
        self.assertEqual(read.sender_name, "Anna Kowalska")
        self.assertEqual(read.sender_address, "anna@customer.example")
        self.assertEqual(read.to, ["Help <help@shop.example>"])
        self.assertEqual(read.subject, "Where is it?")
        self.assertEqual(read.date, datetime(2026, 1, 5, 9, 0))
        self.assertEqual(read.references, ["<0@a>", "<1@a>"])
        self.assertEqual(read.in_reply_to, "<1@a>")
        self.assertEqual(read.body, "<pre>Hello, 1 &lt; 2</pre>")
        self.assertEqual((read.attachments, read.machine, read.bounces), ([], "", []))

    def test_own_words_win_over_an_attached_message(self):
        attached = b"Content-Type: message/rfc822\n\nSubject: Old: story\n\nNot mine"
        read = read_mail(mail(parts("mixed", TEXT, attached)))
        self.assertIn("My own words", read.body)
        self.assertNotIn("Not mine", read.body)
        name, content, _info = read.attachments[0]
        self.assertEqual(name, "Old_ story.eml")
        self.assertEqual(content, b"Subject: Old: story\n\nNot mine")

    def test_alternative_that_says_something_wins(self):
        empty = (
            b"Content-Type: text/html\n\n<html><body>&nbsp;<br><img width=1 src=x></body></html>"
        )
        self.assertIn("My own words", read_mail(mail(parts("alternative", TEXT, empty))).body)
        blank = b"Content-Type: text/plain\n\n \n"
        self.assertIn("<b>own</b>", read_mail(mail(parts("alternative", blank, HTML))).body)
        self.assertIn("<b>own</b>", read_mail(mail(parts("alternative", HTML, TEXT))).body)

    def test_multipart_without_its_separator_is_text(self):
        for kind in (b"mixed; boundary=x", b"mixed", b"alternative; boundary="):
            with self.subTest(kind):
                read = read_mail(mail(b"Content-Type: multipart/" + kind + b"\n\nMy own words"))
                self.assertIn("My own words", read.body)

    def test_too_many_or_too_deep(self):
        with self.assertRaises(MailLimitError) as caught:
            read_mail(mail(parts("mixed", *[TEXT] * 1001)))
        self.assertEqual(caught.exception.code, "parts")
        nested = b"\n".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d" % (level, level)
            for level in range(1000)
        )
        with self.assertRaises(MailLimitError) as caught:
            read_mail(mail(nested))
        self.assertEqual(caught.exception.code, "depth")

    def test_peek_never_raises(self):
        head = peek(HEAD)
        self.assertEqual(head.message_id, "<1@customer.example>")
        self.assertEqual(head.recipients, ("Help <help@shop.example>",))
        for raw in (b"", b"\x00\xff", None, b":" * 1000):
            self.assertEqual(peek(raw).sender, "")

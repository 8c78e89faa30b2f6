import base64
import os
import time
import unittest
from datetime import datetime, timedelta
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..tools.mail_limits import LIMITS, MailLimitError, MailLimits
from ..tools.mail_reader import peek, read_mail

HEAD = b"""From: Anna Kowalska <Anna@customer.example>
To: Help <help@shop.example>
Subject: Where is it?
Message-ID: <1@customer.example>
Date: Mon, 05 Jan 2026 10:00:00 +0100
MIME-Version: 1.0
"""
TEXT = b"Content-Type: text/plain; charset=utf-8\n\nMy own words"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>My <b>own</b> words</p>"
PIXEL = b"iVBORw0KGgo="


def mail(rest=b"\nMy own words\n", **headers):
    """Return a mail with a usual head, some headers replaced or taken out.

    :param bytes rest: further headers, a blank line and the body
    :param headers: bytes, or None for a header that is not there; ``_`` stands for a hyphen
    """
    lines = dict(line.split(b": ", 1) for line in HEAD.splitlines())
    for name, value in headers.items():
        key = next(
            (key for key in lines if key.decode().lower() == name.replace("_", "-").lower()),
            name.replace("_", "-").encode(),
        )
        lines[key] = value
    head = b"".join(b"%s: %s\n" % item for item in lines.items() if item[1] is not None)
    return head + rest


def parts(kind, *contents, separator=b"b"):
    """Return the rest of a mail of several parts."""
    body = b"".join(b"--%s\n%s\n" % (separator, content) for content in contents)
    declared = b'Content-Type: multipart/%s; boundary="%s"\n\n' % (kind.encode(), separator)
    return declared + body + b"--%s--\n" % separator


@tagged("post_install", "-at_install")
class TestMailReaderHeaders(BaseCase):
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

    def test_names_and_addresses(self):
        for value, name, address in (
            (b"anna@x.example", "", "anna@x.example"),
            (b"anna@x.example (Anna Kowalska)", "Anna Kowalska", "anna@x.example"),
            (b'"Kowalska, Anna" <anna@x.example>', "Kowalska, Anna", "anna@x.example"),
            (b"=?utf-8?Q?Kowalska=2C_Anna?= <anna@x.example>", "Kowalska, Anna", "anna@x.example"),
            (b'"=?utf-8?B?xYF1a2Fzeg==?=" <l@x.example>', "Łukasz", "l@x.example"),
            (b"=?utf-8?Q?Anna_=3Canna=40x=2Eexample=3E?=", "Anna", "anna@x.example"),
            (b"Anna <anna@x.example>, Ben <ben@x.example>", "Anna", "anna@x.example"),
            (b"Anna <anna@x.example", "Anna", "anna@x.example"),
            (b"\xc5\x81ukasz <l@x.example>", "Łukasz", "l@x.example"),
            (b"=?x-unknown?Q?=B3ukasz?= <l@x.example>", "łukasz", "l@x.example"),
            (b"Anna <anna(home)@x.example(host)>", "Anna", "anna@x.example"),
            (b"Team: Anna <anna@x.example>;", "Team: Anna", "anna@x.example"),
            (
                b"=?utf-8?Q?Anna=0D=0ABcc=3A_x=00?= <anna@x.example>",
                "Anna Bcc: x",
                "anna@x.example",
            ),
        ):
            with self.subTest(value):
                read = read_mail(mail(From=value))
                self.assertEqual((read.sender_name, read.sender_address), (name, address))
                self.assertEqual(read.sender_header, "From")

    def test_sender_without_from(self):
        for headers, sender, header in (
            ({"From": None, "Reply_To": b"r@x.example"}, "r@x.example", "Reply-To"),
            ({"From": b"undisclosed:;", "Sender": b"s@x.example"}, "s@x.example", "Sender"),
            ({"From": b"Somebody", "Reply_To": b"", "Sender": b"S <s@x>"}, "S <s@x>", "Sender"),
            ({"From": b"=?utf-8?q??="}, "", ""),
            ({"From": None}, "", ""),
        ):
            with self.subTest(headers):
                read = read_mail(mail(**headers))
                self.assertEqual((read.sender, read.sender_header), (sender, header))

    def test_subject_stays_on_one_line(self):
        for value, subject in (
            (b"=?utf-8?Q?a=0D=0AX-Evil=3A_b=00?=", "a X-Evil: b"),
            (b"one\n two", "one two"),
            (b"=?utf-8?B?xYI=?= =?utf-8?B?w7M=?=", "łó"),
            (b"=?utf-8?B?xQ==?= =?utf-8?B?gg==?=", "ł"),
            (b"=?iso-2022-jp?B?GyRCJEEbKEI=?=", "ち"),
            (b"=?broken?Q?zwrot?= 50%", "zwrot 50%"),
            (b"=?utf-8?B?YQ?= b", "a b"),
            (b"\xc5\x82\x00", "ł"),
        ):
            with self.subTest(value):
                self.assertEqual(read_mail(mail(Subject=value)).subject, subject)

    def test_dates(self):
        tomorrow = datetime.now() + timedelta(days=3)
        for value, date in (
            (b"5 Jan 2026 10:00 -0500", datetime(2026, 1, 5, 15, 0)),
            (b"2026-01-05T10:00:00Z", datetime(2026, 1, 5, 10, 0)),
            (b"%a, 99 %b", None),
            (b"Mon, 05 Jan 99999 10:00:00 +9999", None),
            (tomorrow.strftime("%d %b %Y %H:%M:%S +0000").encode(), None),
            (None, None),
        ):
            with self.subTest(value):
                self.assertEqual(read_mail(mail(Date=value)).date, date)

    def test_everybody_addressed(self):
        read = read_mail(
            mail(
                To=b"a@x.example, Undisclosed: ;, B <b@x.example>",
                Cc=b"A@x.example; c@x.example",
                Delivered_To=b"d@x.example",
                X_Original_To=b"e@x.example",
                Resent_To=b"f@x.example",
            )
        )
        self.assertEqual(read.to, ["a@x.example", "B <b@x.example>"])
        self.assertEqual(read.cc, ["A@x.example", "c@x.example"])
        self.assertEqual(len(read.recipients), 6)

    def test_broken_head(self):
        folded = b"From: Anna <anna@x.example>\nSubject: one\nbroken line\nMessage-ID: <2@x>\n\nHi"
        read = read_mail(folded)
        self.assertEqual((read.subject, read.message_id), ("one broken line", "<2@x>"))
        self.assertEqual(read_mail(b"no headers at all").body, "<pre>no headers at all</pre>")
        self.assertEqual(read_mail(b"").body, "")
        self.assertEqual(read_mail(mail().replace(b"\n", b"\r")).subject, "Where is it?")

    def test_message_for_the_host_never_raises(self):
        read = read_mail(
            mail(
                From=b'"A \\" =?utf-8?q?b=0A?=" <"we ird"@x.example>',
                To=b"=?utf-8?Q?=C5=82?= <\xc5\x82@x.example>",
                Subject=b"=?utf-8?Q?=C5=82=0A?=" * 80,
                Message_ID=b"<" + b"1" * 300 + b"@x>",
                Date=b"%",
            )
        )
        message = read.as_message()
        for name in ("From", "To", "Subject", "Message-Id", "Date", "Cc", "References"):
            self.assertNotIn("\n", str(message.get(name) or ""))
        self.assertIn("ł", message["Subject"])
        message.as_bytes()

    def test_peek_never_raises(self):
        head = peek(HEAD)
        self.assertEqual(head.message_id, "<1@customer.example>")
        self.assertEqual(head.recipients, ("Help <help@shop.example>",))
        for raw in (b"", b"\x00\xff", None, b":" * 1000):
            self.assertEqual(peek(raw).sender, "")


@tagged("post_install", "-at_install")
class TestMailReaderBody(BaseCase):
    def _body(self, rest):
        return read_mail(mail(rest)).body

    def test_own_words_win_over_an_attached_message(self):
        attached = b"Content-Type: message/rfc822\n\nSubject: Old: story\n\nNot mine"
        for kind in ("mixed", "alternative", "related"):
            with self.subTest(kind):
                read = read_mail(mail(parts(kind, TEXT, attached)))
                self.assertIn("My own words", read.body)
                self.assertNotIn("Not mine", read.body)
                name, content, _info = read.attachments[0]
                self.assertEqual(name, "Old_ story.eml")
                self.assertEqual(content, b"Subject: Old: story\n\nNot mine")

    def test_alternative_that_says_something_wins(self):
        for empty in (
            b"Content-Type: text/html\n\n<html><body>&nbsp;<br><img width=1 src=x></body></html>",
            b"Content-Type: text/html\n\n<style>p {color: red}</style><!-- x --><p>\xc2\xa0</p>",
            b"Content-Type: text/plain\n\n \n",
        ):
            with self.subTest(empty):
                self.assertIn("My own", self._body(parts("alternative", TEXT, empty)))
                self.assertIn("My own", self._body(parts("alternative", empty, TEXT)))
        self.assertIn("<b>own</b>", self._body(parts("alternative", HTML, TEXT)))
        picture = b'Content-Type: text/html\n\n<img src="cid:1" width="600">'
        self.assertIn("<img", self._body(parts("alternative", b"\n ", picture)))

    def test_all_texts_are_kept_in_their_order(self):
        body = self._body(parts("mixed", TEXT, HTML, b"\nAnd a footer"))
        self.assertLess(body.index("My own words"), body.index("<b>own</b>"))
        self.assertLess(body.index("<b>own</b>"), body.index("And a footer"))

    def test_broken_multiparts(self):
        for rest in (
            b"Content-Type: multipart/mixed; boundary=x\n\nMy own words",
            b"Content-Type: multipart/mixed\n\nMy own words",
            b"Content-Type: multipart/mixed; boundary=\n\n--a\n" + TEXT,
            b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nMy own words",
            b"Content-Type: multipart/alternative; boundary=other\n\n--b\n" + TEXT + b"\n--b--",
            b"Content-Type: multipart\n\nMy own words",
            b"Content-Type: */*\n\nMy own words",
            b"Content-Type: text\n\nMy own words",
            b"Content-Type: multipart/mixed; boundary=x\nContent-Transfer-Encoding: base64\n\n"
            + base64.b64encode(b"--x\n\nMy own words\n--x--"),
        ):
            with self.subTest(rest):
                read = read_mail(mail(rest))
                contents = read.body.encode() + b"".join(each[1] for each in read.attachments)
                self.assertIn(b"My own words", contents)
                self.assertNotIn("--", read.body)

    def test_wrong_transfer_encodings(self):
        for encoding, text in (
            (b"base64", b"My own words, and they are no base64: !!! ??? ,,, ... --- !!! ((( )))"),
            (b"base64", b"TXkgb3duIHdvcmRz"),
            (b"base64", b"TXkg\nb3du=\nIHdvcmRz*"),
            (b"quoted-printable", b"My own =\nwords =ZZ"),
            (b"8-bits", b"My own words"),
            (b'"7bit"', b"My own words"),
        ):
            with self.subTest(text):
                rest = b"Content-Transfer-Encoding: " + encoding + b"\n\n" + text
                self.assertIn("My own", self._body(rest))

    def test_charsets(self):
        polish = "Dzień dobry, gdzie jest moja paczka? Proszę o pomoc, zamówiłem ją wczoraj."
        japanese = "注文した商品がまだ届きません。よろしくお願いします。"
        for text, codec, declared in (
            (polish, "utf-8", ""),
            (polish, "utf-8", "iso-8859-1"),
            (polish, "utf-8", "x-unknown"),
            (polish, "utf-8", "utf-16"),
            (polish, "cp1250", "cp-1250"),
            (polish, "cp1250", ""),
            (polish, "iso8859_2", "us-ascii"),
            ("Grüße für 5 €", "cp1252", "iso-8859-1"),
            ("Grüße", "utf-16", "utf-16"),
            ("Grüße", "utf-7", "utf-7"),
            ("Grüße", "cp850", "cp-850"),
            (japanese, "iso2022_jp", "iso-2022-jp"),
            (japanese, "iso2022_jp", "us-ascii"),
            (japanese, "cp932", "shift_jis"),
            (japanese + "①", "cp932", "shift_jis"),
            (japanese, "euc_jp", ""),
            ("您好，我的订单在哪里？€", "gb18030", "gb2312"),
            ("您好，我的訂單在哪裡？", "big5", "big5"),
            ("안녕하세요 제 주문은 어디에", "cp949", "ks_c_5601-1987"),
            ("Здравствуйте, где мой заказ?", "cp1251", "iso-8859-1"),
        ):
            with self.subTest(codec=codec, declared=declared):
                kind = f"Content-Type: text/plain; charset={declared}\n\n".encode()
                self.assertEqual(self._body(kind + text.encode(codec)), f"<pre>{text}</pre>")

    def test_charset_of_a_document(self):
        meta = b'\nContent-Type: text/html\n\n<meta charset="koi8-r"><p>'
        text = "Где мой заказ?"
        self.assertIn(text, self._body(meta[1:] + text.encode("koi8-r")))

    def test_controls_are_taken_out(self):
        self.assertEqual(self._body(b"\na\x00b\x0bc\x1b"), "<pre>abc</pre>")
        self.assertNotIn("\x00", self._body(b"Content-Type: text/html\n\n<p>a\x00b</p>"))

    def test_flowed_text(self):
        flowed = b"Content-Type: text/plain; format=flowed\n\nOne \nline.\nTwo.\n-- \nAnna\n"
        self.assertIn("One line.\nTwo.\n", self._body(flowed))

    def test_hostile_html_is_cleaned(self):
        body = self._body(b"Content-Type: text/html\n\n<p onclick=x()>a<script>x()</script></p>")
        self.assertNotIn("x()", body)
        self.assertIn("a", body)

    def test_html_that_stops_a_parser_is_shown_as_text(self):
        for content in (
            b"<div>" * 5000 + b"My own words" + b"</div>" * 5000,
            b"<div>" * 30_000 + b"My own words",
            b"<p>My own words</p>" + b"<" * 20_000,
            b"<p>My own words</p><p " + b"".join(b"a%d=1 " % n for n in range(5000)) + b">",
            b"<p>My own words</p>" + b"<script>" * 30_000,
            b"<div>" + b"<p>My own words</p>" * 700 + b"<p>--<br>x</p></div>",
        ):
            with self.subTest(content[:20]):
                self.assertIn("My own words", self._body(b"Content-Type: text/html\n\n" + content))


@tagged("post_install", "-at_install")
class TestMailReaderQuotes(BaseCase):
    def _own(self, rest):
        """Return what is not marked, as the pieces between the marks."""
        from lxml import html

        root = html.fragment_fromstring(read_mail(mail(rest)).body, create_parent="div")
        for element in list(root.iter()):
            if element.get("data-o-mail-quote") and element.getparent() is not None:
                element.drop_tree()
        return " ".join(root.text_content().split())

    def test_plain_text_in_many_languages(self):
        for introduction in (
            "On Mon, 5 Jan 2026 at 10:00, Shop <help@shop.example> wrote:",
            "On Mon, 5 Jan 2026 at 10:00, Shop\n<help@shop.example> wrote:",
            "Am Mo., 5. Jan. 2026 um 10:00 Uhr schrieb Shop <help@shop.example>:",
            "Le lun. 5 janv. 2026 à 10:00, Shop <help@shop.example> a écrit :",
            "El lun, 5 ene 2026 a las 10:00, Shop (<help@shop.example>) escribió:",
            "pon., 5 sty 2026 o 10:00 Sklep <help@shop.example> napisał(a):",
            "W dniu 2026-01-05 o 10:00, Sklep pisze:",
            "Dnia 5 stycznia 2026 10:00 Sklep <help@shop.example> napisał(a):",
            "2026年1月5日(月) 10:00 ショップ <help@shop.example>:",
            "Il giorno lun 5 gen 2026 alle 10:00 Shop <help@shop.example> ha scritto:",
            "-----Original Message-----",
            "-----Ursprüngliche Nachricht-----",
            "________________________________\nOd: Sklep <help@shop.example>\n"
            "Wysłano: poniedziałek\nDo: Anna\nTemat: Paczka",
            "差出人: ショップ <help@shop.example>\n送信日時: 2026年1月5日\n宛先: Anna\n件名: 注文",
        ):
            for old in ("Old words", "> Old words"):
                with self.subTest(introduction, old=old):
                    text = f"\nMy own words\n\n{introduction}\n\n{old}\n".encode()
                    self.assertEqual(self._own(text), "My own words")

    def test_words_between_quotations_stay(self):
        text = b"\n> One?\nYes.\n> Two?\nNo.\n"
        self.assertEqual(self._own(text), "Yes. No.")
        text = b"\nOn 5 Jan 2026 Shop <h@s.example> wrote:\n> Where?\n\nHere.\n"
        self.assertEqual(self._own(text), "Here.")

    def test_what_only_looks_like_history_stays(self):
        for text in (
            "Please send it to:\nAnna Kowalska\nWarsaw",
            "I wrote to you last week and ask again:\nwhere is it?",
            "From: London\nTo: Paris\nI would like to change the address",
            "Subject: x\n\nThe invoice is missing",
            "--- please ---\nhelp me",
        ):
            with self.subTest(text):
                own = self._own(b"\nHello\n\n" + text.encode())
                self.assertEqual(own, " ".join(f"Hello {text}".split()))

    def test_forwarded_mail_without_a_word_is_not_folded(self):
        forwarded = b"\n---------- Forwarded message ----------\nFrom: a@x.example\n\nWords\n"
        self.assertIn("Words", self._own(forwarded))
        quoted = b"Content-Type: text/html\n\n<div class=gmail_quote>Words</div>"
        self.assertIn("Words", self._own(quoted))

    def test_signature(self):
        self.assertEqual(self._own(b"\nMy own words\n-- \nAnna\nWarsaw\n"), "My own words")
        long = b"\nMy own words\n-- \n" + b"More\n" * 40
        self.assertIn("More", self._own(long))

    def test_signature_of_mail_programs_stays_known_as_one(self):
        for signature in (
            "<div class=gmail_signature>Anna</div>",
            "<div class=moz-signature>Anna</div>",
            "<div id=AppleMailSignature>Anna</div>",
        ):
            with self.subTest(signature):
                html = f"<p>Mine</p>{signature}<div class=gmail_quote>Old</div>"
                rest = b"Content-Type: text/html; charset=utf-8\n\n" + html.encode()
                self.assertEqual(self._own(rest), "Mine")
                body = read_mail(mail(rest)).body
                self.assertRegex(body, r'data-o-mail-quote="signature"[^>]*>Anna')
                self.assertRegex(body, r'data-o-mail-quote="1"[^>]*>Old')

    def test_html_of_mail_programs(self):
        for html in (
            "<div>Mine</div><div class=gmail_quote><div class=gmail_attr>On Monday</div>Old</div>",
            "<p>Mine</p><div class=moz-cite-prefix>On 1.2.26:</div><blockquote>Old</blockquote>",
            "<p>Mine</p><hr><div id=divRplyFwdMsg>From: x</div><div>Old</div>",
            "<p>Mine</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>"
            "<b>From:</b> A &lt;a@x.example&gt;<br><b>Sent:</b> Monday<br>"
            "<b>To:</b> B<br><b>Subject:</b> x</p></div></div><p>Old</p>",
            "<div>Mine<br><br>On 5 Jan 2026, Shop &lt;h@s.example&gt; wrote:<br>Old<br>older</div>",
            "<p>Mine</p><p>W dniu 2026-01-05 o 10:00, Sklep pisze:</p><p>Old</p>",
            "<p>Mine</p><div name=quote>Old</div>",
            "<p>Mine</p><div class=gmail_signature>Anna</div>",
        ):
            with self.subTest(html):
                rest = b"Content-Type: text/html; charset=utf-8\n\n" + html.encode()
                self.assertEqual(self._own(rest), "Mine")
                self.assertIn("Mine", read_mail(mail(rest)).body)


@tagged("post_install", "-at_install")
class TestMailReaderAttachments(BaseCase):
    def _attachments(self, *contents, kind="mixed"):
        return read_mail(mail(parts(kind, *contents))).attachments

    def test_names(self):
        for header, name in (
            (b'Content-Disposition: attachment; filename="a b.pdf"', "a b.pdf"),
            (b"Content-Disposition: attachment; filename*=utf-8''%C5%82.pdf", "ł.pdf"),
            (
                b"Content-Disposition: attachment; filename*0*=utf-8''%C5; filename*1*=%82.pdf",
                "ł.pdf",
            ),
            (b'Content-Disposition: attachment; filename="=?utf-8?Q?=C5=82.pdf?="', "ł.pdf"),
            (b"Content-Disposition: attachment; filename=\xc5\x82.pdf", "ł.pdf"),
            (b'Content-Type: application/pdf; name="..\\..\\a.pdf"', "a.pdf"),
            (b"Content-Type: application/pdf", "attachment.pdf"),
            (b"Content-Type: image/jpeg", "image.jpg"),
            (b"Content-Type: text/calendar", "invite.ics"),
            (b"Content-Type: application/ms-tnef", "winmail.dat"),
            (b"Content-Type: signature/x", "attachment.bin"),
            (b"Content-Type: application/pgp-signature", "signature.asc"),
        ):
            with self.subTest(header):
                attachments = self._attachments(TEXT, header + b"\n\n\x00content")
                self.assertEqual([each[:2] for each in attachments], [(name, b"\x00content")])

    def test_inline_images_are_joined_to_the_text(self):
        page = b'Content-Type: text/html\n\n<p>See <img src="cid:1@x"></p>'
        image = (
            b"Content-Type: image/png; name=a.png\nContent-Id: <1@x>\n"
            b"Content-Transfer-Encoding: base64\n\n" + PIXEL
        )
        read = read_mail(mail(parts("related", page, image)))
        self.assertEqual(read.attachments[0][2]["cid"], "1@x")
        self.assertIn('data-filename="a.png"', read.body)
        self.assertEqual(read.attachments[0][1], base64.b64decode(PIXEL))

    def test_images_written_into_the_text_become_attachments(self):
        page = b'Content-Type: text/html\n\n<p>See <img src="data:image/png;base64,%s"></p>' % PIXEL
        read = read_mail(mail(page))
        name, content, info = read.attachments[0]
        self.assertEqual((name, content), ("image-1.png", base64.b64decode(PIXEL)))
        self.assertIn(f'src="cid:{info["cid"]}"', read.body)

    def test_signed_mail_is_read(self):
        signature = b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx"
        read = read_mail(mail(parts("signed", TEXT, signature)))
        self.assertIn("My own words", read.body)
        self.assertEqual([each[0] for each in read.attachments], ["smime.p7s"])

    def test_uuencoded_file_in_a_text(self):
        read = read_mail(mail(b"\nBefore\nbegin 644 a.txt\n#86)C\n`\nend\nAfter\n"))
        self.assertEqual([each[:2] for each in read.attachments], [("a.txt", b"abc")])
        self.assertIn("Before", read.body)
        self.assertIn("After", read.body)
        self.assertNotIn("begin", read.body)


@tagged("post_install", "-at_install")
class TestMailReaderDigest(BaseCase):
    def test_second_delivery_has_the_same_digest(self):
        text = "Zażółć =\n".encode()
        first = mail(b"Content-Type: text/plain; charset=utf-8\n\n" + text)
        encoded = (
            b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
            + base64.b64encode(text)
        )
        second = b"Received: by x\n" + mail(encoded).replace(b"\n", b"\r\n")
        self.assertEqual(read_mail(first).digest, read_mail(second).digest)

    def test_other_content_has_another_digest(self):
        digests = {
            read_mail(raw).digest
            for raw in (
                mail(),
                mail(b"\nOther words"),
                mail(Subject=b"Other"),
                mail(From=b"ben@x.example"),
                mail(Date=b"Tue, 06 Jan 2026 10:00:00 +0100"),
                mail(parts("mixed", TEXT, b"Content-Type: image/png\n\nx")),
                mail(parts("mixed", TEXT, b"Content-Type: image/png\n\ny")),
            )
        }
        self.assertEqual(len(digests), 7)


@tagged("post_install", "-at_install")
class TestMailReaderLimits(BaseCase):
    def _refused(self, raw, limits=LIMITS):
        with self.assertRaises(MailLimitError) as caught:
            read_mail(raw, limits)
        self.assertIn(str(caught.exception.limit or "time"), str(caught.exception))
        return caught.exception.code

    def test_beyond_the_limits(self):
        nested = b"\n".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d" % (level, level)
            for level in range(1000)
        )
        for code, raw in (
            ("parts", mail(parts("mixed", *[TEXT] * 1001))),
            ("parts", mail(parts("mixed", *[b"\n"] * 200_000))),
            ("depth", mail(nested)),
            ("head", mail(X_Long=b"x" * 2 * 1024 * 1024)),
            ("head", b"X-A: b\n" * 200_000 + b"\nx"),
            ("addresses", mail(To=b"a@x.example," * 10_001)),
            ("size", b"x" * (40 * 1024 * 1024 + 1)),
        ):
            with self.subTest(code):
                self.assertEqual(self._refused(raw), code)

    def test_limits_can_be_others(self):
        self.assertEqual(self._refused(mail(), MailLimits(size=10)), "size")
        self.assertEqual(
            self._refused(mail(parts("mixed", TEXT, TEXT)), MailLimits(parts=2)), "parts"
        )

    def test_messages_in_messages_are_one_attachment(self):
        raw = mail(b"Content-Type: message/rfc822\n\n" * 5000 + b"x")
        self.assertEqual(len(read_mail(raw).attachments), 1)

    def test_long_text_is_shown_in_part_and_kept_whole(self):
        read = read_mail(mail(b"\n" + b"words\n" * 100_000), MailLimits(text=6000))
        self.assertEqual(read.body.count("words"), 1000)
        self.assertEqual(read.attachments[0][0], "attachment.txt")
        self.assertEqual(read.attachments[0][1].count(b"words"), 100_000)

    def test_headers_made_to_take_long(self):
        for value in (
            b"=?utf-8?q?a?= " * 60_000,
            b"=?utf-8?q?" * 90_000,
            b"=?x-1?q?=b1?= " * 60_000,
            b"<" * 900_000,
            b"(" * 900_000,
            b'"\\' * 400_000,
            b"," * 900_000,
            b"a." * 400_000 + b"@",
        ):
            with self.subTest(value[:10]):
                for name in ("From", "Subject", "References", "Content-Type", "Message-ID"):
                    read_mail(mail(**{name.replace("-", "_"): value}))


def _corpus():
    """Return the folder of real mail beside a clone, None where there is none."""
    named = os.environ.get("MAIL_CORPUS")
    places = [Path(named)] if named else []
    places += [above / "shared" / "corpus" for above in Path(__file__).resolve().parents]
    return next((place for place in places if (place / "MANIFEST.tsv").is_file()), None)


@tagged("post_install", "-at_install")
class TestMailReaderCorpus(BaseCase):
    @unittest.skipUnless(_corpus(), "no corpus of real mail: name its folder in MAIL_CORPUS")
    def test_every_real_mail_is_read(self):
        corpus = _corpus()
        lines = (corpus / "MANIFEST.tsv").read_text().splitlines()
        for path, _source, kind, _size in (line.split("\t") for line in lines):
            if kind not in ("message", "bounce"):
                continue
            with self.subTest(path):
                raw = (corpus / path).read_bytes()
                read = read_mail(raw)
                for name, value in read.as_message().items():
                    self.assertNotIn("\n", str(value), name)
                head = peek(raw)
                self.assertEqual((head.message_id, head.sender), (read.message_id, read.sender))
                self.assertNotIn("\x00", read.body + read.subject + read.sender)


@tagged("post_install", "-at_install")
class TestTraps(BaseCase):
    """HTML that the host's cleaner would search for hours is read at once."""

    def _read(self, content):
        started = time.process_time()
        found = read_mail(mail(b"Content-Type: text/html\n\n<p>My own words</p>" + content))
        self.assertLess(time.process_time() - started, 3)
        self.assertIn("My own words", found.body)
        return found.body

    def test_endless_searches(self):
        size = 150_000
        for word in (b"url(", b"expression(", b"/*", b"a"):
            styled = b"<p style='color:red;" + word * (size // len(word)) + b"'>More words</p>"
            with self.subTest(word=word):
                self.assertIn("More words", self._read(styled))
            with self.subTest(word=word, where="style"):
                self._read(b"<style>" + word * (size // len(word)) + b"</style>")
        with self.subTest(where="meta"):
            self._read(b"<meta http-equiv=refresh content='" + b"a" * size + b"'>")
        with self.subTest(where="src"):
            self._read(b"<img src='" + b"data:image/x;" * (size // 13) + b"'>")

    def test_thousands_of_files_begin_and_one_ends(self):
        started = time.process_time()
        read = read_mail(mail(b"\nMy own words\n" + b"begin 644 a\n" * 80_000 + b"end\n"))
        self.assertLess(time.process_time() - started, 3)
        self.assertIn("My own words", read.body)

    def test_many_small_ones(self):
        self._read((b"<p style='" + b"url(" * 250 + b"'>x</p>") * 1500)

    def test_usual_styles_stay(self):
        body = self._read(
            b"<p style='color:red;background:url(/a.png)'>x</p><img src='data:image/png;base64,"
            + base64.b64encode(b"x" * 3000)
            + b"'>"
        )
        self.assertIn("color:red", body.replace(" ", ""))
        self.assertIn("<img", body)

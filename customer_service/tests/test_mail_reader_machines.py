from odoo.tests import BaseCase, tagged

from ..tools.mail_authentication import check_sender
from ..tools.mail_headers import is_automatic_subject
from ..tools.mail_reader import read_mail
from .test_mail_reader import TEXT, mail, parts

STATUS = b"""Content-Type: message/delivery-status

Reporting-MTA: dns; mx.shop.example

Final-Recipient: rfc822; Gone@customer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

Original-Recipient: rfc822;full@customer.example
Final-Recipient: rfc822;other@customer.example
Action: delayed
Status: 4.2.2

Final-Recipient: rfc822; fine@customer.example
Action: delivered
Status: 2.0.0
"""
RETURNED = b"Content-Type: text/rfc822-headers\n\nSubject: Hi\nMessage-ID:\n <42@shop.example>\n"


@tagged("post_install", "-at_install")
class TestMailReaderMachines(BaseCase):
    def test_kinds(self):
        report = b"multipart/report; report-type=disposition-notification; boundary=b"
        for headers, kind in (
            ({}, ""),
            ({"Auto_Submitted": b"no"}, ""),
            ({"Auto_Submitted": b"No (a person)"}, ""),
            ({"Precedence": b"first-class"}, ""),
            ({"X_Auto_Response_Suppress": b"None"}, ""),
            ({"Auto_Submitted": b"auto-replied; owner=x"}, "auto_reply"),
            ({"X_Autoreply": b"yes"}, "auto_reply"),
            ({"X_Auto_Response_Suppress": b"OOF, DR"}, "auto_reply"),
            ({"Precedence": b"auto_reply"}, "auto_reply"),
            ({"Return_Path": b"<>"}, "auto_reply"),
            ({"Subject": b"Automatic reply: Where is it?"}, "auto_reply"),
            ({"Subject": b"=?utf-8?B?6Ieq5YuV6L+U5L+h?="}, "auto_reply"),
            ({"List_Id": b"<l.x.example>"}, "list"),
            ({"List_Unsubscribe": b"<mailto:u@x.example>"}, "list"),
            ({"Precedence": b"list"}, "list"),
            ({"Precedence": b"bulk"}, "bulk"),
            ({"Precedence": b"bulk", "Auto_Submitted": b"auto-replied"}, "auto_reply"),
            ({"From": b"MAILER-DAEMON@x.example"}, "bounce"),
            ({"From": b"postmaster@x.example", "Subject": b"Undeliverable: Hi"}, "bounce"),
            ({"From": b"postmaster@x.example"}, "report"),
            ({"Content_Type": report}, "report"),
        ):
            with self.subTest(headers):
                self.assertEqual(read_mail(mail(**headers)).machine, kind)

    def test_people_who_write_of_machines_are_people(self):
        for subject in (
            "Re: Automatic reply: Where is it?",
            "Automatic reply problem",
            "Out of office hours question",
            "Auto: which tyres?",
            "Nieobecność kuriera w domu",
            "Abwesend bei der Zustellung, und nun?",
            "Delivery failed: the parcel never came",
            "不在票について",
        ):
            with self.subTest(subject):
                self.assertFalse(is_automatic_subject(subject))
                encoded = b"=?utf-8?Q?" + b"".join(b"=%02X" % byte for byte in subject.encode())
                self.assertEqual(read_mail(mail(Subject=encoded + b"?=")).machine, "")

    def test_vacation_subjects(self):
        for subject in (
            "Automatic reply: Hi",
            "Out of office",
            "Out of Office - back on Monday",
            "Autoodpowiedź: Paczka",
            "Automatische Antwort: Paket",
            "Abwesenheitsnotiz",
            "Réponse automatique : Colis",
            "Respuesta automática: Pedido",
            "自動返信",
            "【自動返信】お問い合わせ",
            "不在のお知らせ",
        ):
            with self.subTest(subject):
                self.assertTrue(is_automatic_subject(subject))

    def test_delivery_report(self):
        rest = parts("report", TEXT, STATUS, RETURNED)
        rest = rest.replace(b"multipart/report;", b"multipart/report; report-type=delivery-status;")
        read = read_mail(mail(rest))
        self.assertEqual(read.machine, "bounce")
        self.assertEqual(
            read.bounces,
            [
                ("gone@customer.example", True, "550 5.1.1 no such user"),
                ("full@customer.example", False, "4.2.2"),
            ],
        )
        self.assertEqual(read.returned_message_ids, ["<42@shop.example>"])
        self.assertEqual(read.body, "<pre>My own words</pre>")
        self.assertEqual(
            [each[0] for each in read.attachments], ["delivery-status.txt", "headers.txt"]
        )

    def test_bounce_from_before_the_standard(self):
        text = (
            b"\nHi. This is the qmail-send program at mx.x.example.\nI'm afraid I wasn't able to "
            b"deliver your message\n\n<gone@customer.example>:\n550 unknown user\n\n"
            b"--- Below this line is a copy of the message.\n\nMessage-ID: <42@shop.example>\n"
        )
        read = read_mail(mail(text, From=b"MAILER-DAEMON@x.example", Subject=b"failure notice"))
        self.assertEqual(read.bounces, [("gone@customer.example", True, "550 unknown user")])
        self.assertEqual(read.returned_message_ids, ["<42@shop.example>"])

    def test_reading_report_is_no_bounce(self):
        status = b"Content-Type: message/disposition-notification\n\nOriginal-Message-ID: <42@x>\n"
        rest = parts("report", TEXT, status).replace(
            b"multipart/report;", b"multipart/report; report-type=disposition-notification;"
        )
        read = read_mail(mail(rest))
        self.assertEqual((read.machine, read.bounces), ("report", []))
        self.assertEqual(read.returned_message_ids, ["<42@x>"])


@tagged("post_install", "-at_install")
class TestMailReaderAuthentication(BaseCase):
    def _check(self, *results, trusted=("mx.shop.example",), **headers):
        head = b"".join(b"Authentication-Results: " + result + b"\n" for result in results)
        return check_sender(read_mail(head + mail(**headers)), trusted)

    def test_verdicts(self):
        for result, verdict in (
            (b"dmarc=pass header.from=customer.example", "verified"),
            (b"dkim=pass header.d=customer.example", "verified"),
            (b"dkim=pass header.d=mail.customer.example", "verified"),
            (b"dkim=pass header.i=@customer.example", "verified"),
            (b"spf=pass smtp.mailfrom=anna@customer.example", "verified"),
            (b"dkim=pass header.d=other.example", "unverified"),
            (b"dkim=pass header.d=notcustomer.example", "unverified"),
            (b"dkim=pass header.d=example", "unverified"),
            (b"spf=pass smtp.mailfrom=anna@other.example", "unverified"),
            (b"dmarc=pass header.from=other.example", "unverified"),
            (b"dmarc=fail header.from=customer.example", "failed"),
            (b"dmarc=fail; dkim=pass header.d=customer.example", "failed"),
            (b"dkim=fail header.d=customer.example", "failed"),
            (b"dkim=fail header.d=x.example; spf=fail smtp.mailfrom=y.example", "failed"),
            (b"spf=softfail smtp.mailfrom=customer.example", "unverified"),
            (b"none", "unverified"),
            (b"dkim=pass header.d=(((", "unverified"),
            (b"\xff\xfe", "unverified"),
            (b"", "unverified"),
        ):
            with self.subTest(result):
                self.assertEqual(self._check(b"mx.shop.example; " + result), verdict)

    def test_only_the_topmost_result_of_a_trusted_server_counts(self):
        good = b"mx.shop.example; dmarc=pass header.from=customer.example"
        bad = b"mx.shop.example; dmarc=fail header.from=customer.example"
        foreign = b"mx.evil.example; dmarc=pass header.from=customer.example"
        self.assertEqual(self._check(bad, good), "failed")
        self.assertEqual(self._check(foreign, bad), "failed")
        self.assertEqual(self._check(foreign), "unverified")
        self.assertEqual(self._check(good, trusted=()), "unverified")
        self.assertEqual(self._check(good, trusted=("MX.shop.example ",)), "verified")

    def test_only_from_is_proven(self):
        good = b"mx.shop.example; dmarc=pass header.from=customer.example"
        reply_to = {"From": None, "Reply_To": b"anna@customer.example"}
        self.assertEqual(self._check(good, **reply_to), "unverified")

"""The mail servers: real ones on this machine."""

import email
import imaplib
import poplib
import smtplib
import ssl

import pytest

from devtools import demo_mail, maildir, send
from devtools.demo_mail import CUSTOMERS, SUPPORT, USERS, DemoMail, Pymap
from devtools.dovecot import Dovecot
from devtools.paths import Paths
from devtools.process import group_alive
from devtools.smtp_sink import SmtpSink

MESSAGE = b"From: a@b.example\r\nSubject: hello\r\n\r\nworld\r\n"
PASSWORDS = {"support": "secret"}


def test_dovecot_serves_what_was_delivered(tmp_path):
    with Dovecot(tmp_path, PASSWORDS) as server:
        server.deliver("support", MESSAGE)
        imap = imaplib.IMAP4("localhost", server.imap_port)
        imap.login("support", "secret")
        imap.select()
        assert imap.search(None, "UNSEEN")[1] == [b"1"]
        imap.logout()
        pop = poplib.POP3("localhost", server.pop3_port)
        pop.user("support")
        pop.pass_("secret")
        assert pop.stat()[0] == 1
        pop.quit()
        assert server.messages("support")[0]["Subject"] == "hello"
        group = server.process.pid
    assert not group_alive(group)


@pytest.mark.parametrize(
    ("certificate", "trusted"), [("good", True), ("self-signed", False), ("wrong-host", False)]
)
def test_dovecots_certificates(tmp_path, certificate, trusted):
    with Dovecot(tmp_path, PASSWORDS, certificate=certificate) as server:
        careful = ssl.create_default_context(cafile=server.ca_file)

        def connect():
            imaplib.IMAP4_SSL("localhost", server.imaps_port, ssl_context=careful).logout()
            imaplib.IMAP4("localhost", server.imap_port).starttls(careful)
            poplib.POP3_SSL("localhost", server.pop3s_port, context=careful).quit()

        if trusted:
            connect()
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                connect()


def test_dovecot_without_tls_offers_none(tmp_path):
    with Dovecot(tmp_path, PASSWORDS, tls=False) as server:
        assert "STARTTLS" not in imaplib.IMAP4("localhost", server.imap_port).capabilities


def test_the_sink_keeps_envelope_and_message():
    with SmtpSink() as sink:
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.sendmail("a@b.example", ["c@d.example", "e@f.example"], MESSAGE)
        [sent] = sink.wait_for_messages(1)
        assert sent.sender == "a@b.example"
        assert sent.recipients == ("c@d.example", "e@f.example")
        assert sent.parsed["Subject"] == "hello"
        assert sink.to("c@d.example") == [sent]
        sink.clear()
        assert not sink.messages


@pytest.mark.parametrize("kind", ["dovecot", "pymap"])
def test_the_demos_mail_goes_to_the_right_mailbox(tmp_path, monkeypatch, kind):
    if kind == "pymap":
        monkeypatch.setattr(demo_mail.system, "dovecot", lambda: None)
    paths = Paths(tmp_path)
    paths.locks.mkdir(parents=True)
    with DemoMail(paths) as mail:
        with smtplib.SMTP("127.0.0.1", mail.smtp.port) as client:
            client.sendmail("emma@customer.example", ["support@shop.example"], MESSAGE)
            client.sendmail("support@shop.example", ["emma@customer.example"], MESSAGE)
        for user in (SUPPORT, CUSTOMERS):
            imap = imaplib.IMAP4("127.0.0.1", mail.imap.imap_port)
            imap.login(user, USERS[user])
            imap.select()
            assert imap.search(None, "UNSEEN")[1] == [b"1"]
            imap.logout()
        assert len(maildir.raw_messages(paths.mail / "outbox")) == 1


def test_pymap_is_the_fallback(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_mail.system, "dovecot", lambda: None)
    paths = Paths(tmp_path)
    paths.locks.mkdir(parents=True)
    with DemoMail(paths) as mail:
        assert isinstance(mail.imap, Pymap)


def test_a_sent_file_is_completed_like_a_mail_server_does():
    sender, recipients, message_id, raw = send.address(MESSAGE)
    parsed = email.message_from_bytes(raw)
    assert (sender, recipients) == ("a@b.example", ["support@shop.example"])
    assert parsed["Message-ID"] == message_id
    assert parsed["Date"]
    assert raw.endswith(MESSAGE)


def test_a_message_id_of_its_own_is_kept():
    raw = b"Message-ID: <1@x>\r\nTo: y@shop.example\r\n\r\n"
    assert send.address(raw)[1:3] == (["y@shop.example"], "<1@x>")

"""Every way to a mailbox, with real servers: protocols, encryption, certificates, logins."""

import contextlib
import itertools
import os
import socket
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.customer_service.tools.mail_connection import (
    MailConnectionError,
    connect,
    folder_name,
    open_mailbox,
    problem,
    without,
)

from .mail_servers import MailServersMixin

try:
    from devtools.certificates import GOOD, KINDS, SELF_SIGNED, WRONG_HOST
    from devtools.dovecot import Dovecot
except ImportError:  # a shop's own Odoo has the app without its workshop
    KINDS = ()

CONNECTION = "odoo.addons.customer_service.tools.mail_connection"
PASSWORD = 'c4n"ary \\ pass'
USERS = {"support": PASSWORD, "zaneta": "zażółć"}


@tagged("post_install", "-at_install")
class TestMailConnection(MailServersMixin, BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bare = cls._start_dovecot(USERS, tls=False)
        cls.servers = {kind: cls._start_dovecot(USERS, certificate=kind) for kind in KINDS}

    def _port(self, server, protocol, encryption):
        names = {"imap": ("imap_port", "imaps_port"), "pop": ("pop3_port", "pop3s_port")}
        return getattr(server, names[protocol][encryption == "ssl"])

    @contextlib.contextmanager
    def _open(self, server, protocol="imap", encryption="none", check=True, trust=None, **values):
        """Open a mailbox as the app does, and close it again."""
        trusted = trust or server.ca_file
        environment = {"SSL_CERT_FILE": str(trusted)} if trusted else {}
        port = self._port(server, protocol, encryption)
        with patch.dict(os.environ, environment):
            client = connect(
                protocol, "localhost", port, encryption, check_certificate=check, timeout=5
            )
        try:
            client.login(values.get("user", "support"), values.get("password", PASSWORD))
            yield open_mailbox(client, values.get("folder", "INBOX"), secrets=(PASSWORD,))
        finally:
            client.drop()

    def _code(self, *args, **kwargs):
        """Return in one word why a mailbox cannot be opened, "" where it can."""
        try:
            with self._open(*args, **kwargs):
                return ""
        except MailConnectionError as error:
            return error.code

    def test_matrix_of_protocols_encryption_and_certificates(self):
        refusals = {
            SELF_SIGNED: "certificate_self_signed",
            WRONG_HOST: "certificate_wrong_host",
        }
        tried = 0
        for kind, protocol, encryption, check in itertools.product(
            KINDS, ("imap", "pop"), ("none", "starttls", "ssl"), (True, False)
        ):
            expected = refusals.get(kind, "") if check and encryption != "none" else ""
            with self.subTest(
                certificate=kind, protocol=protocol, encryption=encryption, checked=check
            ):
                code = self._code(self.servers[kind], protocol, encryption, check=check)
                self.assertEqual(code, expected)
                tried += 1
        self.assertEqual(tried, 36)

    def test_an_authority_that_nobody_trusts_is_refused(self):
        other = self.servers[SELF_SIGNED].ca_file
        for protocol, encryption in itertools.product(("imap", "pop"), ("starttls", "ssl")):
            code = self._code(self.servers[GOOD], protocol, encryption, trust=other)
            self.assertEqual(code, "certificate_unknown_authority")

    def test_starttls_is_required_where_it_is_chosen(self):
        for protocol in ("imap", "pop"):
            self.assertEqual(self._code(self.bare, protocol, "starttls"), "no_starttls")

    def test_no_password_is_sent_where_the_server_wants_encryption(self):
        refusals = {
            "imap": {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%s OK done\r\n"},
            "pop": {b"USER support": b"-ERR Plaintext authentication disallowed\r\n"},
        }
        for protocol, answers in refusals.items():
            with ScriptedServer(protocol, answers) as server:
                client = connect(protocol, "127.0.0.1", server.port, "none", timeout=5)
                with self.assertRaises(MailConnectionError) as caught:
                    client.login("support", "canary-4711")
                client.drop()
            self.assertEqual(caught.exception.code, "encryption_needed")
            self.assertNotIn(b"canary", b"".join(server.heard))

    def test_wrong_logins_have_a_code_of_their_own(self):
        server = self.servers[GOOD]
        for protocol in ("imap", "pop"):
            self.assertEqual(self._code(server, protocol, password="wrong"), "password")
            self.assertEqual(self._code(server, protocol, user="nobody"), "password")
            code = self._code(server, protocol, password="a\r\nA1 DELETE INBOX")
            self.assertEqual(code, "control_characters")
            code = self._code(server, protocol, "ssl", user="zaneta", password="zażółć")
            self.assertEqual(code, "", "any letters may be in a password")

    def test_unreachable_servers_have_a_code_of_their_own(self):
        def code(host, port, encryption="none"):
            with self.assertRaises(MailConnectionError) as caught:
                connect("imap", host, port, encryption, timeout=1)
            return caught.exception.code

        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            self.assertEqual(code("127.0.0.1", port), "no_answer")
            self.assertEqual(code("127.0.0.1", port, "ssl"), "no_answer")
        self.assertEqual(code("127.0.0.1", port), "refused")
        self.assertEqual(code("no-such-host.invalid", 143), "unknown_host")
        self.assertEqual(code("a" * 70 + ".example", 143), "unknown_host")
        self.assertEqual(code("localhost", self.bare.imap_port, "ssl"), "no_tls")

    def test_folders_have_any_name(self):
        server = self.servers[GOOD]
        name = "Zażalenia & zwroty"
        self.assertEqual(folder_name(name), "Za&AXw-alenia &- zwroty")
        self.assertEqual(folder_name("日本語"), "&ZeVnLIqe-")
        server.make_folder("support", folder_name(name))
        server.deliver("support", b"Subject: there\r\n\r\nin the folder", folder_name(name))
        with self._open(server, folder=name) as mailbox:
            (uid,) = mailbox.waiting()
            self.assertIn(b"in the folder", mailbox.fetch(uid))
        self.assertEqual(self._code(server, folder="Nowhere"), "no_folder")

    def test_reading_changes_nothing_until_it_is_done(self):
        for protocol in ("imap", "pop"):
            server = Dovecot(self._folder(), USERS, tls=False)
            with server:
                for number in range(3):
                    server.deliver(
                        "support", b"Subject: %d\r\n\r\n.\r\n%s\r\n" % (number, b"x" * 70_000)
                    )
                with self._open(server, protocol) as mailbox:
                    uids = mailbox.waiting()
                    sizes = mailbox.sizes(uids)
                    raw = mailbox.fetch(uids[0])
                    self.assertEqual(sizes[uids[0]], len(raw))
                    self.assertIn(b"\r\n.\r\n", raw)
                    self.assertNotIn(b"xxx", mailbox.fetch_head(uids[1]))
                with self._open(server, protocol) as mailbox:
                    self.assertEqual(mailbox.waiting(), uids, "the numbers last")
                    mailbox.done(uids[0], delete=True)
                    mailbox.done(uids[1], delete=False)
                    mailbox.leave(uids[2])
                    mailbox.close()
                with self._open(server, protocol) as mailbox:
                    left = uids[2:] if protocol == "imap" else uids[1:]
                    self.assertEqual(mailbox.waiting(), left)
                self.assertEqual(len(server.messages("support")), 2)

    def _folder(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        return folder

    def test_pop_deletes_nothing_when_it_dies_before_quit(self):
        with Dovecot(self._folder(), USERS, tls=False) as server:
            server.deliver("support", b"Subject: one\r\n\r\nfirst")
            with self._open(server, "pop") as mailbox:
                mailbox.done(mailbox.waiting()[0], delete=True)
            self.assertEqual(len(server.messages("support")), 1)

    def test_no_error_repeats_the_password(self):
        for form in (PASSWORD, 'c4n\\"ary \\\\ pass', "YzRuImFyeSBcIHBhc3M="):
            self.assertEqual(without(f"bad: {form}!", (PASSWORD,)), "bad: ***!")
        for protocol in ("imap", "pop"):
            with ScriptedServer(protocol) as server:
                client = connect(protocol, "127.0.0.1", server.port, "none", timeout=5)
                with self.assertRaises(MailConnectionError) as caught:
                    client.login("canary-4711", "canary-4711")
                client.drop()
            self.assertIn("canary-4711", caught.exception.detail, "the server repeats it")
            told = problem(caught.exception, ("canary-4711",))
            self.assertNotIn("canary", f"{told!r} {told}")


class ScriptedServer(threading.Thread):
    """A server that repeats each command as an error, its password included.

    :param str protocol: "imap" or "pop"
    :param dict answers: other answers, with ``%s`` for the command's tag on IMAP
    :ivar list heard: what the clients sent
    """

    def __init__(self, protocol, answers=None):
        super().__init__(daemon=True)
        self.is_imap = protocol == "imap"
        self.answers = {
            b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n",
            **(answers or {}),
        }
        self.heard = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self.socket.accept()
                with connection, connection.makefile("rwb") as stream:
                    stream.write(b"* OK hello\r\n" if self.is_imap else b"+OK hello\r\n")
                    stream.flush()
                    for line in stream:
                        self.heard.append(line)
                        stream.write(self._answer(line.rstrip()))
                        stream.flush()

    def _answer(self, command):
        """Return what is said to a command."""
        if not self.is_imap:
            return self.answers.get(command, b"-ERR I do not know " + command + b"\r\n")
        tag, _space, command = command.partition(b" ")
        if command in self.answers:
            return self.answers[command] % tag
        return tag + b" BAD I do not know " + command + b"\r\n"


@tagged("post_install", "-at_install")
class TestEndlessServer(BaseCase):
    """A server that never stops talking ends its run, not the process."""

    def _serve(self, *said):
        """Listen for one client, say all of this whatever it says, and return the port."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def talk():
            with contextlib.suppress(OSError):
                client, _address = listener.accept()
                with client, client.makefile("rb") as heard:
                    for words in said:
                        client.sendall(words)
                        heard.readline()

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 10)
        return listener.getsockname()[1]

    def test_imap_server_announces_more_than_fits(self):
        port = self._serve(
            b"* PREAUTH ready\r\n* CAPABILITY IMAP4rev1\r\n", b"* 1 FETCH {99999999999}\r\nx"
        )
        with self.assertRaises(MailConnectionError) as caught:
            client = connect("imap", "127.0.0.1", port, "none", timeout=5)
            self.addCleanup(client.drop)
            open_mailbox(client)
        self.assertEqual(caught.exception.code, "lost")

    def test_pop_server_has_endless_lines(self):
        port = self._serve(b"+OK\r\n", b"+OK\r\n" + b"x\r\n" * 1000)
        with patch(f"{CONNECTION}._LARGEST_ANSWER", 10_000):
            client = connect("pop", "127.0.0.1", port, "none", timeout=5)
            self.addCleanup(client.drop)
            with self.assertRaises(MailConnectionError) as caught:
                open_mailbox(client)
        self.assertEqual(caught.exception.code, "lost")

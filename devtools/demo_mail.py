"""The demo's mail system: an SMTP server that keeps everything here, and an IMAP server with two
mailboxes.

Mail to the shop's own domain is delivered to ``support``, which Odoo fetches; all other mail, that
is what the shop
writes to its customers, to ``customers``. Nothing leaves this machine.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

from devtools import maildir, system
from devtools.dovecot import Dovecot
from devtools.errors import DevError
from devtools.ports import LOOPBACK, answers, free_ports
from devtools.process import die_with_parent, start_server, stop_group, wait_for
from devtools.smtp_sink import SmtpSink

DOMAIN = "shop.example"
SUPPORT_ADDRESS = f"support@{DOMAIN}"
SUPPORT, CUSTOMERS = "support", "customers"
USERS = {SUPPORT: "support", CUSTOMERS: "customers"}


class Pymap:
    """The IMAP server where Dovecot is not installed: written in Python, no POP3, no TLS."""

    def __init__(self, folder, users):
        self.folder = folder
        self.users = users
        self.process = None
        self.imap_port = None

    def start(self):
        """Write the users and start the server."""
        from pymap.config import IMAPConfig  # noqa: PLC0415 (slow, and seldom needed)

        hashes = IMAPConfig._get_hash_context(None)
        self.folder.mkdir(parents=True, exist_ok=True)
        for user in self.users:
            maildir.make_maildir(self.mailbox(user))
        passwd = "".join(f"{user}:x:::::{user}:\n".replace(":::::", "::::") for user in self.users)
        (self.folder / "pymap-etc-passwd").write_text(passwd)
        shadow = "".join(
            f"{user}:{hashes.hash(password)}:::::::\n" for user, password in self.users.items()
        )
        (self.folder / "pymap-etc-shadow").write_text(shadow)
        self.imap_port = free_ports(1)[0]
        program = [
            sys.executable,
            "-c",
            "import sys; from pymap.main import main; sys.exit(main())",
        ]
        options = [
            "--host",
            LOOPBACK,
            "--port",
            str(self.imap_port),
            "--no-tls",
            "--no-service",
            "admin",
        ]
        self.process = start_server(
            [*program, *options, "maildir", str(self.folder)],
            self.folder / "pymap.log",
            preexec_fn=die_with_parent,
        )
        if not wait_for(
            lambda: answers(self.imap_port) or self.process.poll() is not None, 20
        ) or not answers(self.imap_port):
            raise DevError(
                "The mail server of the demo does not start; its log is"
                f" {self.folder / 'pymap.log'}."
            )

    def stop(self):
        """Stop the server."""
        if self.process:
            stop_group(self.process)

    def mailbox(self, user):
        """:return: the maildir of a user"""
        return self.folder / user


class DemoMail:
    """Both servers of the demo, for the block of a ``with``."""

    def __init__(self, paths):
        self.paths = paths
        self.record = paths.locks / "demo-mail.json"
        self.imap = None
        self.smtp = None

    def __enter__(self):
        self._end_leftover()
        if system.dovecot():
            self.imap = Dovecot(self.paths.mail / "dovecot", USERS, tls=False)
        else:
            self.imap = Pymap(self.paths.mail / "pymap", USERS)
        self.imap.start()
        command = Path(f"/proc/{self.imap.process.pid}/cmdline")
        self.record.write_text(
            json.dumps({"pid": self.imap.process.pid, "command": command.read_text()})
        )
        self._link_outbox()
        self.smtp = SmtpSink(on_message=self.sort)
        try:
            self.smtp.__enter__()
        except BaseException:
            self.imap.stop()
            raise
        return self

    def __exit__(self, *_):
        self.smtp.__exit__()
        self.imap.stop()
        self.record.unlink(missing_ok=True)

    def sort(self, sent):
        """Deliver a message to the mailbox it belongs to."""
        ours = any(address.lower().endswith(f"@{DOMAIN}") for address in sent.recipients)
        others = any(not address.lower().endswith(f"@{DOMAIN}") for address in sent.recipients)
        if ours:
            maildir.deliver(self.imap.mailbox(SUPPORT), sent.raw)
        if others:
            maildir.deliver(self.imap.mailbox(CUSTOMERS), sent.raw)

    def _link_outbox(self):
        """Show the customers' mailbox as .dev/mail/outbox."""
        link = self.paths.mail / "outbox"
        if link.is_symlink():
            link.unlink()
        elif link.exists():
            shutil.rmtree(link)
        link.symlink_to(self.imap.mailbox(CUSTOMERS))

    def _end_leftover(self):
        """End the IMAP server of a demo that was killed; only if the process is really that one."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            record = json.loads(self.record.read_text())
            if Path(f"/proc/{record['pid']}/cmdline").read_text() == record["command"]:
                os.killpg(record["pid"], signal.SIGTERM)
                wait_for(lambda: not Path(f"/proc/{record['pid']}").exists(), 10)

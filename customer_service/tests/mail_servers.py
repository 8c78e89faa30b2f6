"""Real mail servers for tests, from the workshop of the repository."""

import tempfile
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

try:
    from devtools.dovecot import Dovecot
    from devtools.smtp_sink import SmtpSink
except ImportError:  # a shop's own Odoo has the app without its workshop
    Dovecot = SmtpSink = None


class MailServersMixin:
    """Starts servers for all tests of a class, and stops them after the last one."""

    @classmethod
    def _start_dovecot(cls, users, **options):
        """Start a mail server with mailboxes.

        :param dict users: passwords by login
        :param options: others of ``Dovecot``
        """
        cls._need(Dovecot)
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)  # the mail server runs as a user of its own
        return cls.enterClassContext(Dovecot(folder / "dovecot", users=users, **options))

    @classmethod
    def _start_sink(cls):
        """Start an SMTP server that keeps what it is given."""
        cls._need(SmtpSink)
        return cls.enterClassContext(SmtpSink())

    def _send_to_sink(self):
        """Have everything sent to the sink for real; the host sends nothing while it is tested."""
        self.sink.clear()
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": self.sink.port}
        )
        self.startPatcher(patch.object(IrMail_Server, "_disable_send", lambda *_args: False))

    @classmethod
    def _need(cls, server):
        if server is None:
            raise SkipTest("The mail servers for tests are part of the repository, not of the app")

"""Two workers at one mailbox at the same moment: real connections, really committed."""

import tempfile
from pathlib import Path
from threading import Barrier, Thread
from unittest import SkipTest
from unittest.mock import patch

from odoo import api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.customer_service.tools.mail_connection import ImapMailbox

try:
    from devtools.dovecot import Dovecot
except ImportError:  # a shop's own Odoo has the app without its workshop
    Dovecot = None

MAILS = 6
SENDER = "two@mailboxes.example"


@tagged("post_install", "-at_install")
class TestMailFetchAtOnce(BaseCase):
    def setUp(self):
        super().setUp()
        if Dovecot is None:
            raise SkipTest("The mail servers for tests are part of the repository, not of the app")
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)  # the mail server runs as a user of its own
        self.dovecot = self.enterContext(Dovecot(folder, {"support": "secret"}, tls=False))
        for number in range(MAILS):
            mail = f"From: {SENDER}\r\nSubject: Mail {number}\r\nMessage-Id: <{number}@at.once>"
            self.dovecot.deliver("support", f"{mail}\r\n\r\nHello\r\n".encode())
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean_up)

    def _env(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            logs = env["customer.service.mail.log"].search([("sender_address", "=", SENDER)])
            logs.case_id.unlink()
            logs.unlink()
            env["fetchmail.server"].browse(self.server_ids).unlink()
            env["customer.service.identity"].search([("email", "=", SENDER)]).unlink()

    def _make_servers(self, count):
        """Make servers of the same mailbox, committed."""
        with self.registry.cursor() as cr:
            values = {
                "name": "At once",
                "server_type": "imap",
                "server": "localhost",
                "port": self.dovecot.imap_port,
                "user": "support",
                "password": "secret",
                "state": "done",
                "object_id": self._env(cr)["ir.model"]._get_id("customer.service.case"),
            }
            servers = self._env(cr)["fetchmail.server"].create([values] * count)
            self.server_ids = servers.ids

    def _work(self, server_id, results):
        """Fetch as a worker does."""
        with self.registry.cursor() as cr:
            server = self._env(cr)["fetchmail.server"].browse(server_id)
            results.append(server._fetch_mailboxes(50))

    def _work_at_once(self, server_ids):
        """Let a worker fetch each of these servers at the same moment."""
        results = []
        workers = [Thread(target=self._work, args=(each, results)) for each in server_ids]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        self.assertEqual(len(results), len(server_ids))
        return results

    def _outcomes(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            logs = env["customer.service.mail.log"].search([("sender_address", "=", SENDER)])
            self.assertEqual(len(logs.case_id.message_ids), MAILS)
            return sorted((log.outcome, log.reason) for log in logs)

    def test_one_mailbox_twice_makes_each_mail_one_message(self):
        self._make_servers(2)
        barrier = Barrier(2, timeout=30)
        original = ImapMailbox.waiting

        def wait_for_the_other(mailbox):
            uids = original(mailbox)
            barrier.wait()
            return uids

        with patch.object(ImapMailbox, "waiting", wait_for_the_other):
            results = self._work_at_once(self.server_ids)
        self.assertEqual([result.error for result in results], [None, None])
        self.assertEqual(
            self._outcomes(), [("ignored", "duplicate")] * MAILS + [("new", False)] * MAILS
        )
        self.assertEqual(self.dovecot.unread("support"), 0)

    def test_a_server_is_fetched_by_one_worker_at_a_time(self):
        self._make_servers(1)
        original = ImapMailbox.waiting
        results = []

        def look_meanwhile(mailbox):
            if not results:
                self._work(self.server_ids[0], results)
            return original(mailbox)

        with patch.object(ImapMailbox, "waiting", look_meanwhile):
            (result,) = self._work_at_once(self.server_ids[:1])
        self.assertEqual(results[0].busy, 1)
        self.assertEqual((result.busy, result.error), (0, None))
        self.assertEqual(self._outcomes(), [("new", False)] * MAILS)

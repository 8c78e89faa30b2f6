"""Setting up a mailbox and fetching it, in a real browser."""

from odoo.tests import HttpCase, tagged

from .test_mail_fetch import FetchCommon


@tagged("post_install", "-at_install")
class TestMailFetchTour(FetchCommon, HttpCase):
    def test_administrator_sets_up_a_mailbox_and_runs_sync_now(self):
        user = next(self.free_users)
        for number in range(3):
            self.dovecot.deliver(user, self._mail(Subject=f"Question {number}"))
        server = self._server(user=user)
        server.write({"state": "draft", "password": "wrong"})
        self.start_tour(
            f"/odoo/action-mail.action_email_server_tree/{server.id}",
            "customer_service_mail_server_tour",
            login="admin",
        )
        server.invalidate_recordset()
        self.assertEqual(server.state, "done")
        self.assertEqual(self._runs(server).fetched_count, 3)
        self.assertEqual(self._on_server(server), (3, 0))

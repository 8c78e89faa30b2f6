from threading import Thread

from odoo import api
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged

MAIL = (
    b"From: Two Workers <two@workers.example>\r\nTo: box@workers.example\r\n"
    b"Subject: One of two\r\nMessage-Id: <one-of-two@workers.example>\r\n\r\nHello\r\n"
)


@tagged("post_install", "-at_install", "mail_gateway")
class TestTwoWorkers(BaseCase):
    """Two workers hold the same mail at the same moment: real transactions, really committed."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(get_db_name())
        self.first, self.second = self.connection.cursor(), self.connection.cursor()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self.first.close()
        self.second.close()
        with self.connection.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            logs = env["customer.service.mail.log"].search(
                [("sender_address", "=", "two@workers.example")]
            )
            logs.case_id.unlink()
            logs.failure_id.write({"state": "discarded"})
            logs.failure_id.unlink()
            logs.unlink()
            env["customer.service.identity"].search(
                [("email", "=", "two@workers.example")]
            ).unlink()

    def _take_in(self, cursor):
        env = api.Environment(cursor, api.SUPERUSER_ID, {})
        log = env["customer.service.mail.intake"]._take_in(MAIL, model="customer.service.case")
        return log.outcome, log.reason

    def _race(self, end_of_first):
        """Let the second worker begin while the first has not ended.

        :return: what became of the mail in each of the two
        """
        outcomes = [self._take_in(self.first)]
        second = Thread(target=lambda: outcomes.append(self._take_in(self.second)))
        second.start()
        second.join(0.5)
        self.assertTrue(second.is_alive(), "The second worker did not wait for the first")
        end_of_first()
        second.join(30)
        self.second.commit()
        return outcomes

    def test_second_worker_ignores_what_the_first_took_in(self):
        outcomes = self._race(self.first.commit)
        self.assertEqual(outcomes, [("new", False), ("ignored", "duplicate")])
        self.assertEqual(self._count_cases(), 1)

    def test_second_worker_takes_in_what_the_first_gave_up(self):
        outcomes = self._race(self.first.rollback)
        self.assertEqual(outcomes, [("new", False), ("new", False)])
        self.assertEqual(self._count_cases(), 1)

    def _count_cases(self):
        with self.connection.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            return env["customer.service.case"].search_count([("name", "=", "One of two")])

from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestCreditAtOnce(TwoTransactionsCase):
    """Two agents give back the same goods at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.journal = env["account.journal"].create(
            {"name": "Credits at once", "code": "CSAO", "type": "general"}
        )
        # An entry that is no invoice can be deleted when the test is over.
        self.move = env["account.move"].create({"journal_id": self.journal.id})
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        self.move.unlink()
        self.journal.unlink()
        self.first.commit()

    @mute_logger("odoo.sql_db")
    def test_the_second_is_run_again_by_the_host(self):
        theirs = api.Environment(self.second, api.SUPERUSER_ID, {})["account.move"]
        theirs = theirs.browse(self.move.id)
        self.assertFalse(theirs._credit_notes())  # the second transaction has its snapshot now
        self.move._wait_for_other_credits()
        self.first.commit()
        with self.assertRaises(SerializationFailure):
            theirs._wait_for_other_credits()

from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestTakeAtOnce(TwoTransactionsCase):
    """Two agents press *Take* at the same moment: two real transactions, committed for real."""

    def setUp(self):
        super().setUp()
        env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.users = env["res.users"].create(
            [
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(4, env.ref("customer_service.group_supervisor").id)],
                }
                for login in ("take_first", "take_second")
            ]
        )
        self.case = env["customer.service.case"].create({"name": "Who takes me?"})
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        self.case.unlink()
        self.users.unlink()
        self.first.commit()

    def _case(self, cursor, user):
        env = api.Environment(cursor, user.id, {"tracking_disable": True})
        return env["customer.service.case"].browse(self.case.id)

    def test_one_takes_it_and_the_other_is_told(self):
        mine = self._case(self.first, self.users[0])
        theirs = self._case(self.second, self.users[1])
        mine.action_take()
        self._flush(mine)
        with self.assertRaisesRegex(UserError, "A colleague is working"):
            theirs.action_take()
        self.first.commit()
        self.second.rollback()
        theirs.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "take_first"):
            theirs.action_take()
        self.assertEqual(self.case.user_id, self.users[0])

    @mute_logger("odoo.sql_db")
    def test_who_looked_before_the_other_took_it_is_asked_to_try_again_by_the_host(self):
        mine = self._case(self.first, self.users[0])
        theirs = self._case(self.second, self.users[1])
        self.assertFalse(theirs.user_id)  # the second transaction has its snapshot now
        mine.action_take()
        self._flush(mine)
        self.first.commit()
        with self.assertRaises(SerializationFailure):  # the host repeats the request on this one
            theirs.action_take()
        self.second.rollback()
        theirs.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "take_first"):
            theirs.action_take()

    def _flush(self, case):
        """Send what is pending to the database, as the end of a request does."""
        case.env.flush_all()

from psycopg2 import OperationalError

from odoo import api
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestRecordAtOnce(TwoTransactionsCase):
    """Two agents record contacts with the same person at the same moment, committed for real."""

    def setUp(self):
        super().setUp()
        self.env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.users = self.env["res.users"].create(
            [
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(4, self.env.ref("customer_service.group_supervisor").id)],
                }
                for login in ("record_first", "record_second")
            ]
        )
        self.partner = self.env["res.partner"].create({"name": "Ewa Twice"})
        self.case = self.env["customer.service.case"].create(
            {"name": "Who gets it?", "partner_id": self.partner.id}
        )
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        self.env.invalidate_all()
        interactions = self.env["customer.service.interaction"].search(
            [("user_id", "in", self.users.ids)]
        )
        people = interactions.identity_id
        (interactions.action_ids.case_id | self.case).unlink()
        interactions.exists().unlink()
        people.exists().unlink()
        self.partner.unlink()
        self.users.unlink()
        self.first.commit()

    def _record(self, cursor, user, key, **values):
        env = api.Environment(cursor, user.id, {"tracking_disable": True})
        result = env["customer.service.interaction"].record(
            {
                "request_key": key,
                "partner_id": self.partner.id,
                "matters": [{"name": f"Matter of {key}"}],
                **values,
            }
        )
        env.flush_all()
        return result

    def _recorded(self):
        self.env.invalidate_all()
        self.first.rollback()  # a new look at what is committed
        return self.env["customer.service.interaction"].search(
            [("user_id", "in", self.users.ids)], order="id"
        )

    def test_new_matters_of_one_customer_are_both_kept(self):
        self._record(self.first, self.users[0], "at-once-1")
        self._record(self.second, self.users[1], "at-once-2")
        self.first.commit()
        self.second.commit()
        recorded = self._recorded()
        self.assertEqual(recorded.user_id, self.users)
        self.assertEqual(len(recorded.action_ids.case_id), 2)
        self.assertEqual(recorded.partner_id, self.partner)

    @mute_logger("odoo.sql_db")
    def test_the_same_case_is_written_one_after_the_other(self):
        follow_up = [{"case_id": self.case.id, "follow_up": "Call back on Monday"}]
        solved = [{"case_id": self.case.id, "description": "Found it", "solved": True}]
        api.Environment(self.second, self.users[1].id, {})["customer.service.case"].browse(
            self.case.id
        ).read(["status"])  # the second has its snapshot now
        self._record(self.first, self.users[0], "at-once-3", matters=follow_up)
        self.first.commit()
        with self.assertRaises(OperationalError):  # the host repeats the request on this one
            self._record(self.second, self.users[1], "at-once-4", matters=solved)
        self.second.rollback()
        self._record(self.second, self.users[1], "at-once-4", matters=solved)
        self.second.commit()
        self.assertEqual(self._recorded().user_id, self.users)
        self.assertEqual(self.case.status, "resolved")
        self.assertEqual(self.case.resolve_user_id, self.users[1])

    def test_the_same_recording_sent_twice_is_kept_once(self):
        self._record(self.first, self.users[0], "at-once-5")
        with self.assertRaises(ConcurrencyError):  # the host repeats the request on this one
            self._record(self.second, self.users[0], "at-once-5")
        self.second.rollback()
        self.first.commit()
        result = self._record(self.second, self.users[0], "at-once-5")
        self.assertTrue(result["repeated"])
        self.second.commit()
        self.assertEqual(self._recorded().ids, [result["interaction_id"]])

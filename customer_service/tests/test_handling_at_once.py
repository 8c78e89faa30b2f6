from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestHandlingAtOnce(TwoTransactionsCase):
    """Two tabs of one agent start a clock at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.user = env["res.users"].create(
            {
                "name": "clock",
                "login": "clock_at_once",
                "group_ids": [(4, env.ref("customer_service.group_supervisor").id)],
            }
        )
        self.channel = env["discuss.channel"]._create_channel(name="Desk", group_id=None)
        self.team = env["customer.service.case"]._default_team_id()
        self.team.alert_channel_id = self.channel
        self.cases = env["customer.service.case"].create([{"name": "One"}, {"name": "Two"}])
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        env = self.cases.env
        env.invalidate_all()
        env["customer.service.handling"].search([("user_id", "=", self.user.id)]).unlink()
        self.cases.unlink()
        self.team.alert_channel_id = False
        self.channel.unlink()
        self.user.unlink()
        self.first.commit()

    def _handling(self, cursor):
        return api.Environment(cursor, self.user.id, {})["customer.service.handling"]

    def _running(self):
        self.first.rollback()
        handling = self.cases.env["customer.service.handling"]
        handling.env.invalidate_all()
        return handling.search([("user_id", "=", self.user.id), ("state", "=", "running")])

    @mute_logger("odoo.sql_db")
    def test_the_second_is_repeated_and_pauses_the_first(self):
        one, two = self._handling(self.first), self._handling(self.second)
        two.handling_clock()  # the second transaction has its snapshot now
        one.handling_start(self.cases[0].id)
        self.first.commit()
        with self.assertRaises(ConcurrencyError):  # the host repeats the request on this one
            two.handling_start(self.cases[1].id)
        self.second.rollback()
        two.env.invalidate_all()
        two.handling_start(self.cases[1].id)
        self.second.commit()
        self.assertEqual(self._running().case_id, self.cases[1])

    @mute_logger("odoo.sql_db")
    def test_the_same_case_in_two_tabs_is_one_clock(self):
        one, two = self._handling(self.first), self._handling(self.second)
        two.handling_clock()
        started = one.handling_start(self.cases[0].id)
        self.first.commit()
        with self.assertRaises(ConcurrencyError):
            two.handling_start(self.cases[0].id)
        self.second.rollback()
        two.env.invalidate_all()
        again = two.handling_start(self.cases[0].id)
        self.second.commit()
        self.assertEqual(again["running"]["id"], started["running"]["id"])
        self.assertEqual(len(self._running()), 1)

    @mute_logger("odoo.sql_db")
    def test_job_and_browser_tell_the_team_once(self):
        one, two = self._handling(self.first), self._handling(self.second)
        started = one.handling_start(self.cases[0].id)
        handling = one.browse(started["running"]["id"])
        handling.sudo().running_since -= timedelta(minutes=30)
        self.first.commit()
        again = two.browse(handling.id)
        self.assertFalse(again.alert_date)  # the second transaction has its snapshot now
        handling.handling_alert()
        self.first.commit()
        with self.assertRaises(SerializationFailure):  # the host repeats the request on this one
            again.handling_alert()
            again.env.flush_all()
        self.second.rollback()
        again.env.invalidate_all()
        again.handling_alert()
        self.second.commit()
        self.first.rollback()
        self.channel.invalidate_recordset()
        told = self.channel.message_ids.filtered(lambda message: "minutes" in message.body)
        self.assertEqual(len(told), 1)

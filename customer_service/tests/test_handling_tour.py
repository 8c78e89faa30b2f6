"""The clock in a real browser."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestHandlingTour(CustomerServiceCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.case = self._create_case(user_id=self.agent_team.id)
        self.handling = self.env["customer.service.handling"].with_user(self.agent_team)
        self.url = f"/odoo/cases/{self.case.id}"

    def _let_pass(self, **length):
        """Let the clock that runs have been started earlier."""
        handling = self.handling._unfinished().filtered("running_since")
        running = handling.period_ids.filtered(lambda period: not period.stop)
        running.start -= timedelta(**length)
        handling.running_since -= timedelta(**length)
        self.env.flush_all()

    def test_clock_survives_a_reload_and_becomes_a_day(self):
        self.start_tour(self.url, "customer_service_clock_tour", login="cs_agent_team")
        # The page is closed; meanwhile the clock runs on.
        self._let_pass(minutes=10)
        self.start_tour(self.url, "customer_service_clock_reload_tour", login="cs_agent_team")
        self.env.invalidate_all()
        day = self.env["customer.service.day"]._of(self.agent_team)
        self.assertEqual(round(day.confirmed_duration * 60), 4)
        self.assertTrue(day.confirm_date)

    def test_long_call_alert_is_marked_done(self):
        channel = self.env["discuss.channel"]._create_channel(name="Desk", group_id=None)
        channel._add_members(users=self.agent_team)
        self.team.write({"long_handling_minutes": 20, "alert_channel_id": channel.id})
        self.handling.handling_start(self.case.id)
        self._let_pass(minutes=21)
        self.start_tour(self.url, "customer_service_long_handling_tour", login="cs_agent_team")
        message = channel.message_ids.filtered(lambda message: self.case.number in message.body)
        self.assertEqual(len(message), 1)
        self.assertIn("Done", message.body)
        self.start_tour(
            f"/odoo/discuss?active_id=discuss.channel_{channel.id}",
            "customer_service_long_handling_done_tour",
            login="cs_agent_team",
        )

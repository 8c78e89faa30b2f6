from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_timeline import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineTour(TimelineCommon, HttpCase):
    """An agent looks up what happened before, in a real browser."""

    def test_agent_reads_the_timeline(self):
        other = self._create_case(name="Another matter")
        self._customer_writes(other, body="The first of all")
        for number in range(35):
            self._customer_writes(other, body=f"Again, {number}")
        self._customer_writes(other, body="About another matter")
        self.order.action_confirm()
        foreign = self._create_order(self.other_customer)
        self._customer_writes(self.case, body=f"Where is my lamp? And {foreign.name}?")
        self._note(self.case, body="The carrier lost it")
        self.start_tour(
            f"/odoo/cases/{self.case.id}", "customer_service_timeline_tour", login="cs_agent_team"
        )
        self.assertFalse(self.case.mentioned_order_ids)

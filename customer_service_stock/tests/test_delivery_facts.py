from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_date

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestDeliveryFacts(StockCommon):
    """What logistics wants to know before somebody asks them: it follows from the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.state, cls.promised, cls.tracking = (
            cls.env.ref(f"customer_service_stock.intake_fact_delivery_{name}")
            for name in ("state", "promised", "tracking")
        )
        cls.route = cls.env["customer.service.escalation.route"].create(
            {"name": "Logistics", "user_ids": [(6, 0, cls.administrator.ids)]}
        )

    def _facts(self, case=None, user=None):
        """Return what the dialog says of the facts that are demanded."""
        dialog = self._press(
            case or self.case, "action_escalate", user or self.supervisor, route_id=self.route.id
        )
        return {fact["id"]: fact for fact in dialog.intake_facts}

    def test_they_follow_from_the_delivery(self):
        self.route.intake_fact_ids = self.state | self.promised
        facts = self._facts()
        self.assertEqual(facts[self.state.id]["value"], "Ready to send")
        promised = self.order.picking_ids._customer_service_promised()
        self.assertEqual(facts[self.promised.id]["value"], format_date(self.env, promised))
        self.assertFalse(facts[self.state.id]["is_text"], "nobody types it")
        self._deliver()
        self.env.invalidate_all()
        self.assertEqual(self._facts()[self.state.id]["value"], "Sent")

    def test_a_return_is_no_delivery(self):
        self._deliver()
        self._return_dialog(lamp=1).action_return()
        self.assertEqual(self.case.delivery_state, "Sent")

    def test_without_them_nothing_is_asked(self):
        self.route.intake_fact_ids = self.tracking
        dialog = self._press(
            self.case, "action_escalate", self.supervisor, route_id=self.route.id, question="Where?"
        )
        with self.assertRaisesRegex(UserError, "Number of the parcel"):
            dialog.action_escalate()

    def test_they_are_not_told_of_an_order_that_one_may_not_read(self):
        self.assertFalse(self._create_case(sale_order_id=False).delivery_state)
        customers = self.env["customer.service.case"].with_user(self.portal_user)
        self.assertNotIn("delivery_state", customers.fields_get())

    def test_one_query_for_many(self):
        cases = self.case | self._create_case(sale_order_id=self.order.id)
        cases.mapped("delivery_state")
        self.env.invalidate_all()
        few = self._queries(self.case)
        many = self._queries(cases)
        self.assertEqual(few, many)

    def _queries(self, cases):
        self.env.invalidate_all()
        self.env.flush_all()
        before = self.cr.sql_log_count
        cases.mapped("delivery_state")
        return self.cr.sql_log_count - before

from odoo.tests import tagged

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestStockTimeline(StockCommon):
    """What went out and what came back, in the timelines of order, case and customer."""

    def _told(self, record=None, user=None):
        record = record or self.order
        timeline = self.env["customer.service.timeline"].with_user(user or self.agent_team)
        entries = timeline.timeline(record._name, record.id)["entries"]
        return [entry for entry in entries if entry["kind"] in ("delivery", "return")]

    def test_what_went_out_and_came_back(self):
        self.assertFalse(self._told(), "nothing has left the house")
        picking = self._deliver()
        self._return_dialog(lamp=1).action_return()
        self._deliver(self._documents("stock.picking"))
        told = self._told()
        self.assertEqual(
            [entry["label"] for entry in told],
            ["Return came back", "Delivery sent"],
            "of what happened in one transaction its end is told",
        )
        self.assertEqual(told[-1]["title"], picking.name)
        for record in (self.case, self.customer):
            self.assertEqual([entry["id"] for entry in self._told(record)], [e["id"] for e in told])

    def test_a_return_is_expected(self):
        self._deliver()
        self._told()
        self._return_dialog(lamp=1).action_return()
        [entry, _sent] = self._told()
        self.assertEqual(entry["label"], "Return expected")
        self.assertEqual(entry["case"]["id"], self.case.id)

    def test_a_delivery_is_told_at_its_own_date(self):
        picking = self._deliver()
        picking.date_done = "2020-02-29 10:00:00"
        self.assertEqual([entry["date"] for entry in self._told()], ["2020-02-29 10:00:00"])

    def test_what_was_cancelled(self):
        self.order.picking_ids.action_cancel()
        self.assertEqual([entry["label"] for entry in self._told()], ["Delivery cancelled"])

    def test_the_delivery_opens_for_those_who_may_read_it_else_the_order(self):
        picking = self._deliver()
        [entry] = self._told()
        self.assertEqual((entry["model"], entry["res_id"]), ("sale.order", self.order.id))
        [entry] = self._told(user=self.stock_agent)
        self.assertEqual((entry["model"], entry["res_id"]), (picking._name, picking.id))

    def test_the_past_is_filled_in(self):
        picking = self._deliver()
        entry = self.env["customer.service.timeline.entry"]
        told = self._told()
        entry.search([("res_model", "=", "stock.picking")]).unlink()
        self.assertFalse(self._told())
        entry._fill()
        [again] = self._told()
        self.assertEqual(again["label"], told[0]["label"])
        self.assertEqual(again["date"], str(picking.date_done)[:19])

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged, warmup

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestDeliveries(StockCommon):
    """Where the parcels are, for every agent who may read the order."""

    def _facts(self, user=None):
        self.env.invalidate_all()
        return self.case.with_user(user or self.agent_team).deliveries

    def test_what_is_not_sent_yet(self):
        self.order.picking_ids.move_ids.date_deadline = fields.Datetime.now() + timedelta(days=2)
        [fact] = self._facts()
        self.assertEqual(fact["name"], self.order.picking_ids.name)
        self.assertEqual(fact["promised"][:10], str(fields.Date.today() + timedelta(days=2)))
        self.assertFalse(fact["late"] or fact["done"] or fact["is_return"])
        self.assertFalse(fact["may_open"], "an agent without a role in Inventory or Sales")

    def test_what_is_late(self):
        self.order.picking_ids.move_ids.date_deadline = fields.Datetime.now() - timedelta(days=2)
        self.assertTrue(self._facts()[0]["late"])
        self._deliver()
        self.assertFalse(self._facts()[0]["late"])

    def test_what_was_sent_and_what_comes_back(self):
        self._deliver()
        self._return_dialog(lamp=1).action_return()
        back, sent = self._facts(self.stock_agent)
        self.assertEqual((sent["label"], sent["is_return"]), ("Sent", False))
        self.assertTrue(sent["done"])
        self.assertTrue(sent["may_open"])
        self.assertEqual((back["label"], back["is_return"]), ("Expected back", True))
        self.assertFalse(back["late"] or back["promised"], "nobody promised when it arrives")
        self._deliver(self._documents("stock.picking"))
        self.assertEqual(self._facts()[0]["label"], "Came back")

    def test_what_was_cancelled(self):
        self.order.picking_ids.action_cancel()
        self.assertEqual(self._facts()[0]["label"], "Cancelled")

    def test_an_order_without_goods(self):
        self.case.sale_order_id = self._create_order(self.customer)
        self.assertFalse(self._facts())

    def test_an_order_that_one_may_not_read(self):
        order = self.order
        with self.assertRaises(AccessError):
            self.case.with_user(self.outsider).read(["deliveries"])
        fresh = self.Case.with_user(self.agent_team).new({"sale_order_id": order.id})
        self.assertTrue(fresh.deliveries)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s", [elsewhere.id, order.id]
        )
        self.env.invalidate_all()
        fresh = self.Case.with_user(self.agent_team).new({"sale_order_id": order.id})
        self.assertFalse(fresh.deliveries)

    def test_it_is_opened_by_those_who_may(self):
        picking = self.order.picking_ids
        action = self.case.with_user(self.stock_agent).action_open_delivery(picking.id)
        self.assertEqual(action["res_id"], picking.id)
        with self.assertRaises(AccessError):
            self.case.with_user(self.agent_team).action_open_delivery(picking.id)

    @warmup
    def test_queries_do_not_grow_with_cases(self):
        orders = self.order
        for _number in range(4):
            orders |= self.order.copy()
        (orders - self.order).action_confirm()
        cases = self.Case.union(
            *(self._create_case(sale_order_id=order.id) for order in orders)
        ).with_user(self.agent_team)
        for count in (1, 5):
            self.env.invalidate_all()
            some = cases[:count].with_prefetch()
            some.mapped("sale_order_id.name")
            with self.subTest(cases=count), self.assertQueryCount(4):
                some.mapped("deliveries")

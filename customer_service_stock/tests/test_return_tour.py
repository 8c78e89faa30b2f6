from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestReturnTour(StockCommon, HttpCase):
    """Goods that come back, and goods that are sent once more: in a real browser."""

    def test_a_return_with_refund(self):
        self._deliver()
        invoice = self._invoice()
        self.after_sales.group_ids += self.env.ref("account.group_account_invoice")
        url = f"/odoo/cases/{self.case.id}"
        self.start_tour(url, "customer_service_return_tour", login="cs_after_sales")
        back = self._documents("stock.picking")
        self.assertEqual(back.move_ids.product_id, self.lamp)
        self.assertEqual(invoice.reversal_move_ids.amount_total, 40)

    def test_a_replacement(self):
        self._deliver()
        url = f"/odoo/cases/{self.case.id}"
        self.start_tour(url, "customer_service_replacement_tour", login="cs_after_sales")
        self.assertEqual(self._documents("sale.order").order_line.product_id, self.shade)

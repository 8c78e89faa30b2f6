from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_service.tests.two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestReturnAtOnce(TwoTransactionsCase):
    """Two agents take the same goods back at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.partner = env["res.partner"].create({"name": "At Once"})
        self.product = env["product.product"].create({"name": "Lamp at Once", "type": "consu"})
        self.order = env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 1})],
            }
        )
        self.order.action_confirm()
        self.order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        self.order.picking_ids.button_validate()
        self.case = env["customer.service.case"].create(
            {"name": "At once", "partner_id": self.partner.id, "sale_order_id": self.order.id}
        )
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        """Take back what was committed, in the way that the database allows."""
        self._roll_back()
        cursor, order_id = self.first, self.order.id
        self.case.unlink()
        pickings = tuple(self.order.picking_ids.ids)
        cursor.execute("DELETE FROM stock_move_line WHERE picking_id IN %s", [pickings])
        cursor.execute("DELETE FROM stock_move WHERE picking_id IN %s", [pickings])
        cursor.execute("DELETE FROM stock_picking WHERE id IN %s", [pickings])
        cursor.execute("DELETE FROM sale_order WHERE id = %s", [order_id])
        cursor.execute("DELETE FROM stock_quant WHERE product_id = %s", [self.product.id])
        self.case.env.invalidate_all()
        self.product.product_tmpl_id.unlink()
        self.partner.unlink()
        cursor.commit()

    def _return(self, cursor):
        env = api.Environment(cursor, api.SUPERUSER_ID, {"tracking_disable": True})
        case = env["customer.service.case"].browse(self.case.id)
        move = env["stock.move"].browse(self.order.picking_ids.move_ids[:1].id)
        returns = case._return_goods({move: 1})
        env.flush_all()
        return returns

    @mute_logger("odoo.sql_db")
    def test_who_looked_before_is_made_to_look_again(self):
        second = api.Environment(self.second, api.SUPERUSER_ID, {})
        second["sale.order"].browse(self.order.id).read(["name"])  # it has its snapshot now
        self._return(self.first)
        self.first.commit()
        with self.assertRaises(SerializationFailure):  # the host repeats the request on this one
            self._return(self.second)
        self.second.rollback()
        with self.assertRaisesRegex(UserError, "has come back"):
            self._return(self.second)

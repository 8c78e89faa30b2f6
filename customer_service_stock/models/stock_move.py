from collections import defaultdict

from odoo import models

from ..tools.goods import Goods


class StockMove(models.Model):
    """What of a delivery can still come back."""

    _inherit = "stock.move"

    def _customer_service_delivered(self):
        """Return those of these moves that brought goods to a customer."""
        return self.filtered(
            lambda move: move.state == "done"
            and move.location_dest_id._is_outgoing()
            and move.quantity > 0
        )

    def _customer_service_goods_left(self):
        """Return what of each of these moves the customer still has: ``{stock.move: Goods}``."""
        back = self._customer_service_coming_back()
        return {move: Goods(move.quantity, back[move], move.product_uom) for move in self}

    def _customer_service_coming_back(self):
        """Return how much of each of these moves has come back, or is on its way back.

        :return: ``{stock.move: quantity}`` in the unit of the move, all of them in one query
        """
        back = defaultdict(float)
        returns = self.search_fetch(
            [("origin_returned_move_id", "in", self.ids), ("state", "!=", "cancel")],
            ["origin_returned_move_id", "state", "quantity", "product_uom_qty", "product_uom"],
        )
        for move in returns:
            origin = move.origin_returned_move_id
            quantity = move.quantity if move.state == "done" else move.product_uom_qty
            back[origin] += move.product_uom._compute_quantity(quantity, origin.product_uom)
        return back

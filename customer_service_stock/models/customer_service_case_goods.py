from odoo import models
from odoo.exceptions import UserError

from odoo.addons.customer_service.tools.client_action import dialog


class CustomerServiceCaseGoods(models.AbstractModel):
    """Goods that come back, and goods that are sent once more."""

    _name = "customer.service.case.goods"
    _description = "Returns and Replacements of a Case"

    def action_return_goods(self):
        """Open the dialog in which one chooses what the customer sends back.

        :raise UserError: the user may not, or nothing of the order can come back
        """
        self.ensure_one()
        self._check_may_return()
        title = self.env._("Return of %(order)s", order=self.sale_order_id.name)
        return dialog("customer.service.case.return", title, case_id=self.id)

    def action_replace_goods(self):
        """Open the dialog in which one chooses what the customer gets once more.

        :raise UserError: the user may not, or nothing of the order was delivered
        """
        self.ensure_one()
        self._check_may_replace()
        title = self.env._("Replacement for %(order)s", order=self.sale_order_id.name)
        return dialog("customer.service.case.replace", title, case_id=self.id)

    # ------------------------------------------------------------------------------------------
    # Who may, and what there is
    # ------------------------------------------------------------------------------------------

    def _check_has_order(self):
        """:raise UserError: the case is about no order"""
        self.ensure_one()
        self.check_access("write")
        if not self.sale_order_id:
            raise UserError(
                self.env._("Choose the order of %(case)s first.", case=self.display_name)
            )

    def _check_may_return(self):
        """:raise UserError: no right, no order, or nothing of it that could come back"""
        self._check_has_order()
        if not self._may_return_goods():
            raise UserError(
                self.env._(
                    "Returns are made by people with a role in Inventory. Ask one of them, or an "
                    "administrator for the role."
                )
            )
        order = self.sale_order_id
        left = order._customer_service_returnable()
        if not left:
            raise UserError(
                self.env._(
                    "Nothing of %(order)s has been delivered yet, so nothing can come back. Cancel "
                    "the order or its delivery instead.",
                    order=order.name,
                )
            )
        if not any(goods.has_some for goods in left.values()):
            raise UserError(
                self.env._(
                    "All that was delivered of %(order)s has come back, or is on its way back.",
                    order=order.name,
                )
            )

    def _check_may_replace(self):
        """:raise UserError: no right, no order, or nothing of it that could be replaced"""
        self._check_has_order()
        self._check_may_sell_replacement()
        order = self.sale_order_id
        if not order.order_line._customer_service_goods_left():
            raise UserError(
                self.env._(
                    "Nothing of %(order)s has been delivered yet, so there is nothing to replace.",
                    order=order.name,
                )
            )

    def _check_may_sell_replacement(self):
        """:raise UserError: the user may not make orders"""
        if not self.env["sale.order"].has_access("create"):
            raise UserError(
                self.env._(
                    "Replacements are orders, made by people with a role in Sales. Ask one of "
                    "them, or an administrator for the role."
                )
            )

    def _may_return_goods(self):
        """Tell whether the user may do what the host's own return demands."""
        return self.env["stock.return.picking"].has_access("create") and self.env[
            "stock.picking"
        ].has_access("create")

    # ------------------------------------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------------------------------------

    def _return_goods(self, quantities, refund=True, reason=""):
        """Make the returns of chosen deliveries with the host's own dialog.

        :param dict quantities: ``{stock.move: quantity}`` in the unit of the move
        :param bool refund: whether the order is to be invoiced without them
        :param str reason: why they come back, in plain text
        :return: the returns, one for each delivery
        :raise UserError: more than the customer still has
        """
        self.ensure_one()
        self._check_may_return()
        order = self.sale_order_id
        order._customer_service_decide_alone()
        self._check_returnable(quantities, order._customer_service_returnable())
        returns = self.env["stock.picking"]
        for picking, moves in self._moves_by_picking(quantities).items():
            returns |= picking._customer_service_return(
                {move: quantities[move] for move in moves}, refund=refund
            )
        for picking in returns:
            if reason:
                picking.message_post(body=reason)
            self._link_document(picking)
        return returns

    def _moves_by_picking(self, quantities):
        """Return the deliveries that these moves belong to, each with its moves."""
        return self.env["stock.move"].union(*quantities).grouped("picking_id")

    def _check_returnable(self, quantities, left):
        """Compare what is to come back with what the customer has.

        :param dict quantities: ``{stock.move: quantity}``
        :param dict left: ``{stock.move: Goods}``
        :raise UserError: nothing is chosen, or more than there is
        """
        if not quantities:
            raise UserError(self.env._("Enter how many of which product come back."))
        move = self._first_not_left(quantities, left)
        if move:
            raise UserError(
                self.env._(
                    "%(quantity)g of %(product)s cannot come back: %(delivered)g were "
                    "delivered with %(delivery)s, and %(returned)g of them have come back or "
                    "are on their way.",
                    quantity=quantities[move],
                    product=move.product_id.display_name,
                    delivered=left[move].delivered,
                    delivery=move.picking_id.name,
                    returned=left[move].settled,
                )
            )

    def _first_not_left(self, quantities, left):
        """Return the first of what is chosen of which there is not enough, None if all is there.

        :param dict quantities: ``{record: quantity}``
        :param dict left: ``{record: Goods}``
        :raise UserError: something else is chosen than was delivered, or less than nothing
        """
        for record, quantity in quantities.items():
            if record not in left or quantity < 0:
                raise UserError(
                    self.env._("Choose among what was delivered of the order of this case.")
                )
            if not left[record].allows(quantity):
                return record
        return None

    def _replace_goods(self, quantities, reason="", confirm=True):
        """Make the order that sends chosen goods once more.

        :param dict quantities: ``{sale.order.line: quantity}`` in the unit of the line
        :param str reason: why, in plain text
        :param bool confirm: whether the delivery is made at once
        :return: the order
        :raise UserError: more than was delivered and is not replaced yet
        """
        self.ensure_one()
        self._check_may_replace()
        original = self.sale_order_id
        original._customer_service_decide_alone()
        self._check_replaceable(quantities, original.order_line._customer_service_goods_left())
        order = original._customer_service_replace(quantities)
        if reason:
            order.message_post(body=reason)
        self._link_document(order)
        if confirm:
            order.action_confirm()
        return order

    def _check_replaceable(self, quantities, left):
        """Compare what is to be sent once more with what was delivered.

        :param dict quantities: ``{sale.order.line: quantity}``
        :param dict left: ``{sale.order.line: Goods}``
        :raise UserError: nothing is chosen, or more than there is
        """
        if not quantities:
            raise UserError(self.env._("Enter how many of which product are sent once more."))
        line = self._first_not_left(quantities, left)
        if line:
            raise UserError(
                self.env._(
                    "%(quantity)g of %(product)s cannot be replaced: %(delivered)g were "
                    "delivered, and %(replaced)g of them are replaced already. For what "
                    "happened to a replacement, choose the replacement as the order of the "
                    "case.",
                    quantity=quantities[line],
                    product=line.product_id.display_name,
                    delivered=left[line].delivered,
                    replaced=left[line].settled,
                )
            )

    def _made_text(self, *documents):
        """Return the sentence that names what was made, with a place for each link."""
        return self.env._("Made: %(documents)s", documents=", ".join(["%s"] * len(documents)))

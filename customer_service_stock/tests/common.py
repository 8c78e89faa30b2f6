"""What the tests of deliveries and returns share: an order that was delivered."""

from odoo.addons.customer_service.tests.common import CustomerServiceCommon


class StockCommon(CustomerServiceCommon):
    """A case about an order of three lamps and two shades, and agents with other roles besides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_agent, cls.sales_agent, cls.after_sales = (
            cls._create_colleague(name, groups)
            for name, groups in (
                ("stock_agent", "stock.group_stock_user"),
                ("sales_agent", "sales_team.group_sale_salesman_all_leads"),
                (
                    "after_sales",
                    "stock.group_stock_user,sales_team.group_sale_salesman_all_leads",
                ),
            )
        )
        cls.lamp, cls.shade = cls.env["product.product"].create(
            [
                {"name": "Lamp Luna", "type": "consu", "list_price": 40.0},
                {"name": "Shade", "type": "consu", "list_price": 15.0},
            ]
        )
        (cls.lamp | cls.shade).taxes_id = False
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company_admin.id,
                "order_line": [
                    (0, 0, {"product_id": cls.lamp.id, "product_uom_qty": 3}),
                    (0, 0, {"product_id": cls.shade.id, "product_uom_qty": 2}),
                ],
            }
        )
        cls.order.action_confirm()
        cls.lamps, cls.shades = cls.order.order_line
        cls.case = cls._create_case(sale_order_id=cls.order.id)

    @classmethod
    def _deliver(cls, picking=None, **done):
        """Send a delivery, or bring a return home.

        :param done: quantity by the first letters of a product; all of the rest where none is given
        """
        picking = picking or cls.order.picking_ids.filtered(lambda one: one.state != "done")[:1]
        for move in picking.move_ids:
            wanted = [
                quantity for name, quantity in done.items() if name in move.product_id.name.lower()
            ]
            move.quantity = wanted[0] if wanted else (0 if done else move.product_uom_qty)
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    @classmethod
    def _invoice(cls):
        """Invoice the order, in a company that keeps books."""
        if not cls.company_admin.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company=cls.company_admin, install_demo=False
            )
        invoice = cls.order._create_invoices()
        invoice.action_post()
        return invoice

    def _return_dialog(self, user=None, case=None, **quantities):
        """Open the dialog of a return and type quantities, by the first letters of a product."""
        return self._goods_dialog("action_return_goods", user, case, quantities)

    def _replace_dialog(self, user=None, case=None, **quantities):
        """Open the dialog of a replacement and type quantities."""
        return self._goods_dialog("action_replace_goods", user, case, quantities)

    def _goods_dialog(self, button, user, case, quantities):
        """Press a button of a case and type quantities into the dialog that it opens."""
        dialog = self._press(case or self.case, button, user or self.after_sales)
        for line in dialog.line_ids:
            for name, quantity in quantities.items():
                if name in line.product_id.name.lower():
                    line.quantity = quantity
        return dialog

    def _documents(self, model, user=None):
        """Return the documents of a model that the case shows."""
        self.case.invalidate_recordset(["documents"])
        shown = self.case.with_user(user or self.after_sales).documents or []
        return self.env[model].browse([one["id"] for one in shown if one["model"] == model])

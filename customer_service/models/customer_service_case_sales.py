from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ..tools.client_action import dialog, notification, reload_view


class CustomerServiceCaseSales(models.AbstractModel):
    """Selling from a case: a quotation for its customer, and the link with which they pay.

    The rights are those of the host's sales: an agent without them is told so in a sentence.
    """

    _name = "customer.service.case.sales"
    _description = "Orders Made from a Case"

    def action_new_order(self):
        """Ask for the products of a new order of this customer.

        :raise UserError: the user makes no orders, or nobody knows whose order it would be
        """
        self.ensure_one()
        self._check_may_order()
        return dialog("customer.service.case.order", self.env._("New Order"), case_id=self.id)

    def _check_may_order(self):
        """Make sure that the user may make an order for the customer of this case.

        :raise UserError: the user makes no orders, or nobody knows whose order it would be
        """
        self.check_access("write")
        self._check_not_merged()
        if not self.env["sale.order"].has_access("create"):
            raise UserError(
                self.env._(
                    "Orders are made by colleagues with rights in Sales. Ask one of them, or ask "
                    "an administrator for these rights."
                )
            )
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "Whose order is it? Choose the customer of this case first, or make the "
                    "contact."
                )
            )

    # ------------------------------------------------------------------------------------------
    # Making the order
    # ------------------------------------------------------------------------------------------

    def _make_order(self, values):
        """Make a quotation for the customer of this case, linked both ways.

        :param dict values: of the order, with its lines; the customer and what follows from the
            case is added
        :return: the order
        :raise UserError: the user makes no orders, or the case has no customer
        """
        self.ensure_one()
        self._check_may_order()
        # What a dialog was opened with is no default of an order.
        env = self.env(context=clean_context(self.env.context))
        order = env["sale.order"].with_company(self.company_id)
        order = order.create({**self._new_order_values(), **values})
        self._link_document(order)
        if not self.sale_order_id:
            self.sale_order_id = order
        return order

    def _new_order_values(self):
        """Return what an order takes from its case; all else follows from the customer.

        The salesperson is the customer's own, as the host has it. Whoever sees only their own
        orders becomes it themselves, else they could not make it.
        """
        partner = self.partner_id
        values = {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "origin": self.number,
            "campaign_id": self.campaign_id.id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
        }
        salesman = partner.user_id or partner.commercial_partner_id.user_id
        sees_all = self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        if salesman and salesman != self.env.user and not sees_all:
            values["user_id"] = self.env.uid
        return values

    # ------------------------------------------------------------------------------------------
    # Having it paid
    # ------------------------------------------------------------------------------------------

    def _mail_order(self, order):
        """Mail a quotation of this case to the customer, with the host's own mail.

        :param sale.order order: a draft; it is sent then
        :raise UserError: there is no address, or no template
        """
        if not order.partner_id.email_normalized:
            raise UserError(self.env._("Enter the customer's email address first."))
        template = order._find_mail_template()
        if not template:
            raise UserError(self.env._("The mail template for quotations was deleted."))
        order.with_context(mark_so_as_sent=True)._send_order_notification_mail(
            template, allow_deferred_sending=False
        )

    def action_send_payment_link(self):
        """Mail the customer the link with which they pay the order of this case.

        :raise UserError: the user makes no orders, there is nothing to be paid, or no address
        """
        self.ensure_one()
        self._check_may_answer()
        self._check_may_order()
        order = self._order_to_pay()
        template = self.env["mail.template"].browse(
            self._xmlid_id("customer_service.mail_template_payment_link")
        )
        # sudo: mail.template - of this app, chosen by no one
        template = template.sudo().exists()
        if not template:
            raise UserError(self.env._("The mail template for payment links was deleted."))
        if not self.reply_to_customer:
            raise UserError(self.env._("Enter the customer's email address first."))
        link, amount = self._payment_link(order)
        self._mail_beside(
            template.with_context(payment_order=order, payment_link=link, payment_amount=amount)
        )
        return notification(
            self.env._(
                "The link to pay %(order)s is on its way to %(address)s.",
                order=order.name,
                address=self.reply_to_customer,
            ),
            then=reload_view(),
        )

    def _order_to_pay(self):
        """Return the order of this case.

        :raise UserError: the case has none, or it is another customer's
        """
        order = self.sale_order_id
        if not order:
            raise UserError(self.env._("Choose the order first that is to be paid."))
        order.check_access("read")
        if order.commercial_partner_id != self.commercial_partner_id:
            raise UserError(
                self.env._("%(order)s is an order of another customer.", order=order.name)
            )
        return order

    def _payment_link(self, order):
        """Return the host's link to pay an order, and the amount it asks for, as text.

        :raise UserError: the host's reason why it cannot be paid
        """
        if order.state == "cancel":
            raise UserError(self.env._("%(order)s is cancelled.", order=order.name))
        wizard = (
            self.env["payment.link.wizard"]
            .with_context(
                clean_context(self.env.context), active_model=order._name, active_id=order.id
            )
            .create({})
        )
        if wizard.warning_message:
            raise UserError(
                self.env._(
                    "%(order)s: %(reason)s", order=order.name, reason=wizard.warning_message
                )
            )
        return wizard.link, wizard.amount

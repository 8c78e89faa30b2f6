from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import DONE

#: The states of an order that its case is told about.
_TOLD = ("sent", "sale", "cancel")


class CustomerServiceOrderStateMixin(models.AbstractModel):
    """An order that was made from a case tells it how it goes on.

    Whoever moves the order, a colleague, the customer on their page or a payment: the case gets a
    note that says who and when. Where the agent wanted it so, the case moves along.
    """

    _name = "customer.service.order.state.mixin"
    _description = "Order That Tells Its Case"

    customer_service_moves_case = fields.Boolean(
        "Moves Its Case",
        copy=False,
        groups="base.group_user",
        help="The case waits while the customer has the offer, is resolved when the order is "
        "confirmed, and comes back when it is cancelled.",
    )

    def write(self, vals):
        if vals.get("state") not in _TOLD:
            return super().write(vals)
        # sudo: order - its case is told, whoever moves the order
        orders = self.sudo().filtered("customer_service_case_id")
        states = {order: order.state for order in orders}
        result = super().write(vals)
        moved = orders.filtered(lambda order: order.state != states[order])
        if moved:
            moved._tell_case(vals["state"])
        return result

    def _tell_case(self, state):
        """Note on the cases of these orders what became of them, and move the cases along.

        :param str state: what these orders have become
        """
        author, is_customer = self._mover()
        for case, orders in self.grouped("customer_service_case_id").items():
            case._message_log(body=orders._state_text(state), author_id=author.id)
            waiting = orders._case_waiting_values(state, is_customer)
            if waiting:
                case.write(waiting)
            if any(orders.mapped("customer_service_moves_case")):
                orders._move_case(case, state)

    def _mover(self):
        """Return who moves the order, and whether that is the customer.

        On their page a customer who is not logged in signs for the order's contact; what the
        system does by itself has its own name.
        """
        user = self.env.user
        if user._is_public():
            return self.partner_id[:1], True
        return user.partner_id, user.share

    def _state_text(self, state):
        """Return the sentence that the case keeps, with a link to each order."""
        orders = Markup(", ").join(order._get_html_link() for order in self)
        if state == "sent":
            return self.env._("%(orders)s was sent to the customer.", orders=orders)
        if state == "sale":
            return self.env._("%(orders)s is confirmed.", orders=orders)
        return self.env._("%(orders)s is cancelled.", orders=orders)

    def _case_waiting_values(self, state, is_customer):
        """Return who is to speak next: the customer who has an offer, we when they refuse it."""
        if state == "sent":
            return {"awaiting_reply": False, "waiting_since": False}
        if state == "cancel" and is_customer:
            return {"awaiting_reply": True, "waiting_since": fields.Datetime.now()}
        return {}

    def _move_case(self, case, state):
        """Move a case to the status that follows from what became of its order.

        What the customer does with the order goes on, also where a rule holds the case back; the
        case says so then.
        """
        status = {"sent": "pending", "sale": "resolved", "cancel": "open"}[state]
        if case.merged_into_id or case.status == status:
            return
        if case.status in DONE and status != "open":
            return
        try:
            with self.env.cr.savepoint():
                case.write({"status": status})
        except UserError as refusal:
            case._message_log(body=str(refusal))

from odoo import api, fields, models
from odoo.tools import html2plaintext, ormcache

from ..const import ORDER_SEQUENCE_CODE, SPOKEN_MESSAGE_TYPES
from ..tools.order_number import number_pattern, order_numbers

#: A text that lists more numbers than this is no question about an order.
_MOST_NUMBERS = 20


class CustomerServiceCaseOrderMentions(models.AbstractModel):
    """Which orders a customer names: their own is linked, somebody else's is shown to the agent.

    A stranger, or a customer who names the order of somebody else, gets no link: what a case
    shows of an order must never depend on knowing a number.
    """

    _name = "customer.service.case.order.mentions"
    _description = "Orders That Are Named in a Case"
    _inherit = ["customer.service.kept.mixin"]

    mentioned_order_ids = fields.Many2many(
        "sale.order",
        "customer_service_case_mentioned_order_rel",
        string="Named Orders of Others",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The customer names these orders, which are not theirs.",
        kept=True,
    )
    dismissed_order_ids = fields.Many2many(
        "sale.order",
        "customer_service_case_dismissed_order_rel",
        string="Named Orders That Have Nothing to Do with It",
        readonly=True,
        copy=False,
        groups="base.group_user",
        kept=True,
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partner_id"):
            # sudo: case - what is named is kept by the case itself
            self.sudo()._link_orders_of_the_customer()
        return result

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if (
            message.message_type in SPOKEN_MESSAGE_TYPES
            and not self.env.context.get("customer_service_automatic")
            and not self._is_private(message)
            and not self._is_from_agent(message)
        ):
            # sudo: case - a customer who writes may name an order, and may change nothing else
            self.sudo()._note_orders_in(
                f"{msg_values.get('subject') or ''}\n{html2plaintext(msg_values.get('body') or '')}"
            )
        return result

    # ------------------------------------------------------------------------------------------
    # What is named
    # ------------------------------------------------------------------------------------------

    @api.model
    def _order_values(self, partner, company, msg_dict):
        """Return the order that a mail names, if it is the sender's own, and those that are not.

        :param res.partner partner: the sender, none where unknown
        :param res.company company: of the team the mail is for
        :param dict msg_dict: the parsed mail
        """
        text = f"{msg_dict.get('subject') or ''}\n{html2plaintext(msg_dict.get('body') or '')}"
        own, others = self._orders_in(text, partner, company)
        values = {"sale_order_id": own[:1].id} if own else {}
        if others:
            values["mentioned_order_ids"] = [fields.Command.set(others.ids)]
        return values

    @api.model
    def _orders_in(self, text, partner, company, known=()):
        """Return the orders that are named in a text, in the order in which they are named.

        :param known: numbers that are not looked for
        :return: those of this customer, and those of others where the number says so clearly
        """
        # sudo: sale.order - the gateway's user need not read orders
        order = self.env["sale.order"].sudo()
        numbers = order_numbers(text, self._order_number_patterns(company.id))
        if len(numbers) > _MOST_NUMBERS or not numbers.keys() - set(known):
            return order, order
        names = list(numbers.keys() - set(known))
        found = order.search_fetch(
            [("name", "in", names), ("company_id", "=", company.id)],
            ["name", "commercial_partner_id"],
            limit=_MOST_NUMBERS,
        ).sorted(lambda order: list(numbers).index(order.name))
        # sudo: res.partner - whose orders are the sender's own
        customer = partner.sudo().commercial_partner_id
        own = found.filtered(lambda order: customer and order.commercial_partner_id == customer)
        return own, (found - own).filtered(lambda order: numbers[order.name])

    @api.model
    @ormcache("company_id")
    def _order_number_patterns(self, company_id):
        """Return how the numbers of a company's orders look, by its sequences."""
        # sudo: ir.sequence - how orders are numbered
        sequences = self.env["ir.sequence"].sudo()
        found = sequences.search_fetch(
            [("code", "=", ORDER_SEQUENCE_CODE), ("company_id", "in", [company_id, False])],
            ["prefix", "suffix", "padding"],
        )
        return tuple(number_pattern(seq.prefix, seq.suffix, seq.padding) for seq in found)

    def _note_orders_in(self, text):
        """Link the order of the customer that a message names, and keep those of others.

        :param str text: what the customer said
        """
        self.ensure_one()
        linked = self.sale_order_id
        own, others = self._orders_in(
            text, self.partner_id, self.company_id, known=linked.mapped("name")
        )
        others -= self.mentioned_order_ids | self.dismissed_order_ids
        if others:
            self.mentioned_order_ids |= others
        if own and not linked:
            self._link_named_order(own[:1])

    def _link_orders_of_the_customer(self):
        """Link what was named by somebody of whom nobody knew that it is theirs."""
        for case in self:
            customer = case.commercial_partner_id
            named = case.mentioned_order_ids if customer else case.mentioned_order_ids.browse()
            own = named.filtered(lambda order, owner=customer: order.commercial_partner_id == owner)
            if own:
                case.mentioned_order_ids -= own
                if not case.sale_order_id:
                    case._link_named_order(own[:1])

    def _link_named_order(self, order):
        """Let the case be about an order that its customer named, and say so."""
        self.sale_order_id = order
        self._message_log(
            body=self.env._(
                "The customer names %(order)s, so this case is about it now.", order=order.name
            )
        )

    # ------------------------------------------------------------------------------------------
    # What an agent does with it
    # ------------------------------------------------------------------------------------------

    def action_dismiss_mentioned_orders(self):
        """Show these orders no more; they have nothing to do with the case."""
        self.check_access("write")
        for case in self.sudo():  # sudo: case - what is named is kept by the case itself
            case.dismissed_order_ids |= case.mentioned_order_ids
            case.mentioned_order_ids = False
        return True

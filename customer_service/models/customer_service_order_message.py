from html import unescape

from markupsafe import Markup, escape

from odoo import fields, models
from odoo.tools.rendering_tools import parse_inline_template


class CustomerServiceOrderMessage(models.Model):
    """A text for writing to a customer about an order, in as many languages as the shop speaks.

    Placeholders are the host's: ``{{ object.name }}`` is the number of the order, and words
    behind ``|||`` stand in for what is empty.
    """

    _name = "customer.service.order.message"
    _description = "Order Message"
    _inherit = ["customer.service.picklist.mixin", "mail.render.mixin"]

    # What a text may ask of an order is checked when it is saved, not when it is used.
    _unrestricted_rendering = True

    body = fields.Html(
        "Text",
        translate=True,
        required=True,
        sanitize="email_outgoing",
        help="{{ object.name }} becomes the number of the order, {{ object.partner_id.name }} the "
        "name of the customer.",
    )
    is_private = fields.Boolean(
        "Private", help="Offered as an internal note, which the customer does not see."
    )
    type_id = fields.Many2one(
        "customer.service.case.type",
        help="The type of the case that is started where the order has no open one.",
    )

    def _compute_render_model(self):
        self.render_model = "sale.order"

    def _body_for(self, order, lang):
        """Return the text for an order, with everything that was filled in escaped.

        :param sale.order order: what it is about
        :param str lang: the language of the customer
        """
        self.ensure_one()
        template = self.with_context(lang=lang)
        parts = []
        for text, expression, default in parse_inline_template(str(template.body or "")):
            parts.append(Markup(text))  # sanitized when it was saved
            if expression:
                source = " ".join(unescape(expression).split())
                value = template._render_template(f"{{{{ {source} }}}}", order._name, order.ids)
                parts.append(escape(value[order.id] or unescape(default).strip()))
        return Markup().join(parts)

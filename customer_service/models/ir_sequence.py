from odoo import api, models
from odoo.tools import SQL

from ..const import ORDER_SEQUENCE_CODE

#: What decides how the numbers of a sequence look.
_LOOK = frozenset({"code", "prefix", "suffix", "padding", "company_id", "active"})


class IrSequence(models.Model):
    """Numbers for a whole batch in one query; the numbers of orders are recognized in mail."""

    _inherit = "ir.sequence"

    def _next_batch(self, count):
        """Draw several numbers at once.

        :param int count: how many
        :return: list of ``count`` numbers as text, in the order they were drawn
        """
        self.ensure_one()
        if self.implementation != "standard" or self.use_date_range:
            return [self.next_by_id() for _position in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{self.id:03d}",
                count,
            )
        )
        return [self.get_next_char(number) for (number,) in rows]

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        sequences._forget_order_numbers()
        return sequences

    def write(self, vals):
        if _LOOK.isdisjoint(vals):
            return super().write(vals)
        self._forget_order_numbers()
        result = super().write(vals)
        self._forget_order_numbers()
        return result

    def unlink(self):
        self._forget_order_numbers()
        return super().unlink()

    def _forget_order_numbers(self):
        """Have the numbers of orders recognized by what these sequences say now."""
        if ORDER_SEQUENCE_CODE in self.mapped("code"):
            self.env.registry.clear_cache()

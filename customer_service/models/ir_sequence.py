from odoo import models
from odoo.tools import SQL


class IrSequence(models.Model):
    """Numbers for a whole batch in one query."""

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

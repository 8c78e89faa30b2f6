from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

#: At most one automatic answer to an address in this time: two machines that answer each other
#: stop after the first round.
_PAUSE_HOURS = 1

#: How long it is remembered who got one.
_KEPT_DAYS = 2


class CustomerServiceAutomaticAnswer(models.Model):
    """Who got an automatic answer, and when: the brake of every loop."""

    _name = "customer.service.automatic.answer"
    _description = "Automatic Answer"
    _order = "date desc, id desc"
    _log_access = False

    email_normalized = fields.Char("Address", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)

    _email_normalized_uniq = models.UniqueIndex("(email_normalized)")

    @api.model
    def _may_answer(self, address):
        """Tell whether an address may get an automatic answer now, and remember that it does.

        Two workers that ask at the same moment never both hear yes, and none waits for the
        other: whoever comes second is told no. The answer belongs to the transaction: when it is
        rolled back, the address got nothing and may be answered again.

        :param str address: whom the answer would go to
        :return: True at most once an hour and address
        """
        address = email_normalize(address)
        if not address:
            return False
        try:
            with self.env.cr.savepoint(flush=False):
                return self._claim(address)
        except OperationalError:  # somebody was faster, after this transaction had begun
            return False

    @api.model
    def _claim(self, address):
        """Write down that an address is answered now, unless it was less than an hour ago."""
        execute = self.env.cr.execute
        execute(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), hashtext(%s))", self._table, address
            ),
            log_exceptions=False,
        )
        if not self.env.cr.fetchone()[0]:
            return False
        now = fields.Datetime.now()
        execute(
            SQL(
                """
                INSERT INTO %(table)s AS known (email_normalized, date)
                     VALUES (%(address)s, %(now)s)
                ON CONFLICT (email_normalized) DO UPDATE SET date = EXCLUDED.date
                      WHERE known.date <= %(before)s
                  RETURNING id
                """,
                table=SQL.identifier(self._table),
                address=address,
                now=now,
                before=fields.Datetime.subtract(now, hours=_PAUSE_HOURS),
            ),
            log_exceptions=False,
        )
        claimed = bool(self.env.cr.rowcount)
        self.invalidate_model(flush=False)
        return claimed

    @api.autovacuum
    def _gc_automatic_answers(self):
        """Forget what was long ago."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=_KEPT_DAYS)
        self.search([("date", "<", before)]).unlink()

import logging
import re

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

_logger = logging.getLogger(__name__)

#: At most one automatic answer to an address in this time: two machines that answer each other
#: stop after the first round.
_PAUSE_HOURS = 1

#: At most this many automatic answers to all addresses together in that time, unless the system
#: parameter of this name says otherwise: whoever writes in the names of many makes us write to all.
_MOST_ANSWERS = 500
_MOST_ANSWERS_PARAMETER = "customer_service.automatic_answers_an_hour"

#: What stands behind a plus in an address: the same mailbox under another name.
_PLUS = re.compile(r"\+[^@]*@")

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
        address = _PLUS.sub("@", email_normalize(address) or "")
        if not address or self._is_exhausted():
            return False
        try:
            with self.env.cr.savepoint(flush=False):
                return self._claim(address)
        except OperationalError:  # somebody was faster, after this transaction had begun
            return False

    @api.model
    def _is_exhausted(self):
        """Tell whether so many answers went out by themselves of late that something is wrong."""
        # sudo: ir.config_parameter - a limit for everybody
        value = self.env["ir.config_parameter"].sudo().get_param(_MOST_ANSWERS_PARAMETER) or ""
        most = int(value) if value.isdecimal() else _MOST_ANSWERS
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=_PAUSE_HOURS)
        # sudo: automatic answer - counted, whoever it is that answers
        if self.sudo().search_count([("date", ">", since)], limit=most) < most:
            return False
        _logger.warning("No automatic answer is sent: %d went out within the last hour", most)
        return True

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

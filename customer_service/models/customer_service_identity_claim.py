from odoo import api, fields, models
from odoo.tools import SQL

#: How long it is remembered; longer than any transaction.
_KEPT_DAYS = 1


class CustomerServiceIdentityClaim(models.Model):
    """Who is being entered at this moment, so that two transactions never make one person twice.

    A search sees nothing of what another transaction made meanwhile; a unique key does.
    """

    _name = "customer.service.identity.claim"
    _description = "Person Being Entered"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    key = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)

    _key_uniq = models.UniqueIndex("(company_id, key)")

    @api.model
    def _claim(self, company, keys):
        """Say that a person with these keys is entered now.

        Whoever does so while another transaction has the same key waits for its end. If it made
        the person, this one is run again by the host and finds them.

        :param res.company company: within which people are told apart
        :param list keys: texts
        :raise psycopg2.errors.SerializationFailure: the person was made by somebody else, after
            this transaction had begun
        """
        now = fields.Datetime.now()
        for key in sorted(keys):  # in one order, so that nobody waits for each other
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(table)s (company_id, key, date)
                         VALUES (%(company)s, %(key)s, %(now)s)
                    ON CONFLICT (company_id, key) DO NOTHING
                    """,
                    table=SQL.identifier(self._table),
                    company=company.id,
                    key=key,
                    now=now,
                ),
                log_exceptions=False,
            )

    @api.autovacuum
    def _gc_claims(self):
        """Forget those whose transactions have ended long ago."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=_KEPT_DAYS)
        self.search([("date", "<", before)]).unlink()

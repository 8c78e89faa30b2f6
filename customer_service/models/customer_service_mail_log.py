from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: How long a message of the same sender and the same content, without a Message-ID, is one.
_SAME_CONTENT_DAYS = 7

#: How long the log is kept. What became a message is recognised by that message afterwards.
_LOG_DAYS = 180

#: How long the mail of blocked senders can be taken in after all.
_BLOCKED_DAYS = 30


class CustomerServiceMailLog(models.Model):
    """What became of each mail that came in, one line a mail; and that each is taken in once.

    The key is unique in the database: of two workers that hold the same mail at the same moment
    one waits for the other, and goes on only if the other gave up.
    """

    _name = "customer.service.mail.log"
    _description = "Incoming Mail"
    _order = "id desc"
    _rec_name = "subject"

    date = fields.Datetime(required=True, index=True, default=fields.Datetime.now)
    server_id = fields.Many2one("fetchmail.server", index="btree_not_null", ondelete="set null")
    run_id = fields.Many2one(
        "customer.service.mail.run", index="btree_not_null", ondelete="set null"
    )
    uid = fields.Char(
        "Number on the Server", help="What the mail server calls this message in its mailbox."
    )
    is_left = fields.Boolean(
        "Left on the Server",
        help="It stays in its mailbox on purpose, and is not fetched again from there.",
    )
    key = fields.Char(help="What tells this mail from all others: its Message-ID and content.")
    message_id_header = fields.Char("Message-ID", index="btree_not_null")
    sender = fields.Char()
    sender_address = fields.Char()
    subject = fields.Char()
    outcome = fields.Selection(
        [
            ("new", "New case"),
            ("continued", "Added to a case"),
            ("note", "Kept as a note"),
            ("automatic", "Closed at once, as automatic"),
            ("forwarded", "Forwarded"),
            ("ignored", "Ignored"),
            ("failed", "Failed"),
        ]
    )
    reason = fields.Selection(
        [
            ("duplicate", "It is here already"),
            ("own", "It is our own mail that came back"),
            ("blocked", "The sender is blocked"),
            ("unmatched", "It answers no known case"),
            ("refused", "The address does not take mail of this sender"),
            ("loop", "It answers an automatic answer of ours"),
        ],
        string="Why Ignored",
    )
    raw = fields.Binary(attachment=True, help="The whole mail, while it can be taken in later.")
    can_be_taken_in = fields.Boolean(compute="_compute_can_be_taken_in")
    case_id = fields.Many2one("customer.service.case", index="btree_not_null", ondelete="set null")
    failure_id = fields.Many2one(
        "customer.service.mail.failure", index="btree_not_null", ondelete="set null"
    )
    team_id = fields.Many2one("customer.service.team", index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one("res.company", index="btree_not_null", ondelete="cascade")

    _key_uniq = models.UniqueIndex("(key) WHERE key IS NOT NULL")
    _server_uid_idx = models.Index("(server_id, uid) WHERE is_left")
    _sender_idx = models.Index("(sender_address, date) WHERE sender_address IS NOT NULL")

    @api.model
    def _enter(self, key, has_id, values):
        """Log a mail that is about to be processed, unless it was processed before.

        Waits for another worker that is processing the same mail at this moment.

        :param str key: what tells it from all others
        :param bool has_id: it has a Message-ID; without one it is new again after a week
        :param dict values: other fields of the line
        :return: the line, without an outcome yet
        :raise psycopg2.errors.UniqueViolation: the mail was taken in before
        """
        if not has_id:
            outdated = fields.Datetime.now() - timedelta(days=_SAME_CONTENT_DAYS)
            self.env.cr.execute(
                SQL(
                    "UPDATE customer_service_mail_log SET key = NULL WHERE key = %s AND date < %s",
                    key,
                    outdated,
                )
            )
        row = {
            **{name: value or None for name, value in values.items()},
            "key": key,
            "date": fields.Datetime.now(),
            "create_uid": self.env.uid,
            "create_date": self.env.cr.now(),
        }
        columns = SQL(", ").join(map(SQL.identifier, row))
        # The ORM would log the refusal of a key as an error; here it is an answer.
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_service_mail_log (%s) VALUES %s RETURNING id",
                columns,
                tuple(row.values()),
            ),
            log_exceptions=False,
        )
        return self.browse(self.env.cr.fetchone()[0])

    def _compute_can_be_taken_in(self):
        blocked = self.filtered(lambda log: log.reason == "blocked")
        # sudo: attachment - whether there is one, nothing of it
        kept = self.env["ir.attachment"].sudo()
        if blocked:
            kept = kept.search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "raw"),
                    ("res_id", "in", blocked.ids),
                ],
                ["res_id"],
            )
        ids = set(kept.mapped("res_id"))
        for log in self:
            log.can_be_taken_in = log.id in ids

    def action_open(self):
        """Open what became of the mail: its case, or the entry of failed mail; else nothing."""
        self.ensure_one()
        record = self.case_id or self.failure_id
        return record.get_formview_action() if record else False

    def action_take_in(self):
        """Make a case of the mail of a sender who was blocked when it came.

        :raise UserError: the mail is not kept any more
        """
        self.check_access("read")
        for log in self:
            if log.reason != "blocked" or not log.raw:
                raise UserError(
                    self.env._(
                        "Only mail of blocked senders can be taken in later, for %(days)s days.",
                        days=_BLOCKED_DAYS,
                    )
                )
            # sudo: mail log - the raw mail and its server, which only the gateway reads
            raw = log.sudo()._raw_bytes()
            server = log.sudo().server_id
            # sudo: mail log, fetchmail.server - the line makes room for the one that says what
            # became of it now
            log.sudo().write({"key": False, "raw": False})
            self.env["customer.service.mail.intake"].sudo()._take_in(
                raw, model="customer.service.case", server=server, despite_block=True
            )
        return True

    def _raw_bytes(self):
        """Return the bytes of the mail that is kept with this line."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "raw"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
        return attachment.with_context(bin_size=False).raw

    @api.autovacuum
    def _gc_lines(self):
        now = fields.Datetime.now()
        self.search([("date", "<", now - timedelta(days=_LOG_DAYS))], limit=10_000).unlink()
        self.search(
            [
                ("reason", "=", "blocked"),
                ("date", "<", now - timedelta(days=_BLOCKED_DAYS)),
                ("raw", "!=", False),
            ],
            limit=1_000,
        ).raw = False

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MailCannedResponse(models.Model):
    """Phrases for certain teams and languages, with placeholders of the case."""

    _inherit = "mail.canned.response"

    team_ids = fields.Many2many(
        "customer.service.team",
        "customer_service_phrase_team_rel",
        "phrase_id",
        "team_id",
        string="Customer Service Teams",
        help="Proposed in cases of these teams; in all when empty.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        help="Proposed in cases that are answered in this language; in all when empty.",
    )

    @api.constrains("substitution")
    def _check_placeholders(self):
        case = self.env["customer.service.case"]
        for phrase in self:
            for placeholder in case._refused_placeholders(phrase.substitution):
                raise ValidationError(
                    self.env._(
                        "“%(placeholder)s” cannot be a placeholder of a phrase. Possible are: "
                        "%(possible)s.",
                        placeholder=placeholder,
                        possible=", ".join(case.mail_allowed_qweb_expressions()),
                    )
                )

    def _mark_used(self):
        """Remember that these phrases were used now; never wait for somebody else who does."""
        used = self.try_lock_for_update(allow_referencing=True)
        if used:
            # Written past the ORM, which would tell every reader of the phrase about it.
            self.env.cr.execute(
                "UPDATE mail_canned_response SET last_used = %s WHERE id IN %s",
                (fields.Datetime.now(), used._ids),
            )
            used.invalidate_recordset(["last_used"], flush=False)

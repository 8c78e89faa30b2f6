from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import words


class CustomerServiceDictionaryWord(models.Model):
    """A word that is right here though no dictionary knows it: a brand, a term of the trade."""

    _name = "customer.service.dictionary.word"
    _description = "Word of Our Dictionary"
    _order = "word, id"
    _rec_name = "word"

    word = fields.Char(required=True)
    key = fields.Char(compute="_compute_key", store=True, precompute=True)
    lang = fields.Selection(
        selection="_selection_lang", string="Language", help="Empty: in every language."
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: in every company.")

    _word_uniq = models.UniqueIndex(
        "(key, COALESCE(lang, ''), COALESCE(company_id, 0))",
        "This word is in the dictionary already.",
    )

    @api.depends("word")
    def _compute_key(self):
        for entry in self:
            entry.key = words.key((entry.word or "").strip())

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.constrains("word")
    def _check_word(self):
        for entry in self:
            if not entry.key or len(entry.key) > 60 or len(entry.key.split()) != 1:
                raise ValidationError(
                    self.env._("One word at a time: “%(word)s” is none.", word=entry.word)
                )

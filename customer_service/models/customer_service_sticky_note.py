from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerServiceStickyNote(models.Model):
    """A few words that stick to a case, or to a customer and so to each of their cases.

    They are for agents: no mail, no page of the customer has them.
    """

    _name = "customer.service.sticky.note"
    _description = "Sticky Note"
    _inherit = ["customer.service.kept.mixin", "customer.service.sight.mixin"]
    _order = "id"
    _rec_name = "text"

    text = fields.Text(required=True)
    color = fields.Selection(
        [("yellow", "Yellow"), ("green", "Green"), ("blue", "Blue"), ("pink", "Pink")],
        required=True,
        default="yellow",
    )
    case_id = fields.Many2one("customer.service.case", index="btree_not_null", ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Written by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        kept=True,
    )
    date = fields.Datetime(
        "Written On",
        readonly=True,
        copy=False,
        default=lambda self: fields.Datetime.now(),
        kept=True,
    )
    active = fields.Boolean(default=True)

    _one_place = models.Constraint(
        "CHECK (num_nonnulls(case_id, partner_id) = 1)",
        "A sticky note belongs to a case or to a customer.",
    )

    @api.constrains("text")
    def _check_text(self):
        for note in self:
            if not note.text.strip():
                raise ValidationError(self.env._("A sticky note needs some words."))

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"text", "color"}) and not self.env.su:
            # sudo: sticky note - who wrote it last
            self.sudo().write({"user_id": self.env.uid, "date": fields.Datetime.now()})
        return result

    def _note_values(self):
        """Return what is shown of each of these notes.

        :return: list of dicts: ``id``, ``text``, ``color``, ``user`` and ``date``
        """
        return [
            {
                "id": note.id,
                "text": note.text,
                "color": note.color,
                "user": note.user_id.name or "",
                "date": fields.Datetime.to_string(note.date),
            }
            for note in self
        ]

    @api.model
    def _by_place(self, cases, partners):
        """Return the notes on these cases and customers, those which the reader may see.

        :return: dict of notes by case and by customer
        """
        notes = self.search_fetch(
            ["|", ("case_id", "in", cases.ids), ("partner_id", "in", partners.ids)],
            ["text", "color", "user_id", "date", "case_id", "partner_id"],
        )
        return notes.grouped(lambda note: note.case_id or note.partner_id)

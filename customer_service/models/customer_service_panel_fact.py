from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Where a fact is shown, and the model its path begins at.
_SECTIONS = {"customer": "res.partner", "case": "customer.service.case"}

#: So many of the latest cases are looked at for an example.
_MOST_EXAMPLES = 20


class CustomerServicePanelFact(models.Model):
    """Something that agents want to see beside every case: a label and where it stands."""

    _name = "customer.service.panel.fact"
    _description = "Fact of the Information Panel"
    _inherit = ["customer.service.panel.path"]
    _order = "sequence, id"

    name = fields.Char("Label", required=True, translate=True)
    section = fields.Selection(
        [("customer", "Customer"), ("case", "Case")],
        string="Shown with",
        required=True,
        default="customer",
        help="Facts of the customer stand beside their name, those of the case beside the matter. "
        "The field begins there.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    path = fields.Char(
        "Field",
        required=True,
        help="Which field is shown, such as “country_id.name” of the customer or "
        "“sale_order_id.commitment_date” of the case.",
    )
    path_label = fields.Char("Field in Words", compute="_compute_path_label")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to show it in all companies."
    )
    example = fields.Char(
        compute="_compute_example", help="What the newest of the latest cases shows that has it."
    )
    problem = fields.Char(compute="_compute_problem")

    @api.depends("section")
    def _compute_model_name(self):
        for fact in self:
            fact.model_name = _SECTIONS.get(fact.section)

    @api.depends("section", "path")
    @api.depends_context("lang")
    def _compute_path_label(self):
        sections = dict(self._fields["section"]._description_selection(self.env))
        for fact in self:
            words = fact.path and fact._path_in_words(fact.model_name, fact.path)
            fact.path_label = words and f"{sections[fact.section]} › {words}"

    @api.depends("section", "path")
    def _compute_example(self):
        cases = self.env["customer.service.case"].search(
            [("partner_id", "!=", False)], limit=_MOST_EXAMPLES, order="id desc"
        )
        reached = {case: {} for case in cases}
        for fact in self:
            known = fact.section and not fact._problem()
            texts = (fact._text_of(case, reached[case]) for case in cases if known)
            fact.example = next(filter(None, texts), False)

    @api.depends("section", "path")
    def _compute_problem(self):
        for fact in self:
            fact.problem = fact._problem()

    @api.constrains("section", "path")
    def _check_path(self):
        for fact in self:
            problem = fact._problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "The fact “%(fact)s” cannot be shown. %(problem)s",
                        fact=fact.name,
                        problem=problem,
                    )
                )

    @api.onchange("section")
    def _onchange_section(self):
        """What was a field of the one is none of the other."""
        if self.path and self._problem():
            self.path = False

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._cleaned(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._cleaned(vals))

    @api.model
    def _cleaned(self, vals):
        """Return values without blanks around the path."""
        if not vals.get("path"):
            return vals
        return {**vals, "path": vals["path"].strip()}

    def _problem(self):
        """Say what is wrong with this fact, False where nothing is."""
        self.ensure_one()
        return self._path_problem(self.model_name, self.path)

    @api.model
    def _facts_of(self, cases):
        """Return what the panel shows of each of these cases.

        :param customer.service.case cases: cases that the reader sees, new ones too
        :return: dict by case of lists of dicts by section: ``id``, ``label`` and ``value``; facts
            that are empty are left out
        """
        facts = self.search_fetch([], ["name", "section", "path", "company_id"])
        shown = {}
        for case in cases:
            sections = shown[case] = {section: [] for section in _SECTIONS}
            reached = {}
            for fact in facts:
                if fact.company_id and fact.company_id != case.company_id:
                    continue
                value = fact._text_of(case, reached)
                if value:
                    sections[fact.section].append(
                        {"id": fact.id, "label": fact.name, "value": value}
                    )
        return shown

    def _text_of(self, case, reached):
        """Return the value of this fact for a case as text.

        :param dict reached: what other facts of this case found on their way, by path
        """
        if self.section == "customer":
            return self._text_at(case, f"partner_id.{self.path}", reached)
        return self._text_at(case, self.path, reached)

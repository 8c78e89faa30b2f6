from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .customer_service_alert_matching import DOMAIN_ERRORS


class CustomerServiceAlert(models.Model):
    """A rule for what nobody may overlook: a very good customer, a late order, an unpaid invoice.

    It looks at the case, its customer, their orders or their invoices; whatever it finds is shown
    on top of the customer's card, in the order of the rules.
    """

    _name = "customer.service.alert"
    _description = "Alert"
    _inherit = ["customer.service.alert.matching"]
    _order = "sequence, id"

    name = fields.Char(
        "Word",
        required=True,
        translate=True,
        help="One word that says what it is, such as “VIP” or “Late”. It stands on the colour.",
    )
    text = fields.Char(
        required=True,
        translate=True,
        help="The sentence that agents read. Fields of what the rule looks at stand between double "
        "braces, such as {{ object.name }}.",
    )
    about = fields.Selection(
        [
            ("case", "The case"),
            ("customer", "The customer"),
            ("order", "The customer's orders"),
            ("invoice", "The customer's invoices"),
        ],
        string="Looks at",
        required=True,
        default="case",
        help="An alert about the customer, an order or an invoice is shown on each of their cases "
        "and at the phone desk. Agents are told of invoices what the text says, also where they "
        "may not open them.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    domain = fields.Char("When", required=True, default="[]")
    color = fields.Selection(
        [
            ("danger", "Red"),
            ("warning", "Yellow"),
            ("info", "Blue"),
            ("success", "Green"),
            ("secondary", "Grey"),
        ],
        required=True,
        default="warning",
    )
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to show it in all companies."
    )
    team_ids = fields.Many2many(
        "customer.service.team",
        "customer_service_alert_team_rel",
        "alert_id",
        "team_id",
        string="Teams",
        help="Leave empty to show it on the cases of all teams.",
    )
    problem = fields.Char(compute="_compute_problem")
    preview = fields.Json(compute="_compute_preview")

    @api.depends("about")
    def _compute_model_name(self):
        models_by_kind = self._about_models()
        for alert in self:
            alert.model_name = models_by_kind.get(alert.about)

    @api.depends("about", "domain", "text")
    def _compute_problem(self):
        for alert in self:
            alert.problem = alert._problem()

    @api.depends("about", "domain", "text", "name", "color")
    def _compute_preview(self):
        for alert in self:
            example = False
            if not alert._problem():
                example = alert._example()
            if not example:
                example = self.env["customer.service.case"]
            alert.preview = [{**alert._alert_values(example), "model": False, "res_id": False}]

    @api.constrains("about", "domain", "text")
    def _check_rule(self):
        for alert in self:
            problem = alert._problem() or alert._problem_of_run()
            if problem:
                raise ValidationError(
                    self.env._(
                        "The alert “%(alert)s” cannot be shown. %(problem)s",
                        alert=alert.name,
                        problem=problem,
                    )
                )

    @api.constrains("company_id", "team_ids")
    def _check_companies(self):
        for alert in self.filtered("company_id"):
            # sudo: team - the company of each, also of those of other companies
            others = alert.sudo().team_ids.filtered(
                lambda team, alert=alert: team.company_id != alert.company_id
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "The team %(team)s belongs to another company than the alert “%(alert)s”.",
                        team=others[0].display_name,
                        alert=alert.name,
                    )
                )

    @api.onchange("about")
    def _onchange_about(self):
        """Conditions on the one make no sense on the other."""
        if self.domain and self._problem_of_domain():
            self.domain = "[]"

    def _problem(self):
        """Say what is wrong with this rule as it stands, False where nothing is.

        A rule that was right can become wrong: a field is gone with its module.
        """
        self.ensure_one()
        if self.about not in self._about_models():
            return self.env._("What it looks at is not there any more.")
        return self._problem_of_domain() or self._problem_of_text()

    def _problem_of_domain(self):
        try:
            domain = self._parsed_domain()
            problem = self._domain_problem(
                self.model_name, domain, closed=self.about in self._about_closed()
            )
            if not problem:
                domain.validate(self._model_of(self.about))
        except DOMAIN_ERRORS as error:
            return self.env._("Its conditions are not right: %(error)s", error=str(error))
        return problem

    def _problem_of_text(self):
        for expression in self._placeholders(self.text):
            if not expression.startswith("object."):
                return self.env._(
                    "“%(placeholder)s” must begin with “object.”, such as {{ object.name }}.",
                    placeholder=expression,
                )
            path = expression.removeprefix("object.")
            problem = self._path_problem(
                self.model_name, path, closed=self.about in self._about_closed()
            )
            if problem:
                return problem
        return False

    def _problem_of_run(self):
        """Say what the database has against the conditions, False where it can search by them."""
        # sudo: any - whether it can be searched at all, nothing of it is shown
        model = self._model_of(self.about).sudo()
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                query = model._search(self._parsed_domain(), limit=1)
                if not query.is_empty():
                    self.env.cr.execute(query.select(), log_exceptions=False)
        except DOMAIN_ERRORS:
            return self.env._("The database cannot search by its conditions.")
        return False

    def _example(self):
        """Return the newest record that this rule finds, which its reader may see; or none."""
        # Shown to somebody, so searched with their rights: no invoices of which they see nothing.
        model = self._model_of(self.about).sudo(False)
        if not model.has_access("read"):
            return model
        return model.search(self._parsed_domain(), limit=1, order="id desc")

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..const import UNRESOLVED


class CustomerServiceCaseMergeWizard(models.TransientModel):
    """Merge cases: which, into which, and who may read what afterwards."""

    _name = "customer.service.case.merge.wizard"
    _description = "Merge Cases"
    _inherit = ["customer.service.sight.mixin"]

    case_ids = fields.Many2many("customer.service.case", string="Cases", required=True)
    survivor_id = fields.Many2one(
        "customer.service.case",
        string="Stays",
        compute="_compute_survivor_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', case_ids)]",
        help="The others are closed and point to it. Answers to any of them arrive here.",
    )
    company_id = fields.Many2one(related="survivor_id.company_id")
    customer_label = fields.Char(related="survivor_id.customer_label", related_sudo=False)
    report_id = fields.Many2one("customer.service.duplicate.report", string="Because of")
    has_colleagues = fields.Boolean(compute="_compute_customers", compute_sudo=False)
    has_others = fields.Boolean(compute="_compute_customers", compute_sudo=False)
    may_merge_others = fields.Boolean(compute="_compute_may_merge_others")
    others_label = fields.Char(
        "Other Customers", compute="_compute_customers", compute_sudo=False
    )
    is_confirmed = fields.Boolean(
        "Yes, merge cases of different customers",
        help="Without this nothing is merged that belongs to different customers.",
    )
    shares = fields.Boolean(
        "They may read everything",
        help="The other customers get each answer from now on, and all of them read what was "
        "written in these cases. Otherwise only colleagues see what was said to and by the others.",
    )
    can_tell = fields.Boolean(compute="_compute_customers", compute_sudo=False)
    tells_customer = fields.Boolean(
        "Tell the customer",
        help="One mail to the customer of the case that stays, however many are merged.",
    )
    body = fields.Text(
        "Message",
        compute="_compute_body",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    summary = fields.Json(compute="_compute_summary", compute_sudo=False)

    @api.depends("case_ids")
    def _compute_survivor_id(self):
        for wizard in self:
            cases = wizard.case_ids._origin
            if wizard.survivor_id._origin not in cases or len(cases) == 1:
                wizard.survivor_id = wizard._proposed_survivor(cases)

    @api.model
    def _proposed_survivor(self, cases):
        """Return the case that stays unless another is chosen: the oldest that is not done."""
        return cases.sorted(lambda case: (case.status not in UNRESOLVED, case.id))[:1]

    def _told_cases(self):
        """Return the cases that the customer may be told of: nobody else's."""
        survivor = self.survivor_id._origin
        others = self.case_ids._origin - survivor
        if not survivor or self.shares:
            return others
        return others - self.env["customer.service.case.merge"]._kept_apart(survivor, others)

    @api.depends("case_ids", "survivor_id", "shares")
    def _compute_customers(self):
        merge = self.env["customer.service.case.merge"]
        for wizard in self:
            survivor = wizard.survivor_id._origin
            others = wizard.case_ids._origin - survivor
            reference = merge._reference(survivor, others) if survivor else survivor
            relations = {case: reference._relation_to(case) for case in others if reference}
            apart = others.filtered(lambda case, found=relations: found.get(case) == "other")
            wizard.has_others = bool(apart)
            wizard.has_colleagues = not apart and "company" in relations.values()
            wizard.others_label = ", ".join(
                dict.fromkeys(case.customer_label for case in apart if case.customer_label)
            )
            wizard.can_tell = bool(survivor.reply_to_customer and wizard._told_cases())

    @api.depends_context("uid")
    def _compute_may_merge_others(self):
        self.may_merge_others = self.env.user.has_group("customer_service.group_supervisor")

    @api.depends("case_ids", "survivor_id", "shares")
    def _compute_body(self):
        for wizard in self:
            survivor, others = wizard.survivor_id._origin, wizard._told_cases()
            if not others:
                wizard.body = False
                continue
            case = survivor.with_context(lang=survivor.lang or self.env.lang)
            wizard.body = case.env._(
                "We have put your requests %(others)s and %(number)s together, as they are about "
                "the same matter, and go on in %(number)s. There is nothing that you need to do.",
                others=", ".join(filter(None, others.mapped("number"))),
                number=survivor.number or "",
            )

    @api.depends("case_ids", "survivor_id", "shares")
    def _compute_summary(self):
        """Say in short what will move and who is in copy afterwards."""
        merge = self.env["customer.service.case.merge"]
        for wizard in self:
            survivor = wizard.survivor_id._origin
            others = wizard.case_ids._origin - survivor
            if not survivor or not others:
                wizard.summary = False
                continue
            apart = others.browse() if wizard.shares else merge._kept_apart(survivor, others)
            wizard.summary = {
                "messages": sum(others.mapped("message_count")),
                "copies": merge._combined_copies(survivor, others - apart, wizard.shares) or "",
            }

    def action_merge(self):
        """Merge the cases into the one that stays, and open that.

        :raise UserError: they cannot be merged; it says why
        :raise AccessError: the user may not change one of them, or not merge what differs
        """
        self.ensure_one()
        report = self.report_id
        if report:
            report._start_deciding()
        log = self.env["customer.service.case.merge"]._merge(
            self.survivor_id,
            self.case_ids - self.survivor_id,
            shares=self.shares,
            confirmed=self.is_confirmed,
        )
        if self.tells_customer and self.can_tell and (self.body or "").strip():
            log._tell_customer(plaintext2html(self.body))
        if report:
            # sudo: duplicate report - by which merge it was decided
            report.sudo().merge_id = log
            report._decide("merged")
        return self.survivor_id._action_show()

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools.client_action import notification

#: The two records of a report, by what it is about.
_PAIRS = {
    "customer": ("partner_id", "duplicate_partner_id"),
    "case": ("case_id", "duplicate_case_id"),
}


class CustomerServiceDuplicateReport(models.Model):
    """An agent's word that two customers, or two cases, are one and the same.

    An agent reports, a supervisor decides. What was reported stays as a text, since one of the
    two records is gone after a merge.
    """

    _name = "customer.service.duplicate.report"
    _description = "Reported Duplicate"
    _inherit = ["mail.thread", "customer.service.sight.mixin"]
    _order = "id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [("customer", "Customer"), ("case", "Case")], required=True, default="customer"
    )
    # No constraint may name the contacts: a merge deletes the rows that it would break.
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
        context={"active_test": False},
    )
    duplicate_partner_id = fields.Many2one(
        "res.partner",
        string="Is the Same as Customer",
        index="btree_not_null",
        ondelete="set null",
        domain="[('id', '!=', partner_id)]",
        context={"active_test": False},
    )
    case_id = fields.Many2one(
        "customer.service.case", index="btree_not_null", ondelete="cascade", check_company=True
    )
    duplicate_case_id = fields.Many2one(
        "customer.service.case",
        string="Is the Same as Case",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('id', '!=', case_id)]",
        check_company=True,
    )
    label = fields.Char("Reported", readonly=True)
    duplicate_label = fields.Char("Is the Same as", readonly=True)
    reason = fields.Text(help="Why you think so: the same phone number, the same order …")
    state = fields.Selection(
        [
            ("open", "To decide"),
            ("merged", "Merged"),
            ("handled", "Settled"),
            ("rejected", "Not the same"),
        ],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Reported by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    merge_id = fields.Many2one(
        "customer.service.case.merge", readonly=True, index="btree_not_null", ondelete="set null"
    )
    decision_user_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decision_date = fields.Datetime("Decided on", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    # what a supervisor decides by
    kept = fields.Selection(
        [("first", "The first one"), ("second", "The second one")],
        string="Stays",
        default="first",
        required=True,
    )
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    created = fields.Datetime(related="partner_id.create_date", string="Known Since")
    case_count = fields.Integer("Cases", compute="_compute_counts")
    order_count = fields.Integer("Orders", compute="_compute_counts")
    login = fields.Char("Portal Login", compute="_compute_logins")
    duplicate_email = fields.Char(related="duplicate_partner_id.email", string="Email of the Same")
    duplicate_phone = fields.Char(related="duplicate_partner_id.phone", string="Phone of the Same")
    duplicate_created = fields.Datetime(
        related="duplicate_partner_id.create_date", string="The Same Known Since"
    )
    duplicate_case_count = fields.Integer("Cases of the Same", compute="_compute_counts")
    duplicate_order_count = fields.Integer("Orders of the Same", compute="_compute_counts")
    duplicate_login = fields.Char("Portal Login of the Same", compute="_compute_logins")

    @api.depends("label", "duplicate_label")
    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.label or ''} = {report.duplicate_label or ''}"

    @api.depends("partner_id", "duplicate_partner_id")
    def _compute_counts(self):
        partners = self.partner_id | self.duplicate_partner_id
        cases = partners._count_by_customer("customer.service.case")
        orders = partners._count_by_customer("sale.order")
        for report in self:
            report.case_count = cases[report.partner_id.id]
            report.order_count = orders[report.partner_id.id]
            report.duplicate_case_count = cases[report.duplicate_partner_id.id]
            report.duplicate_order_count = orders[report.duplicate_partner_id.id]

    @api.depends("partner_id", "duplicate_partner_id")
    def _compute_logins(self):
        for report in self:
            # sudo: res.users - by which name a customer logs in
            partner, duplicate = report.sudo().partner_id, report.sudo().duplicate_partner_id
            report.login = ", ".join(partner.user_ids.mapped("login"))
            report.duplicate_login = ", ".join(duplicate.user_ids.mapped("login"))

    @api.constrains("kind", "partner_id", "duplicate_partner_id", "case_id", "duplicate_case_id")
    def _check_pair(self):
        for report in self.filtered(lambda report: report.state == "open"):
            first, second = report._pair()
            if not first or not second or first == second:
                raise ValidationError(self.env._("Choose two records that you take for the same."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            undecided = {
                "state": "open",
                "merge_id": False,
                "decision_user_id": False,
                "decision_date": False,
            }
            vals_list = [{**vals, **undecided, "user_id": self.env.uid} for vals in vals_list]
        reports = super().create(vals_list)
        for report in reports:
            report._complete()
        reports._tell_supervisors()
        return reports

    def _complete(self):
        """Write down what was reported, once it is sure that the reporter may see it.

        :raise UserError: it is reported already
        """
        first, second = self._pair()
        (first | second).check_access("read")
        known = self._reported_already()
        if known:
            raise UserError(
                self.env._(
                    "%(user)s reported this already, on %(date)s. A supervisor decides.",
                    user=known.user_id.name,
                    date=fields.Date.to_string(known.create_date),
                )
            )
        company = first.company_id or second.company_id or self.env.company
        # sudo: duplicate report - one's own, which agents do not change afterwards
        self.sudo().write(
            {
                "label": first.display_name,
                "duplicate_label": second.display_name,
                "company_id": company.id,
            }
        )

    def _pair(self):
        """Return the two records that are said to be the same."""
        self.ensure_one()
        first, second = _PAIRS[self.kind]
        return self[first], self[second]

    def _reported_already(self):
        """Return an undecided report of the same pair, whoever made it."""
        first, second = _PAIRS[self.kind]
        ids = [self[first].id, self[second].id]
        domain = Domain(
            [
                ("state", "=", "open"),
                ("id", "!=", self.id),
                (first, "in", ids),
                (second, "in", ids),
            ]
        )
        # sudo: duplicate report - a colleague's, whose name is told
        return self.sudo().search(domain, limit=1)

    def _mail_get_partner_fields(self, introspect_fields=False):
        return []  # whoever is reported learns nothing of it

    # ------------------------------------------------------------------------------------------
    # Reporting
    # ------------------------------------------------------------------------------------------

    @api.model
    def _action_report(self, records):
        """Return the action that reports one record, or two that are selected, as duplicates.

        :param records: one or two customers or cases
        :raise UserError: there are more
        """
        kind = "case" if records._name == "customer.service.case" else "customer"
        if not 1 <= len(records) <= 2:
            raise UserError(self.env._("Select one record, or the two that are the same."))
        names = _PAIRS[kind]
        view = self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_service.customer_service_duplicate_report_view_form_new"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report as Duplicate"),
            "res_model": self._name,
            "views": [(view, "form")],
            "target": "new",
            "context": {
                "default_kind": kind,
                **{
                    f"default_{name}": record.id
                    for name, record in zip(names, records, strict=False)
                },
            },
        }

    def action_report(self):
        """Tell the agent that the report is with the supervisors; saving has made it."""
        return notification(self.env._("Reported. A supervisor will look at both."))

    def _tell_supervisors(self):
        """Notify everybody who may decide about these reports."""
        # sudo: res.users - who the supervisors are
        users = self.env["res.users"].sudo()
        for company, reports in self.grouped("company_id").items():
            supervisors = users.search(
                [
                    *users._domain_with_role("group_supervisor"),
                    ("company_ids", "in", company.id),
                    ("id", "!=", self.env.uid),
                ]
            )
            for report in reports:
                report.message_notify(
                    subject=self.env._("Duplicate reported: %(pair)s", pair=report.display_name),
                    body=self.env._(
                        "%(first)s and %(second)s may be the same. %(reason)s",
                        first=report.label,
                        second=report.duplicate_label,
                        reason=report.reason or "",
                    ),
                    partner_ids=supervisors.partner_id.ids,
                )

    # ------------------------------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------------------------------

    def action_merge(self):
        """Merge the two: everything of the one goes over to the one that stays.

        Two cases are merged in a form of their own, which asks what is to be asked.

        :raise AccessError: the user is no supervisor
        :raise UserError: the report is decided
        """
        self.ensure_one()
        self._start_deciding()
        if self.kind == "case":
            return self._action_merge_cases()
        first, second = self._pair()
        if not first or not second:
            raise UserError(self.env._("One of the two is gone, there is nothing to merge."))
        (first | second).check_access("write")
        self._refuse_to_merge_us(first | second)
        stays = first if self.kept == "first" else second
        # sudo: base.partner.merge.automatic.wizard - fields that a supervisor does not see go
        # over too, and the addresses need not be the same
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((first | second).ids, stays)
        self._decide("merged")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": stays.id,
            "views": [(False, "form")],
        }

    def _action_merge_cases(self):
        """Return the action that asks how the two cases are merged, and decides the report then."""
        first, second = self._pair()
        stays = first if self.kept == "first" else second
        action = (first | second).action_merge()
        action["context"].update(default_survivor_id=stays.id, default_report_id=self.id)
        return action

    def _open_again(self):
        """Let these reports, in sudo, be decided anew: what was merged was taken apart."""
        self.write(
            {
                "state": "open",
                "merge_id": False,
                "decision_user_id": False,
                "decision_date": False,
            }
        )

    def _refuse_to_merge_us(self, partners):
        """Leave colleagues and our own companies alone: their login would be the customer's.

        :param res.partner partners: who are to be one
        :raise UserError: one of them is no customer, and the user manages no users
        """
        if self.env.user.has_group("base.group_erp_manager"):
            return
        # sudo: res.partner, res.users - whether somebody works here, also as a robot
        known = partners.sudo().with_context(active_test=False)
        if known.ref_company_ids or any(not user._is_portal() for user in known.user_ids):
            raise UserError(
                self.env._("A colleague or a company of ours is merged by an administrator only.")
            )

    def action_reject(self):
        """Record that the two are not the same."""
        self._start_deciding()
        self._decide("rejected")
        return True

    def action_handled(self):
        """Record that a supervisor has done what was to be done."""
        self._start_deciding()
        self._decide("handled")
        return True

    def action_reopen(self):
        """Take a decision back that has merged nothing."""
        self._check_supervisor()
        if any(report.state == "merged" for report in self):
            raise UserError(self.env._("What is merged cannot be taken apart here."))
        self.write({"state": "open", "decision_user_id": False, "decision_date": False})
        return True

    def _check_supervisor(self):
        if not self.env.user.has_group("customer_service.group_supervisor"):
            raise AccessError(self.env._("Only supervisors decide about duplicates."))

    def _start_deciding(self):
        """Make sure that the user may decide, and is the only one who does so now."""
        self._check_supervisor()
        self.check_access("write")
        locked = self.try_lock_for_update()
        locked.invalidate_recordset(["state"])
        if locked != self or any(report.state != "open" for report in self):
            raise UserError(self.env._("A colleague has decided this already."))

    def _decide(self, state):
        self.write(
            {
                "state": state,
                "decision_user_id": self.env.uid,
                "decision_date": fields.Datetime.now(),
            }
        )

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from ..const import DONE, UNRESOLVED
from .customer_service_case_merge_moves import CASE

#: What may come into a case after a merge, and how it is told from what was there before.
_LATER = ("mail.message", "customer.service.action", "customer.service.handling")


class CustomerServiceCaseMerge(models.Model):
    """That cases became one, or one became two: by whom, what moved, and how to take it back.

    It is made and changed by its methods only. What moved stands here by its ids, and the values
    of each case before and after, so that undoing gives back exactly what was, and leaves alone
    what came or was changed since.
    """

    _name = "customer.service.case.merge"
    _description = "Merge or Split of Cases"
    _inherit = [
        "customer.service.case.merge.moves",
        "customer.service.case.merge.undoing",
        "customer.service.case.split.moves",
    ]
    _order = "id desc"
    _rec_name = "label"

    kind = fields.Selection(
        [("merge", "Merged"), ("join", "Added as proposed"), ("split", "Split off")],
        required=True,
        readonly=True,
    )
    survivor_id = fields.Many2one(
        CASE,
        string="Stays",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The case that others went into, or that something was split off from.",
    )
    merged_ids = fields.Many2many(
        CASE,
        "customer_service_case_merge_rel",
        "merge_id",
        "case_id",
        string="Cases",
        readonly=True,
        context={"active_test": False},  # archived is not deleted: it can be taken back
        groups="customer_service.group_supervisor",
        help="What went into the case that stays, or was split off from it.",
    )
    label = fields.Char("Case Numbers", readonly=True)
    user_id = fields.Many2one("res.users", string="Done By", required=True, readonly=True)
    shares = fields.Boolean(
        "Customers Read Along", readonly=True, help="The customers differ and read everything."
    )
    is_told = fields.Boolean("Customer Was Told", readonly=True)
    state = fields.Selection(
        [("done", "In force"), ("undone", "Undone")], default="done", required=True, readonly=True
    )
    undo_user_id = fields.Many2one("res.users", string="Undone By", readonly=True)
    undo_date = fields.Datetime("Undone On", readonly=True)
    moved = fields.Json(readonly=True, groups="base.group_system")
    message_count = fields.Integer("Messages", compute="_compute_message_count")
    company_id = fields.Many2one(related="survivor_id.company_id", store=True, index=True)

    @api.depends("moved")
    def _compute_message_count(self):
        for log in self:
            # sudo: merge - how much moved, not what
            cases = (log.sudo().moved or {}).get("cases", {}).values()
            log.message_count = sum(len(case["messages"]["ids"]) for case in cases)

    # ------------------------------------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------------------------------------

    @api.model
    def _merge(
        self, survivor, cases, *, kind="merge", shares=False, confirmed=False, is_agreed=False
    ):
        """Merge cases into one that stays.

        :param customer.service.case survivor: one case
        :param customer.service.case cases: the others; they are closed and point to it
        :param str kind: "merge", or "join" where a mail was proposed to belong to the case
        :param bool shares: customers who differ may read what was written to and by each other
        :param bool confirmed: a supervisor said that cases of different customers are to be one
        :param bool is_agreed: that was decided before, and is asked of nobody
        :return: the log, in sudo
        :raise UserError: these cases cannot be merged; it says why
        :raise AccessError: the user may not change one of them, or not merge what differs
        """
        self = self.with_env(self.env(context=clean_context(self.env.context)))
        cases = (cases - survivor).with_env(self.env)
        survivor = survivor.with_env(self.env)
        self._check_mergeable(survivor, cases)
        if not is_agreed:
            self._check_customers(survivor, cases, confirmed)
        self._check_nothing_leaves(self._kept_apart(survivor, cases))
        # sudo: case - what moves is checked, whoever wrote it
        survivor, cases = survivor.sudo(), cases.sudo()
        apart = self._kept_apart(survivor, cases) if not shares else cases.browse()
        log = self.sudo().create(
            {
                "kind": kind,
                "survivor_id": survivor.id,
                "merged_ids": [(6, 0, cases.ids)],
                "label": ", ".join(cases.mapped("number")),
                "user_id": self.env.uid,
                "shares": shares,
            }
        )
        log._move_and_remember(survivor, cases, apart)
        log._note_merge(survivor, cases)
        log._count()
        log._mark_time()
        return log

    @api.model
    def _opens(self, survivor, cases):
        """Tell whether cases bring something to do to one that is done, or waits for somebody."""
        if survivor.status in DONE:
            return any(case.status in UNRESOLVED for case in cases)
        return survivor.status == "pending" and any(case.awaiting_reply for case in cases)

    def _move_and_remember(self, survivor, cases, apart):
        """Merge, and write down what moved and what the cases were before and after."""
        before = {case.id: self._snapshot(case) for case in survivor | cases}
        values = self._combined_values(survivor, cases, apart, self.shares)
        parent = self._parent_of_all(survivor, cases)
        if self._opens(survivor, cases):
            stage = survivor._stage_of_status("open", survivor.team_id)
            self._in_peace(survivor).write({"stage_id": stage.id})
        self._in_peace(survivor | cases).parent_id = False  # no case is parent and child meanwhile
        moved = {str(case.id): self._move_all(case, survivor, case in apart) for case in cases}
        ended = [
            case.number
            for case in cases
            if before[case.id]["escalation_id"] and not moved[str(case.id)]["escalations"]
        ]
        if survivor.parent_id != parent:
            values["parent_id"] = parent.id
        if values:
            self._in_peace(survivor).write(values)
        self._refresh(survivor, cases)
        for case in cases:
            self._close(case, survivor, case in apart)
        survivor._portal_ensure_token()  # for those who come by the link of another
        self.moved = {
            "cases": moved,
            "before": before,
            "after": {case.id: self._snapshot(case) for case in survivor | cases},
            "ended": ended,
            "later": {},
        }

    @api.model
    def _parent_of_all(self, survivor, cases):
        """Return the parent that the case that stays has afterwards, none where it has none."""
        parents = (survivor | cases).parent_id - survivor - cases
        if survivor.parent_id in parents:
            return survivor.parent_id
        children = (survivor | cases).child_ids - survivor - cases
        return parents[:1] if not children else parents.browse()

    def _count(self):
        """Keep with the case that stays how many merges and splits of it are in force."""
        case = self.survivor_id
        domain = [("survivor_id", "=", case.id), ("state", "=", "done")]
        self._in_peace(case).merge_count = self.search_count(domain)

    def _mark_time(self):
        """Write down up to where everything was there before, so that what comes later differs."""
        # sudo: mail.message, action, handling - the newest ids only
        marks = {
            model: self.env[model].sudo().search([], order="id desc", limit=1).id or 0
            for model in _LATER
        }
        self.moved = {**self.moved, "marks": marks}

    def _note_merge(self, survivor, cases):
        """Say on both sides what became of what."""
        for case in cases:
            case._message_log(
                body=self.env._(
                    "Continued in %(case)s.", case=survivor._get_html_link(title=survivor.number)
                )
            )
        links = self._links_of(cases)
        survivor._message_log(
            body=self.env._("What was said in %(cases)s was added here.", cases=links)
        )

    # ------------------------------------------------------------------------------------------
    # What stands in the way
    # ------------------------------------------------------------------------------------------

    @api.model
    def _check_mergeable(self, survivor, cases):
        """Make sure that these cases can become one, and that nobody else works on them now.

        :raise UserError: they cannot; it says why
        :raise AccessError: the user may not change one of them
        """
        involved = survivor | cases
        if not survivor or not cases:
            raise UserError(self.env._("Choose at least two cases."))
        involved.check_access("write")
        self._lock(involved)
        involved._check_not_merged()
        if len(involved.company_id) > 1:
            raise UserError(self.env._("Cases of two companies stay apart."))
        for case in involved.sudo():  # sudo: case - what kind of case it is
            if case.is_automatic or case.is_spam:
                raise UserError(
                    self.env._(
                        "%(case)s is spam, or mail that went out by itself. It is not merged.",
                        case=case.number,
                    )
                )
        # sudo: case - a family has one level, whoever may see all of it
        self._check_tree(survivor.sudo(), cases.sudo())

    @api.model
    def _lock(self, cases):
        """Keep others from changing these cases meanwhile.

        :raise UserError: somebody is doing so at this moment
        """
        # sudo: case - locked, not changed
        locked = cases.sudo().try_lock_for_update(allow_referencing=True)
        busy = cases.sudo() - locked
        if busy:
            raise UserError(
                self.env._(
                    "A colleague is working on %(cases)s at this moment. Look again.",
                    cases=", ".join(busy.mapped("number")),
                )
            )
        cases.invalidate_recordset()

    @api.model
    def _check_tree(self, survivor, cases):
        """Make sure that no case becomes parent and child at once."""
        children = cases.child_ids - survivor - cases
        if children and survivor.parent_id - cases:
            raise UserError(
                self.env._(
                    "%(survivor)s is a child of %(parent)s, and %(cases)s have children of their "
                    "own. Detach one of them first.",
                    survivor=survivor.number,
                    parent=survivor.parent_id.number,
                    cases=", ".join(children.parent_id.mapped("number")),
                )
            )

    @api.model
    def _reference(self, survivor, cases):
        """Return the case that says whose matter it is: the one that stays, where it is known."""
        return next((case for case in survivor | cases if case._is_of_somebody()), survivor)

    @api.model
    def _kept_apart(self, survivor, cases):
        """Return those of the cases whose customer is another person than that of the one."""
        reference = self._reference(survivor, cases)
        return cases.filtered(lambda case: reference._relation_to(case) != "same")

    @api.model
    def _check_customers(self, survivor, cases, confirmed):
        """Let cases of different customers become one only where somebody may and wants that.

        :raise AccessError: the user is no supervisor
        :raise UserError: nobody said so
        """
        reference = self._reference(survivor, cases)
        others = cases.filtered(lambda case: reference._relation_to(case) == "other")
        if others:
            if not self.env.user.has_group("customer_service.group_supervisor"):
                raise AccessError(
                    self.env._(
                        "%(cases)s is of another customer than %(survivor)s. Only supervisors "
                        "merge these: report them as duplicates.",
                        cases=", ".join(others.mapped("number")),
                        survivor=survivor.number,
                    )
                )
            if not confirmed:
                raise UserError(
                    self.env._(
                        "%(cases)s is of another customer than %(survivor)s. Say that you want "
                        "this.",
                        cases=", ".join(others.mapped("number")),
                        survivor=survivor.number,
                    )
                )

    @api.model
    def _check_nothing_leaves(self, cases):
        """Refuse where an answer is about to leave that was meant for another person.

        :raise UserError: it is
        """
        # sudo: mail.scheduled.message - whether there is one
        held = self.env["mail.scheduled.message"].sudo()
        held = held.search([("model", "=", CASE), ("res_id", "in", cases.ids)], limit=1)
        if held:
            raise UserError(
                self.env._(
                    "In %(case)s an answer is about to leave, to another person. Send it or take "
                    "it back first.",
                    case=self.env[CASE].sudo().browse(held.res_id).number,
                )
            )

    # ------------------------------------------------------------------------------------------
    # What comes later
    # ------------------------------------------------------------------------------------------

    def _note_later(self, case, message):
        """Remember that a message was said to a case that is kept apart in another one."""
        self.ensure_one()
        later = dict(self.moved["later"])
        later[str(case.id)] = [*later.get(str(case.id), ()), message.id]
        self.moved = {**self.moved, "later": later}

    def _messages_of(self, case):
        """Return the ids of what was said to and by the customer of a case that was merged."""
        if not self:
            return []
        moved, later = self.moved["cases"], self.moved["later"]
        return [
            *moved.get(str(case.id), {"messages": {"hidden": []}})["messages"]["hidden"],
            *later.get(str(case.id), ()),
        ]

    # ------------------------------------------------------------------------------------------
    # Telling the customer
    # ------------------------------------------------------------------------------------------

    def _tell_customer(self, body):
        """Tell the customer of the case that stays, once.

        :param str body: HTML
        """
        self.ensure_one()
        case = self.survivor_id
        if self.is_told or not case.reply_to_customer:
            return
        recipient = case.partner_id.filtered("email_normalized")
        case.message_post(
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            body=body,
            author_id=False,
            email_from=case.team_id._formatted_address() or case.company_id.email_formatted,
            partner_ids=recipient.ids,
            outgoing_email_to=False if recipient else case.email_normalized,
            email_add_signature=False,
            notify_author_mention=True,
            notify_skip_followers=True,
        )
        self.is_told = True
        self._mark_time()

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..const import DONE, ESCALATION_RUNNING


class CustomerServiceCaseEscalation(models.AbstractModel):
    """The way up: asking those who know more, handing over to them, and what comes back."""

    _name = "customer.service.case.escalation"
    _description = "Escalation of a Case"
    _inherit = ["customer.service.kept.mixin"]

    escalation_ids = fields.One2many(
        "customer.service.escalation", "case_id", string="Escalations", groups="base.group_user"
    )
    escalation_id = fields.Many2one(
        "customer.service.escalation",
        string="Escalated",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The highest level at which an answer or its consequences are still due.",
        kept=True,
    )
    escalation_card = fields.Json(
        "Escalation", compute="_compute_escalation_card", groups="base.group_user"
    )

    @api.depends_context("uid")
    @api.depends(
        "escalation_id.state", "escalation_id.question_ids.is_done", "escalation_id.advice"
    )
    def _compute_escalation_card(self):
        for case in self:
            case.escalation_card = case._escalation_state() if case.escalation_id else False

    def _escalation_state(self):
        """Return what the case shows of its escalation, and what the user may do about it."""
        self.ensure_one()
        escalation = self.escalation_id
        label = dict(escalation._fields["state"]._description_selection(self.env))
        return {
            "id": escalation.id,
            "route": escalation.route_id.name,
            "level": escalation.level,
            "kind": escalation.kind,
            "state": escalation.state,
            "state_label": label[escalation.state],
            "from_name": escalation.from_user_id.name,
            "to_names": ", ".join(
                (escalation.to_user_id | escalation.mentioned_user_ids).mapped("name")
            ),
            "question": escalation.question or "",
            "advice": escalation.advice or "",
            "answer_name": escalation.answer_user_id.name or "",
            "questions": [
                {
                    "id": question.id,
                    "name": question.name,
                    "answer": question.answer or "",
                    "is_done": question.is_done,
                }
                for question in escalation.question_ids
            ],
            "may_answer": escalation._may_answer(),
        }

    def write(self, vals):
        result = super().write(vals)
        if "stage_id" in vals:
            settled = self.filtered(lambda case: case.escalation_id and case.status in DONE)
            # sudo: escalation - whoever settles the case settles what was asked about it
            running = settled.sudo().escalation_ids.filtered(
                lambda one: one.state in ESCALATION_RUNNING
            )
            if running:
                running._end("done")
        return result

    # ------------------------------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------------------------------

    def action_escalate(self):
        """Ask to whom, what, and for the facts that must be known before."""
        self.ensure_one()
        self.check_access("write")
        self._check_can_escalate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Escalate"),
            "res_model": "customer.service.case.escalate",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def answer_escalation_question(self, question_id, values):
        """Keep what the customer said to a question, or that it was asked.

        :param int question_id: one of this case's running escalation
        :param dict values: ``answer`` or ``is_done``, nothing else
        :return: the card as it is now
        :raise ValidationError: the question is none of this case
        """
        self.ensure_one()
        self.check_access("write")
        question = self.escalation_id.question_ids.filtered(lambda one: one.id == question_id)
        if not question:
            raise ValidationError(self.env._("This question is no longer open. Look again."))
        # sudo: question - the agent on the case answers, whoever asked
        question.sudo().write(
            {name: values[name] for name in ("answer", "is_done") if name in values}
        )
        return self._escalation_state()

    # ------------------------------------------------------------------------------------------
    # Escalating
    # ------------------------------------------------------------------------------------------

    def _check_can_escalate(self):
        """:raise UserError: the case is done already"""
        if self.status in DONE:
            raise UserError(
                self.env._("%(case)s is done. Reopen it, then escalate it.", case=self.number)
            )

    def _escalate(
        self,
        route,
        question="",
        kind="advice",
        asked_user=None,
        call_back_date=False,
        previous=None,
    ):
        """Escalate this case: tell those who know more, and hand it over if that is wanted.

        :param customer.service.escalation.route route: the way up
        :param str question: what is asked, plain text
        :param str kind: ``advice`` or ``hand_over``
        :param res.users asked_user: whom the customer asked for; nobody else is mentioned then
        :param datetime call_back_date: when the customer was promised a call, if so
        :param customer.service.escalation previous: the running level that the user saw, if any
        :return: the escalation
        :raise UserError: facts are missing (it names them), nobody would notice, the colleague
            would not see the case, or a colleague was faster
        """
        self.ensure_one()
        self.check_access("write")
        self._check_can_escalate()
        route.check_access("read")
        self.lock_for_update(allow_referencing=True)
        if asked_user and not self._is_agent(asked_user):
            raise UserError(
                self.env._("%(colleague)s works on no cases.", colleague=asked_user.name)
            )
        previous = previous or self.env["customer.service.escalation"]
        self._check_escalated_meanwhile(previous)
        self._check_facts(route)
        target = self._escalation_target(route, kind, asked_user)
        mention = self._escalation_mentions(route, kind, asked_user)
        in_channel = self._mentions_in_channel(route, mention)
        # sudo: escalation - changed by its methods only
        escalation = (
            self.env["customer.service.escalation"]
            .sudo()
            .create(
                {
                    "case_id": self.id,
                    "route_id": route.id,
                    "level": previous.level + 1,
                    "previous_id": previous.id,
                    "kind": kind,
                    "question": (question or "").strip(),
                    "from_user_id": self.env.uid,
                    "asked_user_id": asked_user.id if asked_user else False,
                    "to_user_id": target.id,
                    "mentioned_user_ids": [(6, 0, mention.ids)],
                    "call_back_date": call_back_date,
                }
            )
        )
        escalation._post_message(in_channel)
        escalation._note("customer_service.escalation_note", mention=mention - in_channel)
        escalation._refresh()
        if kind == "hand_over":
            self._hand_over(route, target)
        if call_back_date:
            # sudo: case - handed over, it may be none of the user's any more
            self.sudo()._promise_call_back(
                call_back_date, target if kind == "hand_over" else None, question
            )
        return escalation

    def _check_escalated_meanwhile(self, previous):
        """:raise UserError: the case is at another level than the one the user saw"""
        self.invalidate_recordset(["escalation_id"])
        running = self.sudo().escalation_id  # sudo: escalation - who was faster
        if running != previous.sudo():
            raise UserError(
                self.env._(
                    "The escalation of %(case)s has changed meanwhile: %(now)s. Look again.",
                    case=self.number,
                    now=running and f"{running.route_id.name} ({running.from_user_id.name})" or "-",
                )
            )

    def _check_facts(self, route):
        """Refuse while facts are missing.

        :raise UserError: facts that the route or the type demands are unknown; it names them
        """
        missing = self._missing_facts(self._escalation_facts(route))
        if missing:
            raise UserError(
                self.env._(
                    "Before %(case)s goes to “%(route)s”, these facts must be known: %(facts)s.",
                    case=self.number,
                    route=route.name,
                    facts=", ".join(missing.mapped("name")),
                )
            )

    def _escalation_facts(self, route):
        """Return the facts that a way up demands, and those of the type."""
        return (route.intake_fact_ids | self.type_id.intake_fact_ids).sorted()

    @api.model
    def _is_agent(self, user):
        """Tell whether somebody works here, on cases: no customer reads what is asked."""
        # sudo: res.users - whether a colleague is an agent
        known = user.sudo()
        return known._is_internal() and known.has_group("customer_service.group_agent")

    def _is_for_colleague(self, user):
        """Tell whether somebody is an agent who sees this case."""
        self.ensure_one()
        return self._is_agent(user) and self.with_user(user).has_access("read")

    @api.model
    def _escalation_target(self, route, kind, asked_user):
        """Return who becomes responsible: whom the customer asked for, else the route's one."""
        if kind != "hand_over":
            return self.env["res.users"]
        if asked_user:
            return asked_user
        people = route.user_ids - self.env.user
        return people if len(people) == 1 else self.env["res.users"]

    def _hand_over_values(self, route, target):
        """Return the field values of a case that is handed over.

        Without one person it waits in the team for whoever takes it.
        """
        values = {"user_id": target.id}
        if route.team_id:
            values["team_id"] = route.team_id.id
        return values

    def _hand_over(self, route, target):
        """Give the case to those who were asked; the user may see it no more."""
        # The message tells them already.
        self.with_context(mail_auto_subscribe_no_notify=True).write(
            self._hand_over_values(route, target)
        )

    def _escalation_mentions(self, route, kind, asked_user):
        """Return whom the message calls by name, of those who see the case then.

        :raise UserError: nobody would notice, or the colleague would not see the case
        """
        candidates = asked_user or route.user_ids - self.env.user
        mention = self._escalation_readers(candidates, route, kind, asked_user)
        if asked_user and not mention:
            raise UserError(
                self.env._(
                    "%(colleague)s does not see this case. Hand it over, or add them to the team.",
                    colleague=asked_user.name,
                )
            )
        if not mention and not route.discuss_channel_id:
            raise UserError(
                self.env._(
                    "Nobody whom “%(route)s” mentions would see this case. Hand it over, or ask "
                    "for a colleague by name.",
                    route=route.name,
                )
            )
        return mention

    def _escalation_readers(self, users, route, kind, asked_user):
        """Return those of these users who will see the case once it is escalated.

        The link that they get would lead the others nowhere. The rules of the installation are
        asked, for the case as it will be.
        """
        self.ensure_one()
        values = {}
        if kind == "hand_over":
            target = self._escalation_target(route, kind, asked_user)
            values = self._hand_over_values(route, target)
        future = self.sudo().new(values, origin=self)  # sudo: case - rules are asked, none is shown
        company = future.company_id
        readers = users.browse()
        for user in users.sudo().filtered(lambda one: one.active and company in one.company_ids):
            case = self.with_user(user).with_context(allowed_company_ids=company.ids)
            if not case.browse().has_access("read"):
                continue
            rule = case.env["ir.rule"]._compute_domain(self._name, "read")
            if future.filtered_domain(Domain(rule)):
                readers |= user
        return readers.sudo(False)

    @api.model
    def _mentions_in_channel(self, route, users):
        """Return those of these users who may be called by name in the route's channel."""
        # sudo: discuss.channel - whoever asks need not be a member of where it is asked
        channel = route.sudo().discuss_channel_id
        if not channel or not users:
            return users.browse()
        allowed = set(channel._get_allowed_message_partner_ids(users.partner_id.ids))
        return users.filtered(lambda user: user.partner_id.id in allowed)

    def _escalation_url(self):
        """Return the link to the case in the back office."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/cases/{self.id}"

    def _refresh_escalation(self):
        """Store the highest level that still runs, for lists and for the case's banner."""
        running = self.env["customer.service.escalation"].search(
            [("case_id", "in", self.ids), ("state", "in", ESCALATION_RUNNING)], order="level, id"
        )
        highest = {escalation.case_id: escalation for escalation in running}
        for case in self:
            if case.escalation_id != highest.get(case, running.browse()):
                case.escalation_id = highest.get(case)

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, plaintext2html

from ..const import ESCALATION_RUNNING

_RUNNING_SQL = f"state IN {ESCALATION_RUNNING}"


class CustomerServiceEscalation(models.Model):
    """One way up of one case: who asked whom what, what came back, and how it ended.

    It is made and changed by its methods only. Its message in Discuss is written anew with
    every change, so that the channel always shows how the matter stands.
    """

    _name = "customer.service.escalation"
    _description = "Escalation"
    _order = "id desc"
    _rec_name = "case_id"

    case_id = fields.Many2one(
        "customer.service.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    route_id = fields.Many2one(
        "customer.service.escalation.route",
        string="Topic",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    level = fields.Integer(default=1, readonly=True)
    previous_id = fields.Many2one(
        "customer.service.escalation",
        string="Level Below",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    kind = fields.Selection(
        [("advice", "Asks for advice"), ("hand_over", "Hands the case over")],
        required=True,
        readonly=True,
        default="advice",
    )
    state = fields.Selection(
        [
            ("open", "Waiting for an answer"),
            ("advised", "Answered"),
            ("done", "Done"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    question = fields.Text(readonly=True)
    from_user_id = fields.Many2one(
        "res.users", string="Asked by", required=True, readonly=True, index=True
    )
    asked_user_id = fields.Many2one(
        "res.users",
        string="Customer Asked for",
        readonly=True,
        help="Nobody else was mentioned.",
    )
    to_user_id = fields.Many2one("res.users", string="Handed Over to", readonly=True)
    mentioned_user_ids = fields.Many2many(
        "res.users",
        "customer_service_escalation_mentioned_rel",
        "escalation_id",
        "user_id",
        string="Mentioned",
        readonly=True,
    )
    call_back_date = fields.Datetime("Call-Back Promised", readonly=True)

    # what came back
    advice = fields.Text(readonly=True)
    question_ids = fields.One2many(
        "customer.service.escalation.question",
        "escalation_id",
        string="Questions to the Customer",
        readonly=True,
    )
    answer_user_id = fields.Many2one("res.users", string="Answered by", readonly=True)
    answer_date = fields.Datetime("Answered On", readonly=True)
    end_user_id = fields.Many2one("res.users", string="Ended by", readonly=True)
    end_date = fields.Datetime("Ended On", readonly=True)

    message_id = fields.Many2one(
        "mail.message", string="Message in Discuss", readonly=True, ondelete="set null", copy=False
    )

    _one_running = models.UniqueIndex(
        f"(case_id, level) WHERE {_RUNNING_SQL}",
        "A colleague escalated this case at this very moment. Look again.",
    )

    @api.depends("case_id.display_name", "route_id.name")
    def _compute_display_name(self):
        for escalation in self:
            escalation.display_name = f"{escalation.case_id.number} → {escalation.route_id.name}"

    # ------------------------------------------------------------------------------------------
    # Who may do what
    # ------------------------------------------------------------------------------------------

    def _may_answer(self):
        """Tell whether the user is one of those who were asked, or a supervisor."""
        self.ensure_one()
        user = self.env.user
        asked = self.mentioned_user_ids | self.to_user_id | self.asked_user_id
        if not self.asked_user_id:
            asked |= self.route_id.user_ids
        return (
            user in asked or user.has_group("customer_service.group_supervisor")
        ) and user != self.from_user_id

    def _may_end(self):
        """Tell whether the user asked, or may change the case."""
        self.ensure_one()
        return self.from_user_id == self.env.user or self.case_id.has_access("write")

    def _check_running(self):
        """Refuse what makes no sense any more.

        :raise UserError: the escalation is done or was withdrawn
        """
        for escalation in self.filtered(lambda one: one.state not in ESCALATION_RUNNING):
            state = dict(self._fields["state"]._description_selection(self.env))[escalation.state]
            raise UserError(
                self.env._(
                    "The escalation of %(case)s has ended already: %(state)s.",
                    case=escalation.case_id.number,
                    state=state,
                )
            )

    def _check_may_answer(self):
        """:raise UserError: the escalation ended, or the user is none of those who were asked"""
        self._check_running()
        for escalation in self:
            if not escalation._may_answer():
                raise UserError(
                    self.env._(
                        "Only those who were asked about %(case)s answer, or a supervisor.",
                        case=escalation.case_id.number,
                    )
                )

    def _check_may_end(self):
        """:raise UserError: the escalation ended, or is none of the user's business"""
        self._check_running()
        for escalation in self:
            if not escalation._may_end():
                raise UserError(
                    self.env._(
                        "Whoever escalated %(case)s, or works on it, can end that.",
                        case=escalation.case_id.number,
                    )
                )

    # ------------------------------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------------------------------

    def action_answer(self):
        """Ask for the advice, and for the questions that the customer is to be asked."""
        self.ensure_one()
        self._check_may_answer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the Escalation"),
            "res_model": "customer.service.escalation.answer",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_escalation_id": self.id},
        }

    def action_return_answers(self):
        """Tell whoever asked that the questions are answered; it is their turn again.

        :raise UserError: a question is neither answered nor ticked
        """
        self.ensure_one()
        self.case_id.check_access("write")
        self._check_running()
        self._check_questions()
        self._feed_back(self.env._("Answers are there"))
        answered = self.answer_user_id
        self.sudo().state = "open"  # sudo: escalation - changed by its methods only
        self._note("customer_service.escalation_note_answers", mention=answered)
        self._refresh()
        return True

    def action_done(self):
        """End it: the matter is clear.

        :raise UserError: a question is neither answered nor ticked
        """
        self._check_may_end()
        self._check_questions()
        return self._end("done")

    def action_withdraw(self):
        """End it: the answer is not needed any more."""
        self._check_may_end()
        return self._end("withdrawn")

    def action_open_case(self):
        """Open the case."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.service.case",
            "res_id": self.case_id.id,
            "views": [(False, "form")],
        }

    def _check_questions(self):
        """:raise UserError: questions are neither answered nor ticked; it names them"""
        open_questions = self.question_ids.filtered(lambda question: not question.is_done)
        if open_questions:
            raise UserError(
                self.env._(
                    "These questions are still open. Tick them, with the answer or the reason "
                    "why there is none:\n%(questions)s",
                    questions="\n".join(f"• {question.name}" for question in open_questions),
                )
            )

    # ------------------------------------------------------------------------------------------
    # Answering and ending
    # ------------------------------------------------------------------------------------------

    def _give_advice(self, advice="", questions=(), hand_back=False):
        """Bring advice and questions back to the agent, who gets an activity.

        :param str advice: plain text
        :param questions: texts, in the order in which the customer is to be asked
        :param bool hand_back: whoever asked becomes responsible again
        """
        self.ensure_one()
        self._check_may_answer()
        if self._running_above():
            raise UserError(
                self.env._(
                    "This is escalated further, to “%(route)s”. Wait for the answer or withdraw "
                    "that first.",
                    route=self._running_above()[:1].route_id.name,
                )
            )
        if not (advice or "").strip() and not questions:
            raise UserError(self.env._("Write advice, or a question for the customer."))
        escalation = self.sudo()  # sudo: escalation - changed by its methods only
        start = len(escalation.question_ids)
        escalation.write(
            {
                "state": "advised",
                "advice": advice,
                "answer_user_id": self.env.uid,
                "answer_date": fields.Datetime.now(),
                "question_ids": [
                    (0, 0, {"name": text, "sequence": start + index})
                    for index, text in enumerate(questions)
                ],
            }
        )
        self._note("customer_service.escalation_note_advice", questions=questions)
        case = escalation.case_id
        if hand_back:
            case.with_context(mail_auto_subscribe_no_notify=True).user_id = self.from_user_id
        case.activity_schedule(
            "customer_service.activity_type_advice",
            user_id=self._agent_on_the_case().id,
            summary=self.env._("Answer from %(name)s", name=self.env.user.name),
            note=plaintext2html(advice) if advice else "",
        )
        self._refresh()

    def _agent_on_the_case(self):
        """Return whoever goes on with the case: the responsible, else who asked."""
        responsible = self.case_id.user_id
        return responsible if responsible and responsible != self.env.user else self.from_user_id

    def _running_above(self):
        """Return the escalations of the same case that run on a higher level, highest first."""
        self.ensure_one()
        # sudo: case - levels that were asked after the user lost sight of the case count too
        return (
            self.case_id.sudo()
            .escalation_ids.filtered(
                lambda one: one.state in ESCALATION_RUNNING and one.level > self.level
            )
            .sorted("level", reverse=True)
        )

    def _end(self, state):
        """End these, and what was escalated further from them.

        :param str state: ``done`` or ``withdrawn``
        """
        ending = self.browse().union(*(one | one._running_above() for one in self))
        ending._feed_back(self.env._("Ended"))
        # sudo: escalation - changed by its methods only
        ending.sudo().write(
            {"state": state, "end_user_id": self.env.uid, "end_date": fields.Datetime.now()}
        )
        for escalation in ending:
            escalation._note("customer_service.escalation_note_end")
        ending._refresh()
        return True

    def _feed_back(self, feedback):
        """Finish the activities of the answer, if there are any."""
        # sudo: mail.activity - of the agent who goes on, whoever ends the escalation
        self.case_id.sudo().activity_feedback(
            ["customer_service.activity_type_advice"], feedback=feedback
        )

    def _refresh(self):
        """Let the cases know where they stand, and write the messages in Discuss anew."""
        cases = self.case_id.sudo()  # sudo: case, escalation - kept by the escalation itself
        cases._refresh_escalation()
        (self.sudo() | self.sudo().previous_id)._update_message()

    # ------------------------------------------------------------------------------------------
    # What is written about it
    # ------------------------------------------------------------------------------------------

    def _note(self, template, mention=None, **values):
        """Write an internal note about it on the case.

        :param str template: id of the template, rendered with the escalation
        :param res.users mention: who is called by name
        """
        self.ensure_one()
        # sudo: escalation - names for the note, also where the case was handed over
        body = self.env["ir.qweb"]._render(
            template,
            {"escalation": self.sudo(), "mention": mention or [], **values},
            minimal_qcontext=True,
        )
        # sudo: case - whoever asked may have handed it over, and still says that it is withdrawn
        return self.case_id.sudo().message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=(mention or self.env["res.users"]).partner_id.ids,
            author_id=self.env.user.partner_id.id,
        )

    def _message_body(self, mention=None):
        """Return the HTML of the message in Discuss, as the matter stands.

        Number and subject of the case, the link and the question: whoever reads the channel but
        not the case learns nothing else of the customer.

        :param res.users mention: who is called by name
        """
        self.ensure_one()
        asker = self.from_user_id
        escalation = self.with_context(lang=asker.lang, tz=asker.tz or self.env.user.tz)
        return escalation.env["ir.qweb"]._render(
            "customer_service.escalation_message",
            {
                "escalation": escalation,
                "mention": mention or [],
                "kind": dict(self._fields["kind"]._description_selection(escalation.env))[
                    self.kind
                ],
                "question": plaintext2html(self.question) if self.question else Markup(""),
                "call_back": escalation._call_back_label(),
                "status": escalation._status_line(),
                "url": self.case_id._escalation_url(),
            },
            minimal_qcontext=True,
        )

    def _call_back_label(self):
        """Return when the customer is called back, with the time zone, or an empty text."""
        self.ensure_one()
        if not self.call_back_date:
            return ""
        zone = self.env.context.get("tz") or "UTC"
        moment = format_datetime(self.env, self.call_back_date, tz=zone, dt_format="short")
        return f"{moment} ({zone})"

    def _status_line(self):
        """Return in one sentence how it stands, empty while the first answer is waited for."""
        self.ensure_one()
        # sudo: escalation - who was asked after it, by name
        above = self.sudo()._running_above()
        if self.state == "withdrawn":
            return self.env._("✖ Withdrawn by %(name)s", name=self.end_user_id.name)
        if self.state == "done":
            return self.env._("✔ Done, says %(name)s", name=self.end_user_id.name)
        if above:
            return self.env._("Escalated further: %(route)s", route=above[-1:].route_id.name)
        if self.state == "advised":
            return self.env._("Answered by %(name)s", name=self.answer_user_id.name)
        if self.answer_user_id:
            return self.env._(
                "%(name)s's questions are answered on the case", name=self.answer_user_id.name
            )
        return ""

    def _post_message(self, mention):
        """Post the message in the route's channel.

        :param res.users mention: whom it calls by name; they may be called there
        """
        self.ensure_one()
        # sudo: discuss.channel - whoever asks need not be a member of where it is asked
        channel = self.route_id.sudo().discuss_channel_id
        if channel:
            self.message_id = channel.message_post(
                body=self._message_body(mention),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=mention.partner_id.ids,
                author_id=self.from_user_id.partner_id.id,
            )

    def _update_message(self):
        """Write the messages in Discuss anew; those that somebody deleted stay so."""
        for escalation in self.filtered("message_id"):
            message = escalation.message_id
            channel = self.env["discuss.channel"].browse(message.res_id)
            channel._message_update_content(
                message,
                body=escalation._message_body(escalation._mentioned_in_message()),
                strict=False,
            )

    def _mentioned_in_message(self):
        """Return those whom the message in Discuss called by name."""
        return self.mentioned_user_ids.filtered(
            lambda user: user.partner_id in self.message_id.partner_ids
        )

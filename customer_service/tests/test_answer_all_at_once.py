from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestAnswerAllAtOnce(TwoTransactionsCase):
    """The scheduled job and the agent's own request send the same line: two real transactions."""

    def setUp(self):
        super().setUp()
        env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.user = env["res.users"].create(
            {
                "name": "answers",
                "login": "answer_at_once",
                "email": "answers@shop.example",
                "group_ids": [(4, env.ref("customer_service.group_supervisor").id)],
            }
        )
        self.case = env["customer.service.case"].create(
            {"name": "Once, please", "email_from": "once@customer.example"}
        )
        self.answer = self.case.with_user(self.user).env["customer.service.answer.all"]
        self.answer = self.answer._begin(self.case.with_user(self.user))
        self.answer.texts = {env.user.lang or "en_US": {"body": "Here you are."}}
        lines = self.answer.line_ids.sudo()
        lines.state = "waiting"
        lines.answer_id.state = "running"
        env.flush_all()
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        env = self.case.env
        env.invalidate_all()
        self.answer.sudo().unlink()
        identity = self.case.identity_id
        self.case.unlink()
        env["customer.service.interaction"].search([("user_id", "=", self.user.id)]).unlink()
        identity.exists().unlink()
        self.user.unlink()
        self.first.commit()

    def _line(self, cursor):
        env = api.Environment(cursor, api.SUPERUSER_ID, {})
        return env["customer.service.answer.all.line"].browse(self.answer.line_ids.ids)

    def _sent(self):
        self.first.rollback()
        self.case.env.invalidate_all()
        return self.case.message_count_agent

    def test_who_comes_second_leaves_it_alone(self):
        mine, theirs = self._line(self.first), self._line(self.second)
        mine._send_or_fail()
        mine.env.flush_all()
        theirs._send_or_fail()
        self.assertEqual(theirs.state, "waiting")
        self.first.commit()
        self.second.rollback()
        theirs.env.invalidate_all()
        theirs._send_or_fail()
        self.second.commit()
        self.assertEqual(self._sent(), 1)

    @mute_logger("odoo.sql_db")
    def test_who_looked_before_the_other_sent_it_tries_again_and_finds_it_sent(self):
        mine, theirs = self._line(self.first), self._line(self.second)
        self.assertEqual(theirs.state, "waiting")  # the second transaction has its snapshot now
        mine._send_or_fail()
        self.first.commit()
        with self.assertRaises(SerializationFailure):
            theirs._send_or_fail()
        self.second.rollback()
        theirs.env.invalidate_all()
        theirs._send_or_fail()
        self.second.commit()
        self.assertEqual(self._sent(), 1)

    def test_stopped_while_it_is_being_sent(self):
        mine = self._line(self.first)
        mine._send_or_fail()
        mine.env.flush_all()
        theirs = api.Environment(self.second, self.user.id, {})["customer.service.answer.all"]
        theirs = theirs.browse(self.answer.id)
        theirs.action_cancel()
        self.assertEqual(theirs.state, "cancelled")
        self.second.commit()
        self.first.commit()
        self.assertEqual(self._sent(), 1)
        self.assertEqual(self._line(self.first).state, "sent")

    def test_two_press_a_button_of_it(self):
        mine = self.answer.with_env(api.Environment(self.first, self.user.id, {}))
        theirs = self.answer.with_env(api.Environment(self.second, self.user.id, {}))
        mine._lock()
        with self.assertRaisesRegex(UserError, "Look again"):
            theirs.action_cancel()

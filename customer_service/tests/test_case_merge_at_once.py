from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestMergeAtOnce(TwoTransactionsCase):
    """Two agents merge the same cases at the same moment: two transactions, committed for real."""

    def setUp(self):
        super().setUp()
        env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.cases = env["customer.service.case"].create(
            [{"name": name, "email_from": "anna@lampy.example"} for name in "ABC"]
        )
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        self.cases.env["customer.service.case.merge"].search(
            [("survivor_id", "in", self.cases.ids)]
        ).unlink()
        identities = self.cases.identity_id
        self.cases.unlink()
        identities.unlink()
        self.first.commit()

    def _merge(self, cursor, survivor, case):
        env = api.Environment(cursor, api.SUPERUSER_ID, {"tracking_disable": True})
        cases = env["customer.service.case"].browse(self.cases.ids)
        log = env["customer.service.case.merge"]._merge(cases[survivor], cases[case])
        env.flush_all()
        return log

    def test_one_merges_and_the_other_is_told(self):
        self._merge(self.first, 0, 1)
        for survivor, case in ((1, 0), (2, 1), (1, 2), (0, 2)):
            with self.subTest(case=case), self.assertRaisesRegex(UserError, "A colleague is"):
                self._merge(self.second, survivor, case)
            self.second.rollback()
        self.first.commit()
        with self.assertRaisesRegex(UserError, "was merged into"):
            self._merge(self.second, 1, 0)
        self.second.rollback()
        with self.assertRaisesRegex(UserError, "was merged into"):
            self._merge(self.second, 2, 1)

    @mute_logger("odoo.sql_db")
    def test_who_looked_before_is_run_again_by_the_host(self):
        self.second.execute("SELECT 1")  # the second transaction has its snapshot now
        self._merge(self.first, 0, 1)
        self.first.commit()
        with self.assertRaises(SerializationFailure):
            self._merge(self.second, 1, 0)
        self.second.rollback()
        with self.assertRaisesRegex(UserError, "was merged into"):
            self._merge(self.second, 1, 0)

    @mute_logger("odoo.sql_db")
    def test_mail_that_comes_in_meanwhile_is_tried_again_and_arrives_at_the_survivor(self):
        self.second.execute("SELECT 1")
        self._merge(self.first, 0, 1)
        self.first.commit()
        env = api.Environment(self.second, api.SUPERUSER_ID, {"tracking_disable": True})
        case = env["customer.service.case"].browse(self.cases[1].id)
        with self.assertRaises(SerializationFailure):
            case.message_post(
                body="Late", message_type="email", email_from="anna@lampy.example",
                subtype_xmlid="mail.mt_comment",
            )
            env.flush_all()
        self.second.rollback()
        env.invalidate_all()
        self.assertEqual(case._final().id, self.cases[0].id)
        message = case.message_post(
            body="Late", message_type="email", email_from="anna@lampy.example",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(message.res_id, self.cases[0].id)
        self.second.rollback()

    def test_undo_happens_once(self):
        log = self._merge(self.first, 0, 1)
        self.first.commit()
        again = api.Environment(self.second, api.SUPERUSER_ID, {})[log._name].browse(log.id)
        log._undo()
        log.env.flush_all()
        with self.assertRaisesRegex(UserError, "A colleague is working"):
            again._undo()
        self.second.rollback()
        self.first.commit()
        again.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "undone already"):
            again._undo()

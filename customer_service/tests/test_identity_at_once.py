from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestIdentityAtOnce(TwoTransactionsCase):
    """Two agents at the same person at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        env = self._env(self.first)
        self.partners = env["res.partner"].create([{"name": "At Once A"}, {"name": "At Once B"}])
        self.identity = env["customer.service.identity"].create({"name": "Who am I?"})
        self.case = env["customer.service.case"].create(
            {"name": "Whose is it?", "identity_id": self.identity.id}
        )
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _env(self, cursor):
        return api.Environment(cursor, api.SUPERUSER_ID, {"tracking_disable": True})

    def _clean_up(self):
        self._roll_back()
        env = self._env(self.first)
        env.invalidate_all()
        env["customer.service.case"].browse(self.case.id).unlink()
        people = env["customer.service.identity"].with_context(active_test=False)
        (
            people.browse(self.identity.id) | people.search([("email", "=", "zoe@once.example")])
        ).unlink()
        env["res.partner"].browse(self.partners.ids).unlink()
        env.cr.execute("DELETE FROM customer_service_identity_claim")
        self.first.commit()

    def _match(self, cursor, number):
        env = self._env(cursor)
        env["customer.service.identity"].browse(self.identity.id).action_become(
            self.partners[number].id
        )
        env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_second_match_is_told_who_it_was(self):
        self.second.execute("SELECT 1")  # the second transaction has its snapshot now
        self._match(self.first, 0)
        self.first.commit()
        with self.assertRaises(SerializationFailure):  # the host repeats the request on this one
            self._match(self.second, 1)
        self.second.rollback()
        with self.assertRaisesRegex(UserError, "Who am I.* is known to be At Once A"):
            self._match(self.second, 1)
        self.second.rollback()
        case = self._env(self.second)["customer.service.case"].browse(self.case.id)
        self.assertEqual(case.partner_id.id, self.partners[0].id)

    def _told(self, cursor):
        env = self._env(cursor)
        return env["customer.service.identity"]._find_or_create_person(
            {"name": "Zoe", "email": "zoe@once.example"}, env.company
        )

    def test_same_new_person_is_entered_once(self):
        self.second.execute("SELECT 1")
        made = self._told(self.first)
        self.first.commit()
        with self.assertRaises(SerializationFailure):
            self._told(self.second)
        self.second.rollback()
        self.assertEqual(self._told(self.second).id, made.id)

    def test_person_whose_entering_was_given_up_can_be_entered(self):
        self._told(self.first)
        self.first.rollback()
        self.assertTrue(self._told(self.second))
        self.second.rollback()

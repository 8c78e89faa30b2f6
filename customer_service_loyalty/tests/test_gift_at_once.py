from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_service.tests.two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestGiftAtOnce(TwoTransactionsCase):
    """The button of one dialog is pressed twice at the same moment: two real transactions."""

    def setUp(self):
        super().setUp()
        env = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.partner = env["res.partner"].create({"name": "At Once"})
        values = env["loyalty.program"]._program_type_default_values()["gift_card"]
        self.program = env["loyalty.program"].create(
            {"name": "At once", "program_type": "gift_card", **values}
        )
        self.case = env["customer.service.case"].create(
            {"name": "At once", "partner_id": self.partner.id}
        )
        self.dialog = env["customer.service.case.gift"].create(
            {
                "case_id": self.case.id,
                "program_id": self.program.id,
                "amount": 10,
                "send": False,
            }
        )
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        env = self.case.env
        env.invalidate_all()
        self.dialog.unlink()
        cards = env["loyalty.card"].search([("program_id", "=", self.program.id)])
        cards.history_ids.unlink()
        cards.unlink()
        self.case.unlink()
        self.program.active = False
        self.program.unlink()
        self.partner.unlink()
        self.first.commit()

    def _give(self, cursor):
        env = api.Environment(cursor, api.SUPERUSER_ID, {"tracking_disable": True})
        env["customer.service.case.gift"].browse(self.dialog.id).action_give()
        env.flush_all()

    def _cards(self):
        self.case.env.invalidate_all()
        return self.case.env["loyalty.card"].search_count([("program_id", "=", self.program.id)])

    @mute_logger("odoo.sql_db")
    def test_one_card_is_made(self):
        second = api.Environment(self.second, api.SUPERUSER_ID, {})
        second["customer.service.case"].browse(self.case.id).read(["name"])  # has its snapshot
        self._give(self.first)
        self.first.commit()
        with self.assertRaises(SerializationFailure):  # the host repeats the request on this one
            self._give(self.second)
        self.second.rollback()
        with self.assertRaisesRegex(UserError, "done already"):
            self._give(self.second)
        self.assertEqual(self._cards(), 1)

"""Two agents change one family at the same moment: two real transactions."""

from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_transactions import TwoTransactionsCase


@tagged("post_install", "-at_install")
class TestHierarchyAtOnce(TwoTransactionsCase):
    """Whoever comes second is run again by the host, and then finds what the first did."""

    def setUp(self):
        super().setUp()
        self.shop = api.Environment(self.first, api.SUPERUSER_ID, {"tracking_disable": True})
        self.team = self.shop["customer.service.team"].create(
            {"name": "At Once", "use_hierarchy": True}
        )
        self.cases = self.shop["customer.service.case"].create(
            [{"name": name, "team_id": self.team.id} for name in ("P", "A", "B", "C")]
        )
        self.parent, self.a, self.b, self.c = self.cases
        (self.a | self.b).parent_id = self.parent
        self.first.commit()
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        self._roll_back()
        self.cases.parent_id = False
        self.cases.unlink()
        self.team.unlink()
        self.first.commit()

    def _theirs(self, case):
        env = api.Environment(self.second, api.SUPERUSER_ID, {"tracking_disable": True})
        theirs = env["customer.service.case"].browse(case.id)
        theirs.fetch(["name"])  # the second transaction has its snapshot now
        return theirs

    def _at_once(self, mine, theirs):
        """Let both look, the first change and commit, the second change too: it has to look again.

        :param mine: what the first does
        :param theirs: what the second does, with a function from a case to theirs; both times
        """
        self._theirs(self.parent)
        mine()
        self.shop.flush_all()
        self.first.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            theirs(self._theirs)
            self._theirs(self.parent).env.flush_all()
        self.second.rollback()
        self._theirs(self.parent).env.invalidate_all()
        try:
            theirs(self._theirs)
            self._theirs(self.parent).env.flush_all()
            self.second.commit()
        finally:
            self.second.rollback()
            self.first.rollback()
            self.shop.invalidate_all()

    def _set_rules(self, **rules):
        self.team.write(rules)
        self.first.commit()

    def test_last_two_children_closed_at_once_close_the_parent(self):
        self._set_rules(close_parent_with_children=True)
        self._at_once(self.a.action_close, lambda theirs: theirs(self.b).action_close())
        self.assertEqual(self.parent.status, "closed")
        self.assertTrue(self.parent.closed_with_children)
        self.assertEqual(self.parent.open_child_count, 0)

    def test_parent_and_last_child_closed_at_once(self):
        self._set_rules(close_parent_with_children=True)
        self.a.action_close()
        self.first.commit()
        self._at_once(self.parent.action_close, lambda theirs: theirs(self.b).action_close())
        self.assertEqual(set(self.cases[:3].mapped("status")), {"closed"})
        self.assertFalse(self.parent.closed_with_children, "it was closed by hand")

    def test_last_child_and_parent_closed_at_once(self):
        self._set_rules(close_parent_with_children=True, require_children_closed=True)
        self.a.action_close()
        self.first.commit()

        theirs = self._theirs(self.parent)
        self.b.action_close()
        self.shop.flush_all()
        self.first.commit()
        with self.assertRaisesRegex(UserError, self.b.number):
            theirs.action_close()  # as far as they can see, it is open
        self.second.rollback()
        self.shop.invalidate_all()
        self.assertEqual(set(self.cases[:3].mapped("status")), {"closed"})

    def test_parent_does_not_close_over_a_child_that_opens_at_once(self):
        self._set_rules(require_children_closed=True)
        (self.a | self.b).action_close()
        self.first.commit()
        with self.assertRaisesRegex(UserError, self.a.number):
            self._at_once(self.a.action_reopen, lambda theirs: theirs(self.parent).action_close())
        self.assertEqual((self.parent | self.a).mapped("status"), ["open", "open"])

    def test_parent_closes_with_a_child_that_is_attached_at_once(self):
        self._set_rules(close_children_with_parent=True)

        def close_parent(theirs):
            theirs(self.parent).action_close()

        self._at_once(lambda: self.c.write({"parent_id": self.parent.id}), close_parent)
        self.assertEqual(set(self.cases.mapped("status")), {"closed"})

    def test_child_is_not_attached_to_a_parent_that_closes_at_once(self):
        self._set_rules(close_children_with_parent=True)
        with self.assertRaisesRegex(ValidationError, "Reopen the parent"):
            self._at_once(
                self.parent.action_close,
                lambda theirs: theirs(self.c).write({"parent_id": self.parent.id}),
            )
        self.assertFalse(self.c.parent_id)

    def test_one_becomes_a_child_while_another_becomes_its_child(self):
        self.b.parent_id = False
        self.first.commit()
        with self.assertRaises(ValidationError):
            self._at_once(
                lambda: self.b.write({"parent_id": self.c.id}),
                lambda theirs: theirs(self.c).write({"parent_id": self.parent.id}),
            )
        self.assertEqual((self.b.parent_id, self.c.parent_id.id), (self.c, False))

    def test_a_parent_becomes_a_child_while_it_gets_one(self):
        self.b.parent_id = False
        self.first.commit()
        with self.assertRaises(ValidationError):
            self._at_once(
                lambda: self.c.write({"parent_id": self.parent.id}),
                lambda theirs: theirs(self.b).write({"parent_id": self.c.id}),
            )
        self.assertEqual((self.b.parent_id.id, self.c.parent_id), (False, self.parent))

    def test_two_become_parents_of_each_other_at_once(self):
        (self.a | self.b).parent_id = False
        self.first.commit()
        with self.assertRaises(ValidationError):
            self._at_once(
                lambda: self.a.write({"parent_id": self.b.id}),
                lambda theirs: theirs(self.b).write({"parent_id": self.a.id}),
            )
        self.assertEqual((self.a.parent_id, self.b.parent_id.id), (self.b, False))

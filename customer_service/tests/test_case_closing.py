"""How parent and children end together: every setting, every order, and who is told why."""

from itertools import permutations, product

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import DONE
from .common import CustomerServiceCommon

_RULES = ("close_children_with_parent", "require_children_closed", "close_parent_with_children")

#: Every setting of a team that is allowed: the first two rules exclude each other.
SETTINGS = [
    dict(zip(_RULES, values, strict=True))
    for values in product((False, True), repeat=3)
    if not (values[0] and values[1])
]

#: To which status parent, first and second child are brought.
TARGETS = [
    ("closed", "closed", "closed"),
    ("resolved", "resolved", "resolved"),
    ("closed", "resolved", "closed"),
    ("resolved", "closed", "closed"),
]

#: All of what happens: the three are ended in some order, then one of them is opened again.
STORIES = [
    [*((who, target[who]) for who in order), (reopened, "open")]
    for order in permutations(range(3))
    for target in TARGETS
    for reopened in range(3)
]


class Family:
    """What the rules say, written down a second time without the product: parent, two children."""

    def __init__(self, rules):
        self.cascades, self.waits, self.follows = (rules[name] for name in _RULES)
        self.state = ["open", "open", "open"]
        self.by_itself = False  # the parent ended with its last child

    def put(self, who, status):
        """Bring one of the three to a status.

        :return: False where the rules refuse that, and then nothing changes
        """
        if who == 0:
            return self._put_parent(status)
        before, self.state[who] = self.state[who], status
        if status == "open":
            if before in DONE and self.by_itself:
                self.state[0], self.by_itself = "open", False
        elif before != status and self.follows and self._all_children_done():
            self._end_with_last_child()
        return True

    def _put_parent(self, status):
        is_news = self.state[0] != status
        if is_news and status in DONE and self.waits and not self._all_children_done():
            return False
        self.state[0], self.by_itself = status, False
        if is_news and status in DONE and self.cascades:
            for child in (1, 2):
                if self.state[child] == "open" or status == "closed":
                    self.state[child] = status
        return True

    def _all_children_done(self):
        return self.state[1] in DONE and self.state[2] in DONE

    def _end_with_last_child(self):
        wanted = "resolved" if "resolved" in self.state[1:] else "closed"
        if self.state[0] == "open" or (self.by_itself and self.state[0] != wanted):
            self.state[0], self.by_itself = wanted, True


class ClosingCommon(CustomerServiceCommon):
    def _set_rules(self, **rules):
        self.team.write({**dict.fromkeys(_RULES, False), "use_hierarchy": True, **rules})

    def _create_family(self, children=2, **values):
        """Return a parent and its children, in this order."""
        parent = self._create_case(name="Depot closed", **values)
        cases = [
            self._create_case(name=f"Parcel {number}", parent_id=parent.id, **values)
            for number in range(children)
        ]
        return parent, *cases

    def _bodies(self, case):
        return " ".join(case.message_ids.mapped("body"))


@tagged("post_install", "-at_install")
class TestClosingTable(ClosingCommon):
    def test_every_setting_and_order_of_closing_ends_as_the_rules_say(self):
        case = self.Case.with_context(tracking_disable=True)
        for rules in SETTINGS:
            self._set_rules(**rules)
            values = {"name": "One", "team_id": self.team.id, "partner_id": self.customer.id}
            parents = case.create([values] * len(STORIES))
            children = case.create([{**values, "parent_id": p.id} for p in parents] * 2)
            for number, story in enumerate(STORIES):
                trio = [parents[number], children[number], children[number + len(STORIES)]]
                with self.subTest(rules=rules, story=story):
                    self._play(story, trio, Family(rules))

    def _play(self, story, trio, oracle):
        for who, status in story:
            if oracle.put(who, status):
                trio[who].write({"status": status})
            else:
                with self.assertRaises(UserError):
                    trio[who].write({"status": status})
            self.assertEqual([case.status for case in trio], oracle.state)
            self.assertEqual(trio[0].closed_with_children, oracle.by_itself)
            unfinished = sum(case.status not in DONE for case in trio[1:])
            self.assertEqual(trio[0].open_child_count, unfinished)

    def test_without_hierarchy_no_rule_counts(self):
        for rules in SETTINGS:
            self._set_rules()
            parent, first, second = self._create_family()
            self._set_rules(use_hierarchy=False, **rules)
            with self.subTest(rules=rules):
                parent.action_close()
                self.assertEqual((first | second).mapped("status"), ["open", "open"])
                parent.action_reopen()
                (first | second).action_close()
                self.assertEqual(parent.status, "open")


@tagged("post_install", "-at_install")
class TestClosing(ClosingCommon):
    def test_first_two_rules_exclude_each_other(self):
        with self.assertRaisesRegex(ValidationError, "choose one of the two"):
            self._set_rules(close_children_with_parent=True, require_children_closed=True)

    @mute_logger("odoo.sql_db")
    def test_the_database_too_keeps_the_rules_apart(self):
        with self.assertRaisesRegex(Exception, "closing_rules"), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE customer_service_team SET close_children_with_parent = true, "
                "require_children_closed = true WHERE id = %s",
                [self.team.id],
            )

    def test_rules_are_those_of_the_parents_team(self):
        self._set_rules(close_children_with_parent=True)
        self.other_team.use_hierarchy = True
        parent = self._create_case()
        child = self._create_case(team_id=self.other_team.id, parent_id=parent.id)
        other_parent = self._create_case(team_id=self.other_team.id)
        other_child = self._create_case(parent_id=other_parent.id)
        (parent | other_parent).action_close()
        self.assertEqual(child.status, "closed")
        self.assertEqual(other_child.status, "open")

    def test_refusal_names_the_children_that_stand_in_the_way(self):
        self._set_rules(require_children_closed=True)
        parent, first, second = self._create_family()
        first.action_resolve()
        with self.assertRaises(UserError) as refused:
            parent.with_user(self.agent_team).action_close()
        self.assertIn(second.number, str(refused.exception))
        self.assertNotIn(first.number, str(refused.exception))

    def test_refusal_names_no_child_that_the_agent_may_not_see(self):
        self._set_rules(require_children_closed=True)
        parent, first, second = self._create_family(user_id=self.agent_own.id)
        second.user_id = self.agent_team
        with self.assertRaisesRegex(UserError, "1 more that you may not see") as refused:
            parent.with_user(self.agent_own).action_close()
        self.assertIn(first.number, str(refused.exception))
        self.assertNotIn(second.number, str(refused.exception))
        first.action_close()
        with self.assertRaisesRegex(UserError, "There are 1 that you may not see") as refused:
            parent.with_user(self.agent_own).action_close()
        self.assertNotIn(second.number, str(refused.exception))

    def test_parent_and_children_of_several_teams_end_in_one_batch(self):
        self._set_rules(require_children_closed=True)
        self.other_team.write({"use_hierarchy": True, "require_children_closed": True})
        parent, first, second = self._create_family()
        second.team_id = self.other_team
        other = self._create_case(team_id=self.other_team.id)
        child = self._create_case(parent_id=other.id)
        family = parent | other | first | second | child
        self.assertIs(family.with_user(self.supervisor).action_close(), True)
        self.assertEqual(set(family.mapped("status")), {"closed"})
        self.assertFalse(parent.closed_with_children)

    def test_batch_that_also_ends_by_the_rule_counts_as_closed_by_hand(self):
        self._set_rules(close_parent_with_children=True)
        family = self.Case.union(*self._create_family())
        family.action_close()
        self.assertFalse(family[0].closed_with_children)
        family[1].action_reopen()
        self.assertEqual(family[0].status, "closed")

    def test_dragging_a_parent_in_the_kanban_obeys(self):
        self._set_rules(require_children_closed=True)
        parent, first, second = self._create_family()
        with self.assertRaisesRegex(UserError, first.number):
            parent.write({"stage_id": self.env.ref("customer_service.stage_closed").id})
        self._set_rules(close_children_with_parent=True)
        parent.write({"stage_id": self.env.ref("customer_service.stage_resolved").id})
        self.assertEqual((first | second).mapped("status"), ["resolved", "resolved"])

    def test_children_out_of_sight_end_with_their_parent_and_know_why(self):
        self._set_rules(close_children_with_parent=True)
        parent, first, second = self._create_family(user_id=self.agent_own.id)
        second.user_id = self.agent_team
        parent.with_user(self.agent_own).action_resolve()
        self.assertEqual((first | second).mapped("status"), ["resolved", "resolved"])
        for child in (first, second):
            self.assertIn("together with its parent", self._bodies(child))
            self.assertIn(parent.number, self._bodies(child))
            self.assertNotIn(parent.name, self._bodies(child))

    def test_parent_that_ends_and_opens_with_its_children_says_why(self):
        self._set_rules(close_parent_with_children=True)
        parent, first, second = self._create_family(user_id=self.agent_own.id)
        parent.user_id = self.supervisor
        first.with_user(self.agent_own).action_close()
        self.assertEqual(parent.status, "open")
        second.with_user(self.agent_own).action_close()
        self.assertEqual(parent.status, "closed")
        self.assertIn("together with its last child", self._bodies(parent))
        first.with_user(self.agent_own).action_reopen()
        self.assertEqual(parent.status, "open")
        self.assertIn("Open again with its child", self._bodies(parent))
        robot = self.env.ref("base.partner_root")
        rules = parent.message_ids.filtered(lambda message: "child" in message.body)
        self.assertIn(robot, rules.author_id)

    def test_mail_of_a_customer_opens_a_child_and_with_it_the_parent(self):
        self._set_rules(close_parent_with_children=True)
        parent, child = self._create_family(children=1)
        reply = self._reply(child)
        child.action_resolve()
        self.assertEqual(parent.status, "resolved")
        case = self._receive(self._mail(In_Reply_To=reply.message_id, To=self.team.address))
        self.assertEqual(case, child)
        self.assertEqual((child | parent).mapped("status"), ["open", "open"])

    def test_parent_closed_by_hand_stays_closed_when_a_child_opens(self):
        self._set_rules(close_children_with_parent=True, close_parent_with_children=True)
        parent, first, _second = self._create_family()
        parent.action_close()
        first.action_reopen()
        self.assertEqual(parent.status, "closed")

    def test_parent_stays_only_resolved_until_every_child_is_closed(self):
        self._set_rules(close_parent_with_children=True)
        parent, first, second = self._create_family()
        first.action_resolve()
        second.action_close()
        self.assertEqual(parent.status, "resolved")
        first.action_close()
        self.assertEqual(parent.status, "closed")

    def test_nobody_says_by_hand_how_a_case_came_to_its_end(self):
        case = self._create_case(status="closed").with_user(self.administrator)
        for name in ("closed_with_children", "child_count", "open_child_count", "parent_number"):
            with self.subTest(name), self.assertRaises(AccessError):
                case.write({name: 1})

    def test_open_case_is_not_attached_to_a_parent_that_is_done(self):
        for rules in (
            {"close_children_with_parent": True},
            {"require_children_closed": True},
        ):
            self._set_rules(**rules)
            parent, _child = self._create_family(children=1)
            (parent | _child).action_close()
            late = self._create_case()
            with self.subTest(rules), self.assertRaisesRegex(ValidationError, "Reopen the parent"):
                late.parent_id = parent
            with self.subTest(rules), self.assertRaisesRegex(ValidationError, "Reopen the parent"):
                self._create_case(parent_id=parent.id)
            done = self._create_case(status="closed")
            done.parent_id = parent
            self.assertEqual(done.parent_id, parent)

    def test_open_case_opens_a_parent_that_ended_with_its_children(self):
        self._set_rules(close_parent_with_children=True)
        parent, child = self._create_family(children=1)
        child.action_close()
        self._create_case(status="resolved").parent_id = parent
        self.assertEqual(parent.status, "closed")
        self._create_case().parent_id = parent
        self.assertEqual(parent.status, "open")

    def test_customer_who_says_solved_is_thanked_while_the_parent_waits(self):
        self._set_rules(require_children_closed=True)
        parent, child = self._create_family(children=1)
        parent.with_user(self.portal_user).sudo()._portal_resolve("All fine now")
        self.assertEqual(parent.status, "open")
        self.assertIn("All fine now", self._bodies(parent))
        child.action_close()
        parent.with_user(self.portal_user).sudo()._portal_resolve("")
        self.assertEqual(parent.status, "resolved")

    def test_no_client_keeps_a_rule_from_saying_why(self):
        self._set_rules(close_children_with_parent=True)
        parent, child, _other = self._create_family()
        parent.with_user(self.supervisor).with_context(tracking_disable=True).action_close()
        self.assertIn("Done together with its parent", self._bodies(child))

    def test_rules_cost_no_query_for_each_child(self):
        self._set_rules(close_children_with_parent=True)
        counts = []
        for children in (3, 12):
            parent, *_children = self._create_family(children=children)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            parent.with_context(tracking_disable=True).action_close()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

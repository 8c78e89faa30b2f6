from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import CustomerServiceCommon

#: Who may read which case; whoever is not named may not.
READERS = {
    "own": {"agent_own", "agent_team", "supervisor", "administrator", "portal_user"},
    "unassigned": {"agent_own", "agent_team", "supervisor", "administrator", "portal_user"},
    "colleagues": {"agent_team", "supervisor", "administrator", "portal_user"},
    "other_team": {"supervisor", "administrator"},
    "other_customer": {"agent_team", "supervisor", "administrator", "portal_other"},
    "nobodys": {"agent_own", "agent_team", "supervisor", "administrator"},
    "other_company": set(),
}
EVERYBODY = (
    "agent_own",
    "agent_team",
    "supervisor",
    "administrator",
    "outsider",
    "portal_user",
    "portal_colleague",
    "portal_other",
    "public",
)
AGENTS = ("agent_own", "agent_team", "supervisor", "administrator")


@tagged("post_install", "-at_install")
class TestAccess(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        second = cls.env["res.company"].create({"name": "Second Shop"})
        second_team = cls.env["customer.service.team"].create(
            {"name": "Second", "company_id": second.id}
        )
        cls.cases = {
            "own": cls._create_case(user_id=cls.agent_own.id),
            "unassigned": cls._create_case(),
            "colleagues": cls._create_case(user_id=cls.agent_team.id),
            "other_team": cls._create_case(
                team_id=cls.other_team.id, user_id=cls.supervisor.id, partner_id=False
            ),
            "other_customer": cls._create_case(
                partner_id=cls.other_customer.id, user_id=cls.agent_team.id
            ),
            "nobodys": cls._create_case(partner_id=False, email_from="zed@new.example"),
            "other_company": cls._create_case(team_id=second_team.id, partner_id=False),
        }
        cls.env.flush_all()

    def _as(self, who, case_name):
        return self.cases[case_name].with_user(getattr(self, who))

    def _allowed(self, who, case_name, operation):
        return self._as(who, case_name).has_access(operation)

    def test_reading_matrix(self):
        for case_name, readers in READERS.items():
            for who in EVERYBODY:
                with self.subTest(case=case_name, who=who):
                    self.assertEqual(self._allowed(who, case_name, "read"), who in readers)

    def test_reading_what_one_may_not_raises(self):
        for case_name, readers in READERS.items():
            for who in set(EVERYBODY) - readers:
                with self.subTest(case=case_name, who=who), self.assertRaises(AccessError):
                    self._as(who, case_name).read(["name"])

    def test_lists_hold_what_one_may_read_and_no_more(self):
        ours = self.Case.browse([case.id for case in self.cases.values()])
        for who in EVERYBODY[:4] + ("portal_user", "portal_colleague", "portal_other"):
            with self.subTest(who=who):
                found = self.Case.with_user(getattr(self, who)).search([("id", "in", ours.ids)])
                expected = {name for name, readers in READERS.items() if who in readers}
                self.assertEqual(
                    {name for name, case in self.cases.items() if case in found.sudo()}, expected
                )

    def test_only_those_agents_write_who_read(self):
        for case_name, readers in READERS.items():
            for who in EVERYBODY:
                with self.subTest(case=case_name, who=who):
                    expected = who in readers and who in AGENTS
                    self.assertEqual(self._allowed(who, case_name, "write"), expected)
                    if not expected:
                        with self.assertRaises(AccessError):
                            self._as(who, case_name).write({"name": "Hijacked"})

    def test_only_administrators_delete(self):
        for case_name in ("own", "unassigned"):
            for who in EVERYBODY:
                with self.subTest(case=case_name, who=who):
                    self.assertEqual(
                        self._allowed(who, case_name, "unlink"), who == "administrator"
                    )
                    if who != "administrator":
                        with self.assertRaises(AccessError):
                            self._as(who, case_name).unlink()

    def test_only_agents_create(self):
        for who in EVERYBODY:
            values = {"name": "New", "team_id": self.team.id}
            case = self.Case.with_user(getattr(self, who))
            with self.subTest(who=who):
                if who in AGENTS:
                    self.assertTrue(case.create(values).number)
                else:
                    with self.assertRaises(AccessError):
                        case.create(values)

    def test_actions_need_the_right_to_write(self):
        for action in (
            "action_take",
            "action_resolve",
            "action_close",
            "action_reopen",
            "action_pending",
        ):
            for who, case_name in (
                ("agent_own", "colleagues"),
                ("agent_team", "other_team"),
                ("outsider", "unassigned"),
                ("portal_user", "own"),
                ("portal_other", "own"),
                ("public", "own"),
            ):
                with self.subTest(action, who=who), self.assertRaises(AccessError):
                    getattr(self._as(who, case_name), action)()

    def test_agent_of_own_cases_takes_and_keeps_it(self):
        self._as("agent_own", "unassigned").action_take()
        self.assertTrue(self._allowed("agent_own", "unassigned", "write"))
        self.cases["unassigned"].user_id = self.agent_team
        self.assertFalse(self._allowed("agent_own", "unassigned", "read"))

    def test_agent_who_leaves_the_team_loses_its_cases(self):
        self.assertTrue(self._allowed("agent_team", "unassigned", "read"))
        self.team.member_ids -= self.agent_team
        self.assertFalse(self._allowed("agent_team", "unassigned", "read"))

    def test_colleague_sees_the_companys_cases_only_when_the_record_says_so(self):
        self.assertFalse(self._allowed("portal_colleague", "own", "read"))
        self.colleague.portal_company_cases = True
        self.assertTrue(self._allowed("portal_colleague", "own", "read"))
        self.assertFalse(self._allowed("portal_colleague", "other_customer", "read"))
        self.assertFalse(self._allowed("portal_colleague", "own", "write"))
        self.colleague.portal_company_cases = False
        self.assertFalse(self._allowed("portal_colleague", "own", "read"))

    def test_customer_without_a_contact_gets_no_ones_cases(self):
        for who in ("portal_user", "portal_other"):
            self.assertFalse(self._allowed(who, "nobodys", "read"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_portal_reads_no_internal_fields(self):
        case = self._as("portal_user", "own")
        self.assertTrue(case.read(["name", "number", "status"]))
        for name in ("description", "tag_ids", "last_message_preview", "message_follower_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                case.read([name])

    def test_portal_reads_no_internal_notes(self):
        case = self.cases["own"]
        note = self._note(case)
        reply = self._reply(case)
        portal = self.env["mail.message"].with_user(self.portal_user)
        found = portal.search([("model", "=", case._name), ("res_id", "=", case.id)])
        self.assertEqual(found.sudo(), reply)
        with self.assertRaises(AccessError):
            portal.browse(note.id).read(["body"])

    def test_customer_who_calls_the_method_directly_speaks_as_nobody_else(self):
        case = self._as("portal_user", "own")
        with self.mock_mail_gateway():
            message = case.message_post(
                body="Send me money",
                author_id=self.agent_team.partner_id.id,
                email_from=self.agent_team.email,
                partner_ids=self.other_customer.ids,
                outgoing_email_to="victim@else.example",
                message_type="email",
                subtype_xmlid="mail.mt_note",
            ).sudo()
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.message_type, "comment")
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertFalse(message.partner_ids or message.outgoing_email_to)
        self.assertNotSentEmail()

    def test_customer_cannot_post_on_the_case_of_another(self):
        for who in ("portal_other", "portal_colleague", "public"):
            with self.subTest(who), self.assertRaises(AccessError):
                self._as(who, "own").message_post(body="Hello")

    def test_settings_are_the_administrators(self):
        records = {
            "customer.service.team": self.team,
            "customer.service.stage": self.env.ref("customer_service.stage_open"),
            "customer.service.case.type": self.env.ref("customer_service.type_question"),
            "customer.service.channel": self.env.ref("customer_service.channel_phone"),
        }
        for record in records.values():
            for who in EVERYBODY:
                with self.subTest(record=record._name, who=who):
                    mine = record.with_user(getattr(self, who))
                    self.assertEqual(mine.has_access("read"), who in AGENTS)
                    self.assertEqual(mine.has_access("write"), who == "administrator")
                    self.assertEqual(mine.has_access("unlink"), who == "administrator")

    def test_tags_are_made_by_agents_and_kept_by_supervisors(self):
        tag = self.env["customer.service.tag"].create({"name": "Only in this test"})
        for who in EVERYBODY:
            with self.subTest(who=who):
                mine = tag.with_user(getattr(self, who))
                self.assertEqual(mine.has_access("create"), who in AGENTS)
                self.assertEqual(mine.has_access("write"), who in ("supervisor", "administrator"))

    def test_identities_stay_in_their_company_and_with_agents(self):
        identity = self.env["customer.service.identity"].create(
            {"name": "Zed", "company_id": self.cases["other_company"].company_id.id}
        )
        own = self.env["customer.service.identity"].create(
            {"name": "Zed", "company_id": self.company_admin.id}
        )
        for who in EVERYBODY:
            with self.subTest(who=who):
                user = getattr(self, who)
                self.assertFalse(identity.with_user(user).has_access("read"))
                self.assertEqual(own.with_user(user).has_access("read"), who in AGENTS)

    @users("cs_agent_own")
    def test_agent_reads_every_order_and_changes_none(self):
        order = self._create_order_as_root()
        order = self.env["sale.order"].browse(order.id)
        self.assertTrue(order.read(["name", "amount_total", "order_line"]))
        self.assertTrue(order.order_line.read(["name", "price_unit"]))
        with self.assertRaises(AccessError):
            order.write({"note": "mine"})
        with self.assertRaises(AccessError):
            order.unlink()

    def _create_order_as_root(self):
        return type(self)._create_order(self.other_customer)

    def test_own_orders_salesman_reads_all_as_an_agent_and_writes_only_his(self):
        order = self._create_order_as_root()
        order.user_id = self.supervisor
        salesman = self.agent_own
        salesman.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.assertTrue(order.with_user(salesman).has_access("read"))
        self.assertFalse(order.with_user(salesman).has_access("write"))

"""What made a customer contact us: the shop's list, one click, the host's fields."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestContactSource(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Source = cls.env["customer.service.contact.source"]
        cls.other = cls.env.ref("customer_service.contact_source_other")

    def test_a_new_word_stands_for_a_source_of_its_name(self):
        source = self.Source.create({"name": "Radio"})
        self.assertEqual(source.source_id.name, "Radio")
        again = self.Source.create({"name": "radio"})
        self.assertEqual(again.source_id, source.source_id)

    def test_a_word_can_stand_for_a_campaign_and_a_medium_alone(self):
        campaign = self.env["utm.campaign"].create({"title": "Spring sale"})
        medium = self.env["utm.medium"].create({"name": "Leaflet"})
        source = self.Source.create(
            {"name": "Spring", "campaign_id": campaign.id, "medium_id": medium.id}
        )
        self.assertFalse(source.source_id)
        source.is_other = True
        self.assertTrue(source.source_id, "else nobody could tell that it asks for words")

    def test_buttons_come_in_the_shops_order_and_without_archived_ones(self):
        self.other.active = False
        self.Source.create({"name": "First", "sequence": 1})
        buttons = self.Source.with_user(self.agent_own).buttons()
        self.assertEqual(buttons[0]["name"], "First")
        self.assertEqual(buttons[0]["source_id"][1], "First")
        self.assertNotIn(self.other.id, [button["id"] for button in buttons])

    def test_words_are_asked_for_where_other_is_chosen(self):
        case = self._create_case(source_id=self.other.source_id.id)
        self.assertTrue(case.source_is_other)
        with Form(case.with_user(self.agent_team)) as form:
            form.source_other = "A poster at the station"
        case.source_id = self.env.ref("customer_service.contact_source_newsletter").source_id
        self.assertFalse(case.source_is_other)

    def test_a_resource_asks_for_words_where_other_is_chosen(self):
        action = self.env["customer.service.action"].new(
            {"resource_ids": [(6, 0, self.env.ref("customer_service.resource_manual").ids)]}
        )
        self.assertFalse(action.resource_is_other)
        action.resource_ids += self.env.ref("customer_service.resource_other")
        self.assertTrue(action.resource_is_other)

    def test_agents_use_the_list_and_administrators_change_it(self):
        with self.assertRaises(AccessError):
            self.Source.with_user(self.agent_team).create({"name": "Radio"})
        with self.assertRaises(AccessError):
            self.Source.with_user(self.outsider).buttons()
        with Form(self.Source.with_user(self.administrator)) as form:
            form.name = "Radio"

    def test_each_list_is_ordered_renamed_and_archived(self):
        for model in ("channel", "resource", "case.type", "tag", "contact.source"):
            with self.subTest(model=model):
                picklist = self.env[f"customer.service.{model}"].with_user(self.administrator)
                first, second = picklist.create([{"name": "Last"}, {"name": "Later"}])
                first.sequence, second.sequence = 1000, 999
                self.assertEqual(picklist.search([])[-2:], second | first)
                first.name = "Renamed"
                first.active = False
                self.assertNotIn(first, picklist.search([]))


@tagged("post_install", "-at_install")
class TestInteractionReport(CustomerServiceCommon):
    """Contacts count once, and their time adds up, whatever they are grouped by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manual, cls.carrier, cls.other = (
            cls.env.ref(f"customer_service.resource_{name}")
            for name in ("manual", "carrier", "other")
        )
        cls.source = cls.env.ref("customer_service.contact_source_other").source_id
        cls.interaction = cls.env["customer.service.interaction"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.agent_team.id,
                "channel_id": cls.env.ref("customer_service.channel_other").id,
                "channel_other": "Fair",
                "duration": 0.6,
                "source_id": cls.source.id,
                "source_other": "Poster",
                "action_ids": [
                    (
                        0,
                        0,
                        {
                            "case_id": cls._create_case().id,
                            "resource_ids": [(6, 0, (cls.manual | cls.carrier).ids)],
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "case_id": cls._create_case(
                                type_id=cls.env.ref("customer_service.type_other").id
                            ).id,
                            "resource_ids": [(6, 0, cls.other.ids)],
                            "resource_other": "The neighbour",
                            "follow_up": "Ask again",
                        },
                    ),
                ],
            }
        )
        cls.bare = cls.env["customer.service.interaction"].create(
            {"partner_id": cls.customer.id, "notes": "Wrong number", "duration": 0.1}
        )
        cls.env.flush_all()
        cls.report = cls.env["customer.service.interaction.report"].with_user(cls.supervisor)
        cls.domain = [("interaction_id", "in", (cls.interaction | cls.bare).ids)]

    def _group(self, name):
        return {
            key: (count, round(duration, 6))
            for key, count, duration in self.report._read_group(
                self.domain, [name], ["interaction_count:count_distinct", "duration:sum"]
            )
        }

    def test_a_contact_counts_once_with_all_its_time(self):
        [(count, cases, matters, duration)] = self.report._read_group(
            self.domain,
            [],
            [
                "interaction_count:count_distinct",
                "case_count:count_distinct",
                "action_count:count_distinct",
                "duration:sum",
            ],
        )
        self.assertEqual((count, cases, matters), (2, 2, 2))
        self.assertAlmostEqual(duration, 0.7)

    def test_actions_are_counted_by_resource_and_other_is_one(self):
        nothing = self.manual.browse()
        self.assertEqual(
            self._group("resource_id"),
            {
                self.manual: (1, 0.2),
                self.carrier: (1, 0.2),
                self.other: (1, 0.2),
                nothing: (1, 0.1),
            },
        )

    def test_it_groups_by_agent_channel_originator_type_and_source(self):
        self.assertEqual(self._group("user_id")[self.agent_team], (1, 0.6))
        other_channel = self.env.ref("customer_service.channel_other")
        self.assertEqual(self._group("channel_id")[other_channel], (1, 0.6))
        self.assertEqual(self._group("originator"), {"customer": (2, 0.7)})
        self.assertEqual(self._group("source_id")[self.source], (1, 0.6))
        other_type = self.env.ref("customer_service.type_other")
        self.assertEqual(self._group("type_id")[other_type][0], 1)

    def test_rows_are_records_that_lead_to_their_contact(self):
        rows = self.report.search(self.domain)
        self.assertEqual(len(rows), 4)
        self.assertEqual(len(set(rows.ids)), 4)
        self.assertEqual(rows[0].read(["duration", "resource_id"])[0]["id"], rows[0].id)
        self.assertEqual(rows[0].action_open_interaction()["res_id"], rows[0].interaction_id.id)

    def test_supervisors_see_it_within_their_company(self):
        for user in (self.agent_team, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.report.with_user(user).search(self.domain)
        self.interaction.sudo().company_id = self.env["res.company"].create({"name": "Abroad"})
        self.env.flush_all()
        self.assertNotIn(self.interaction, self.report.search(self.domain).interaction_id)

    def test_a_period_is_read_by_the_index_of_the_date(self):
        # Enough rows that an index is worth its while, and the planner knows of them.
        self.env["customer.service.interaction"].create(
            [{"partner_id": self.customer.id, "notes": "Wrong number"} for _number in range(500)]
        )
        self.env.flush_all()
        for table in ("customer_service_interaction", "customer_service_action"):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.report.sudo()._search([("date", ">=", "2999-01-01")])
        select = query.select(f"{query.table}.duration")
        self.env.cr.execute("EXPLAIN " + select.code, select.params)
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertRegex(plan, r"Index Cond: .*date >= ")

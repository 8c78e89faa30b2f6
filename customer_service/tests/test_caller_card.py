from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users, warmup

from .test_interaction import InteractionCommon

#: Reading a card costs this much, however long the history is.
CARD_QUERIES = 44


@tagged("post_install", "-at_install")
class TestCallerCard(InteractionCommon):
    def _card(self, record, user=None):
        interaction = self.Interaction.with_user(user or self.agent_team)
        return interaction.caller_card(record._name, record.id)

    def test_customer_with_cases_orders_and_contacts(self):
        self.customer.comment = "<p>Rings in the morning</p>"
        self.customer.category_id = self.env["res.partner.category"].create({"name": "VIP"})
        order = self._create_order(self.customer)
        order.action_confirm()
        done = self._create_case(name="Long ago", status="resolved")
        result = self._record(
            matters=[
                {
                    "name": "Lamp flickers",
                    "description": "Since yesterday",
                    "follow_up": "Call back",
                    "sale_order_id": order.id,
                }
            ]
        )
        interaction, case = self._recorded(result)
        card = self._card(self.customer)
        self.assertEqual(card["person"]["name"], "Anna Kowalska")
        self.assertEqual(card["person"]["company"], "Lampy Kowalska")
        self.assertEqual([tag["name"] for tag in card["person"]["tags"]], ["VIP"])
        self.assertEqual(card["person"]["phones"], ["+48 601 234 567"])
        self.assertEqual(card["notes"], "Rings in the morning")
        self.assertEqual([found["id"] for found in card["cases"]], [case.id, done.id])
        self.assertEqual([found["is_open"] for found in card["cases"]], [True, False])
        self.assertEqual(card["cases"][0]["follow_up"], "Call back")
        self.assertEqual(card["contacts"][0]["id"], interaction.id)
        self.assertEqual(card["contacts"][0]["matters"][0]["text"], "Since yesterday")
        self.assertEqual([found["name"] for found in card["orders"]], [order.name])
        self.assertTrue(card["orders"][0]["is_open"])
        self.assertEqual([found["name"] for found in card["products"]], ["Lamp"])
        self.assertNotIn("case", card)

    def test_colleagues_of_the_customer_share_what_the_company_has(self):
        case = self._create_case(partner_id=self.colleague.id)
        card = self._card(self.customer)
        self.assertEqual([found["id"] for found in card["cases"]], [case.id])
        self.assertEqual(card["cases"][0]["person"], "Piotr Nowak")

    def test_orders_under_way_come_first(self):
        finished, open_order = (self._create_order(self.customer) for _ in range(2))
        finished.action_confirm()
        finished.invoice_status = "invoiced"
        finished.date_order = "2030-01-01"
        card = self._card(self.customer)
        self.assertEqual(
            [(found["id"], found["is_open"]) for found in card["orders"]],
            [(open_order.id, True), (finished.id, False)],
        )

    def test_a_late_order_and_a_warning_are_alerts(self):
        order = self._create_order(self.customer)
        order.action_confirm()
        order.commitment_date = "2020-01-01"
        self.customer_company.sale_warn_msg = "Pays in advance"
        warning, late = self._card(self.customer)["alerts"]
        self.assertEqual((warning["text"], warning["kind"]), ("Pays in advance", "warning"))
        self.assertIn(f"Order {order.name} is late", late["text"])
        self.assertEqual((late["word"], late["kind"]), ("Late", "danger"))

    def test_case_and_order_stand_for_their_person(self):
        order = self._create_order(self.customer)
        card = self._card(order)
        self.assertEqual(card["person"]["id"], self.customer.id)
        self.assertEqual(card["order"]["id"], order.id)
        case = self._create_case()
        card = self._card(case)
        self.assertEqual(card["person"]["id"], self.customer.id)
        self.assertEqual(card["case"]["id"], case.id)

    def test_case_of_nobody_says_what_it_knows(self):
        case = self._create_case(partner_id=False, partner_name="Ewa", phone="601 000 111")
        card = self._card(case)
        self.assertFalse(card["person"]["model"])
        self.assertEqual(card["person"]["name"], "Ewa")
        self.assertEqual(card["person"]["phones"], ["601 000 111"])
        self.assertFalse(card["cases"] + card["contacts"] + card["orders"])

    def test_unregistered_person_shows_whom_they_may_be(self):
        identity = self.env["customer.service.identity"].create(
            {"name": "Anna Kowalska", "company_id": self.company_admin.id}
        )
        card = self._card(identity)
        self.assertIn(
            ("res.partner", self.customer.id),
            [(found["model"], found["id"]) for found in card["candidates"]],
        )
        other = self.env["customer.service.identity"].create(
            {"name": "Anna K", "company_id": self.company_admin.id}
        )
        other.action_same_as(identity.id)
        self.assertEqual(self._card(other)["person"]["id"], identity.id)

    def test_earlier_contact_with_nobody_says_what_it_knows(self):
        result = self._record(partner_id=False, phone="601 000 111", matters=[], notes="Silence")
        card = self._card(self._recorded(result)[0])
        self.assertFalse(card["person"]["model"])
        self.assertEqual(card["person"]["phones"], ["601 000 111"])

    def test_unregistered_person_who_became_a_customer_is_the_customer(self):
        identity = self.env["customer.service.identity"].create(
            {"name": "Ewa", "phone": "601 000 111", "other": "blue car"}
        )
        card = self._card(identity)
        self.assertEqual(card["person"]["model"], "customer.service.identity")
        self.assertEqual(card["notes"], "blue car")
        identity._become(self.customer)
        card = self._card(identity)
        self.assertEqual(card["person"]["model"], "res.partner")
        self.assertEqual(card["person"]["id"], self.customer.id)

    def test_what_the_agent_may_not_read_is_not_on_the_card(self):
        self._create_case(user_id=self.supervisor.id, team_id=self.other_team.id)
        mine = self._create_case(user_id=self.agent_own.id, team_id=self.other_team.id)
        self.assertEqual(len(self._card(self.customer, self.supervisor)["cases"]), 2)
        card = self._card(self.customer, self.agent_own)
        self.assertEqual([found["id"] for found in card["cases"]], [mine.id])

    def test_contact_about_a_hidden_case_shows_only_what_may_be_seen(self):
        result = self._record(user=self.supervisor)
        _interaction, case = self._recorded(result)
        case.team_id = self.other_team
        self.assertTrue(self._card(self.customer, self.supervisor)["contacts"])
        self.assertFalse(self._card(self.customer, self.agent_own)["contacts"])

    def test_refusals(self):
        hidden = self._create_case(user_id=self.supervisor.id, team_id=self.other_team.id)
        with self.assertRaises(AccessError):
            self._card(hidden, self.agent_own)
        with self.assertRaises(AccessError):
            self._card(self.customer, self.outsider)
        with self.assertRaises(AccessError):
            self._card(self.customer, self.portal_user)
        with self.assertRaises(UserError):
            self._card(self.team)

    @users("cs_agent_team")
    @warmup
    def test_a_long_history_costs_no_more_queries(self):
        for number in (1, 12):
            for index in range(number):
                self._record(matters=[{"name": f"Matter {number} {index}", "follow_up": "More"}])
                self._create_order(self.customer).action_confirm()
            self.env.flush_all()
            interaction = self.env["customer.service.interaction"]
            interaction.caller_card("res.partner", self.customer.id)  # fills the caches
            self.env.invalidate_all()
            with self.assertQueryCount(CARD_QUERIES):
                interaction.caller_card("res.partner", self.customer.id)


@tagged("post_install", "-at_install")
class TestPhoneDesk(InteractionCommon):
    @users("cs_agent_own")
    def test_an_agent_of_the_lowest_role_gets_the_words(self):
        desk = self.env["customer.service.interaction"].phone_desk()
        self.assertIn(self.phone.id, [entry["id"] for entry in desk["channels"]])
        self.assertEqual(desk["channel_id"], self.phone.id)
        self.assertTrue(desk["resources"])
        self.assertTrue(desk["types"])

    @users("cs_outsider")
    def test_nobody_else_does(self):
        with self.assertRaises(AccessError):
            self.env["customer.service.interaction"].phone_desk()
        with self.assertRaises(AccessError):
            self.env["customer.service.interaction"].caller_candidates({"name": "Anna Kowalska"})

    @users("cs_agent_own")
    def test_somebody_who_is_entered_as_new_may_be_known(self):
        interaction = self.env["customer.service.interaction"]
        found = interaction.caller_candidates({"name": "A.", "phone": "0048 601-234-567"})
        self.assertEqual([candidate["id"] for candidate in found], [self.customer.id])
        self.assertFalse(interaction.caller_candidates({"name": "Nobody At All"}))

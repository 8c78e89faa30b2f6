"""The information panel beside a case: its facts, alerts and sticky notes."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users, warmup

from .common import CustomerServiceCommon

#: What the panel adds to opening a case with 20 facts and 20 alerts, however many apply.
PANEL_QUERIES = 22


class PanelCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Alert = cls.env["customer.service.alert"]
        cls.Fact = cls.env["customer.service.panel.fact"]
        cls.Note = cls.env["customer.service.sticky.note"]
        cls.Alert.search([]).active = False
        cls.Fact.search([]).active = False
        cls.case = cls._create_case(user_id=cls.agent_own.id)

    @classmethod
    def _alert(cls, **values):
        return cls.Alert.create(
            {"name": "Word", "text": "Sentence", "about": "case", "domain": "[]", **values}
        )

    @classmethod
    def _fact(cls, path, section="case", **values):
        return cls.Fact.create({"name": path, "section": section, "path": path, **values})

    def _alerts(self, case=None, user=None):
        case = (case or self.case).with_user(user or self.agent_own)
        case.invalidate_recordset(["alerts"])
        return case.alerts or []

    def _texts(self, *args, **kwargs):
        return [alert["text"] for alert in self._alerts(*args, **kwargs)]

    def _shown(self, case=None, user=None):
        """Return the facts of a case by label, as a user sees them."""
        case = (case or self.case).with_user(user or self.agent_own)
        case.invalidate_recordset(["customer_facts", "case_facts"])
        facts = (case.customer_facts or []) + (case.case_facts or [])
        return {fact["label"]: fact["value"] for fact in facts}

    def _invoice(self, partner, **values):
        """Make a posted invoice that should have been paid."""
        if not self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company_admin.id)]
        ):
            self.env["account.journal"].create(
                {
                    "name": "Sales",
                    "type": "sale",
                    "code": "CSINV",
                    "company_id": self.company_admin.id,
                }
            )
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": self.company_admin.id,
                "invoice_date": fields.Date.today() - timedelta(days=40),
                "invoice_date_due": fields.Date.today() - timedelta(days=10),
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestPanelFact(PanelCommon):
    """Facts that the shop chooses."""

    def test_a_path_over_relations_shows_what_stands_at_its_end(self):
        self.customer.country_id = self.env.ref("base.pl")
        self._fact("country_id.code", section="customer")
        self._fact("partner_id.country_id.name")
        self.assertEqual(
            self._shown(), {"country_id.code": "PL", "partner_id.country_id.name": "Poland"}
        )

    def test_sections_are_apart_and_in_the_order_of_the_shop(self):
        self._fact("lang", section="customer", sequence=20)
        self._fact("name", section="customer", sequence=10)
        self._fact("number", section="case")
        case = self.case.with_user(self.agent_own)
        self.assertEqual([fact["label"] for fact in case.customer_facts], ["name", "lang"])
        self.assertEqual([fact["label"] for fact in case.case_facts], ["number"])

    def test_values_are_written_for_people(self):
        order = self._create_order(self.customer)
        order.commitment_date = "2031-05-01 10:00:00"
        tags = self.env["res.partner.category"].create([{"name": "Loyal"}, {"name": "Press"}])
        self.customer.category_id = tags
        self.case.write({"sale_order_id": order.id, "description": "<p>Shade <b>torn</b></p>"})
        paths = (
            "sale_order_id.amount_untaxed",
            "sale_order_id.commitment_date",
            "sale_order_id.state",
            "sale_order_id",
            "partner_id.category_id",
            "partner_id.category_id.name",
            "partner_id.active",
            "reopen_count",
            "description",
        )
        for path in paths:
            self._fact(path)
        shown = self._shown()
        self.assertIn("40.00", shown["sale_order_id.amount_untaxed"])
        self.assertIn("31", shown["sale_order_id.commitment_date"])
        self.assertEqual(shown["sale_order_id.state"], "Quotation")
        self.assertEqual(shown["sale_order_id"], order.name)
        self.assertEqual(shown["partner_id.category_id"], "Loyal, Press")
        self.assertEqual(shown["partner_id.category_id.name"], "Loyal, Press")
        self.assertEqual(shown["partner_id.active"], "Yes")
        self.assertEqual(shown["reopen_count"], "0")
        self.assertIn("torn", shown["description"])

    def test_what_is_empty_is_left_out(self):
        self._fact("sale_order_id.name")
        self._fact("website", section="customer")
        self.assertFalse(self._shown())
        nobody = self._create_case(partner_id=False, user_id=self.agent_own.id)
        self.assertFalse(self._shown(nobody))

    def test_paths_that_cannot_be_shown_are_refused_with_the_reason(self):
        for path, section, reason in (
            ("no_such_field", "case", "is no field of"),
            ("partner_id.no_such_field", "case", "is no field of"),
            ("partner_id.name", "customer", "is no field of"),
            ("name.length", "case", "leads no further"),
            ("image_1920", "customer", "cannot be shown as text"),
            ("properties", "case", "cannot be shown as text"),
            ("access_token", "case", "not for agents"),
            ("signup_type", "customer", "not for agents"),
            ("invoice_ids.name", "customer", "agents may not read"),
            ("invoice_ids", "customer", "agents may not read"),
            ("sale_order_count", "customer", "not for agents"),
            ("__class__", "case", "is no field of"),
            (" ", "case", "which field"),
        ):
            with self.subTest(path=path), self.assertRaisesRegex(ValidationError, reason):
                self._fact(path, section=section)
        fact = self._fact("name")
        with self.assertRaisesRegex(ValidationError, "leads no further"):
            fact.path = "name.name"

    def test_a_fact_that_broke_later_shows_nothing_and_says_so_in_the_settings(self):
        fact = self._fact("name")
        self.env.cr.execute(
            "UPDATE customer_service_panel_fact SET path = 'gone.field' WHERE id = %s", (fact.id,)
        )
        fact.invalidate_recordset()
        self.assertIn("is no field", fact.problem)
        self.assertFalse(self._shown())

    def test_other_cases_are_shown_to_those_who_may_read_them(self):
        hidden = self._create_case(
            name="Secret matter", user_id=self.supervisor.id, team_id=self.other_team.id
        )
        self._create_case(name="Mine too", user_id=self.agent_own.id)
        self._fact("case_ids.name", section="customer")
        self._fact("case_ids", section="customer")
        hidden.sudo().name  # noqa: B018 - in memory already
        shown = self._shown(user=self.agent_own)
        for value in shown.values():
            self.assertNotIn("Secret", value)
            self.assertIn("Mine too", value)
        self.env.invalidate_all()
        for value in self._shown(user=self.supervisor).values():
            self.assertIn("Secret", value)

    def test_facts_of_another_company_are_not_shown(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._fact("name", company_id=other.id)
        self.assertFalse(self._shown())

    def test_the_settings_show_what_the_newest_case_has(self):
        self.customer.country_id = self.env.ref("base.pl")
        fact = self._fact("country_id.name", section="customer")
        self.assertEqual(fact.example, "Poland")

    def test_the_settings_say_in_words_what_a_path_leads_to(self):
        fact = self.env["customer.service.panel.fact"].new(
            {"name": "Country", "section": "customer", "path": "country_id.name"}
        )
        self.assertEqual(fact.path_label, "Customer › Country › Country Name")
        fact.path = "country_id.gone"
        self.assertEqual(fact.path_label, "Customer › Country › gone")
        fact.path = False
        self.assertFalse(fact.path_label)

    def test_only_administrators_choose_facts(self):
        values = {"name": "Number", "section": "case", "path": "number"}
        self.Fact.with_user(self.administrator).create(values)
        for user in (self.supervisor, self.agent_own, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Fact.with_user(user).create(values)
        with self.assertRaises(AccessError):
            self.Fact.with_user(self.portal_user).search([])


@tagged("post_install", "-at_install")
class TestAlert(PanelCommon):
    """Rules for what nobody may overlook."""

    def test_alerts_are_in_the_order_of_the_rules_with_colour_and_word(self):
        self._alert(name="Second", text="2", sequence=2, color="info")
        self._alert(name="First", text="1", sequence=1, color="danger")
        self._alert(name="Never", text="3", sequence=0, domain="[('priority', '=', '3')]")
        alerts = self._alerts()
        self.assertEqual([alert["word"] for alert in alerts], ["First", "Second"])
        self.assertEqual([alert["kind"] for alert in alerts], ["danger", "info"])

    def test_a_rule_about_the_case_looks_at_this_case(self):
        self._alert(domain="[('priority', '=', '3')]", text="{{ object.number }} is urgent")
        self.assertFalse(self._texts())
        self.case.priority = "3"
        self.assertEqual(self._texts(), [f"{self.case.number} is urgent"])
        self.assertFalse(self._texts(self._create_case(user_id=self.agent_own.id)))

    def test_a_rule_about_the_customer_looks_at_person_and_company(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        domain = f"[('category_id', 'in', [{tag.id}])]"
        self._alert(about="customer", domain=domain, text="Gold")
        self.assertFalse(self._texts())
        self.customer_company.category_id = tag
        self.assertEqual(self._texts(), ["Gold"])
        self.customer.category_id = tag
        self.assertEqual(self._texts(), ["Gold"], "once, though both have it")
        self.assertFalse(
            self._texts(self._create_case(partner_id=False, user_id=self.agent_own.id))
        )

    def test_a_rule_about_orders_names_each_of_the_customers_orders(self):
        self._alert(
            about="order", domain="[('state', '=', 'sale')]", text="{{ object.name }} confirmed"
        )
        orders = [self._create_order(self.colleague) for _ in range(2)]
        other = self._create_order(self.other_customer)
        for order in (*orders, other):
            order.action_confirm()
        alerts = self._alerts()
        self.assertEqual(
            [alert["text"] for alert in alerts],
            [f"{order.name} confirmed" for order in reversed(orders)],
        )
        self.assertEqual(alerts[0]["res_id"], orders[1].id)

    def test_an_agent_is_told_of_an_unpaid_invoice_without_a_way_to_it(self):
        self.env.ref("customer_service.alert_unpaid_invoice").active = True
        self.assertFalse(self._texts())
        product = self.env["product.product"].create({"name": "Lamp", "type": "service"})
        line = {"product_id": product.id, "quantity": 1, "price_unit": 40.0, "tax_ids": False}
        invoice = self._invoice(self.colleague, invoice_line_ids=[(0, 0, line)])
        invoice.action_post()
        self.assertFalse(
            self.env["account.move"].with_user(self.agent_own).has_access("read"),
            "agents have no right to invoices",
        )
        (alert,) = self._alerts()
        self.assertIn(invoice.name, alert["text"])
        self.assertIn("40.00", alert["text"])
        self.assertTrue(invoice.is_past_due)
        self.assertFalse(alert["model"] or alert["res_id"])
        other = self._create_case(partner_id=self.other_customer.id, user_id=self.agent_own.id)
        self.assertFalse(self._texts(other))

    def test_an_order_is_late_until_all_of_it_is_delivered(self):
        self.env.ref("customer_service.alert_late_order").active = True
        order = self._create_order(self.customer)
        order.action_confirm()
        order.commitment_date = fields.Datetime.now() + timedelta(days=1)
        self.assertFalse(self._texts())
        order.commitment_date = fields.Datetime.now() - timedelta(days=1)
        self.assertIn(order.name, self._texts()[0])
        self.assertTrue(order.has_undelivered)
        self.assertTrue(order.is_late)
        order.order_line.qty_delivered = 1
        self.assertFalse(order.has_undelivered)
        self.assertFalse(order.is_late)
        self.assertFalse(self._texts())
        for name in ("has_undelivered", "is_late"):
            self.assertFalse(order.search([("id", "=", order.id), (name, "=", True)]))
            self.assertTrue(order.search([("id", "=", order.id), (name, "=", False)]))

    def test_the_other_ready_examples(self):
        for name in ("alert_vip", "alert_blocked", "alert_sale_warning"):
            self.env.ref(f"customer_service.{name}").active = True
        self.customer.category_id = self.env.ref("customer_service.partner_tag_vip")
        self.customer_company.category_id = self.env.ref("customer_service.partner_tag_blocked")
        self.customer_company.sale_warn_msg = "Pays in advance"
        alerts = self._alerts()
        self.assertEqual([alert["word"] for alert in alerts], ["Blocked", "VIP", "Warning"])
        self.assertEqual(alerts[2]["text"], "Pays in advance")

    def test_rules_of_teams_and_companies_stay_there(self):
        self._alert(text="Ours", team_ids=[(6, 0, self.team.ids)])
        self._alert(text="Theirs", team_ids=[(6, 0, self.other_team.ids)])
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._alert(text="Elsewhere", company_id=other.id)
        self.assertEqual(self._texts(), ["Ours"])
        with self.assertRaisesRegex(ValidationError, "another company"):
            self._alert(company_id=other.id, team_ids=[(6, 0, self.team.ids)])

    def test_what_the_agent_may_not_see_raises_no_alert(self):
        self._alert(
            about="customer", domain="[('case_ids.priority', '=', '3')]", text="Has an urgent case"
        )
        hidden = self._create_case(
            priority="3", user_id=self.supervisor.id, team_id=self.other_team.id
        )
        self.assertEqual(self._texts(user=self.supervisor), ["Has an urgent case"])
        hidden.sudo().priority  # noqa: B018 - in memory already
        self.assertFalse(self._texts(user=self.agent_own))

    def test_placeholders_show_only_what_the_agent_may_see(self):
        self._alert(about="customer", text="Also: {{ object.case_ids.name ||| nothing }}")
        self.case.name = "Mine"
        self._create_case(
            name="Secret", user_id=self.supervisor.id, team_id=self.other_team.id
        )
        self.assertEqual(self._texts(user=self.agent_own)[0], "Also: Mine")

    def test_rules_that_cannot_work_are_refused_with_the_reason(self):
        for values, reason in (
            ({"domain": "[('no_such_field', '=', 1)]"}, "is no field of"),
            ({"domain": "[('partner_id.no_such_field', '=', 1)]"}, "is no field of"),
            ({"domain": "[('partner_id', 'any', [('nothing', '=', 1)])]"}, "is no field of"),
            ({"domain": "[('id', '=', uid)]"}, "not right: they must be .* without expressions"),
            ({"domain": "__import__('os')"}, "conditions are not right"),
            ({"domain": "[('id', '=', 1)"}, "conditions are not right"),
            ({"domain": "'nothing'"}, "conditions are not right"),
            ({"domain": "[('priority', 'near', '3')]"}, "conditions are not right"),
            ({"domain": "[('date_deadline', '<', 'someday')]"}, "."),
            ({"domain": "[('partner_id.invoice_ids.name', '=', 'x')]"}, "agents may not read"),
            ({"domain": "[('access_token', '=', 'x')]"}, "not for agents"),
            ({"domain": "[('alerts', '=', 'x')]"}, "cannot be shown"),
            ({"text": "{{ object.no_such_field }}"}, "is no field of"),
            ({"text": "{{ object.access_token }}"}, "not for agents"),
            ({"text": "{{ env.user.password }}"}, "must begin with"),
            (
                {"about": "invoice", "domain": "[('partner_id.case_ids.priority', '=', '3')]"},
                "their own part only",
            ),
            (
                {"about": "invoice", "text": "{{ object.partner_id.case_ids.name }}"},
                "their own part only",
            ),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, reason),
                self.env.cr.savepoint(),
            ):
                self._alert(**values)

    def test_a_rule_that_broke_later_is_shown_to_administrators_only(self):
        self._alert(text="Works", sequence=2)
        for domain in (
            "[('gone', '=', 1)]",
            "[('name', '=', ",
            "[('reopen_count', '=', 'abc')]",
            "[('last_customer_message_date', '<', 'abc')]",
        ):
            rule = self._alert(name="Old rule", sequence=1)
            self.env.cr.execute(
                "UPDATE customer_service_alert SET domain = %s WHERE id = %s", (domain, rule.id)
            )
            rule.invalidate_recordset()
            with self.subTest(domain=domain):
                self.assertEqual(self._texts(user=self.agent_own), ["Works"])
                broken, works = self._alerts(user=self.administrator)
                self.assertEqual(works["text"], "Works")
                self.assertEqual(broken["word"], "Broken")
                self.assertIn("Old rule", broken["text"])
                self.assertEqual(broken["res_id"], rule.id)
            rule.unlink()

    def test_nothing_of_the_user_is_lost_when_a_rule_breaks(self):
        rule = self._alert()
        self.env.cr.execute(
            "UPDATE customer_service_alert SET domain = %s WHERE id = %s",
            ("[('reopen_count', '=', 'abc')]", rule.id),
        )
        rule.invalidate_recordset()
        case = self.case.with_user(self.agent_own)
        case.name = "Changed, not written yet"
        self.assertFalse(case.alerts)
        self.env.invalidate_all()
        self.assertEqual(case.name, "Changed, not written yet")

    def test_alerts_follow_the_customer_before_anything_is_saved(self):
        self._alert(about="customer", text="Hello {{ object.name }}")
        changed = self.Case.with_user(self.agent_own).onchange(
            {"partner_id": self.other_customer.id, "team_id": self.team.id},
            ["partner_id"],
            {"partner_id": {}, "alerts": {}, "customer_facts": {}, "sticky_notes": {}},
        )
        self.assertEqual(changed["value"]["alerts"][0]["text"], "Hello Bob Baker")

    def test_the_preview_is_filled_with_the_newest_that_fits(self):
        rule = self._alert(about="customer", domain="[]", text="Hello {{ object.name }}")
        newest = self.env["res.partner"].create({"name": "Newest"})
        rule.invalidate_recordset(["preview"])
        self.assertEqual(rule.preview[0]["text"], f"Hello {newest.name}")
        rule = self._alert(about="invoice", text="{{ object.name }} unpaid")
        self.assertEqual(
            rule.with_user(self.administrator).preview[0]["text"],
            "… unpaid",
            "nothing of invoices for whom may not read them",
        )

    def test_only_administrators_make_rules(self):
        values = {"name": "Word", "text": "Sentence"}
        self.Alert.with_user(self.administrator).create(values)
        for user in (self.supervisor, self.agent_own, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Alert.with_user(user).create(values)
        with self.assertRaises(AccessError):
            self.Alert.with_user(self.portal_user).search([])

    @users("cs_agent_own")
    def test_portal_users_read_nothing_of_the_panel(self):
        case = self.case.with_user(self.portal_user)
        case.check_access("read")
        for name in ("alerts", "customer_facts", "case_facts", "sticky_notes", "sticky_note_ids"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                case.read([name])
        partner = self.customer.with_user(self.portal_user)
        with self.assertRaises(AccessError):
            partner.read(["sticky_note_ids"])


@tagged("post_install", "-at_install")
class TestStickyNote(PanelCommon):
    """A few words that stick to a case or a customer."""

    def _notes(self, case=None, user=None):
        case = (case or self.case).with_user(user or self.agent_own)
        case.invalidate_recordset(["sticky_notes"])
        return {
            place["place"]: [note["text"] for note in place["notes"]]
            for place in case.sticky_notes
        }

    def _keep(self, case=None, user=None, **values):
        return (case or self.case).with_user(user or self.agent_own).keep_sticky_note(values)

    def test_a_note_on_the_customer_is_on_each_of_their_cases(self):
        other = self._create_case(user_id=self.agent_own.id)
        colleague = self._create_case(partner_id=self.colleague.id, user_id=self.agent_own.id)
        self._keep(place="case", text="This parcel")
        self._keep(place="customer", text="Hard of hearing")
        self._keep(place="company", text="Pays late", color="pink")
        self.assertEqual(
            self._notes(),
            {"case": ["This parcel"], "customer": ["Hard of hearing"], "company": ["Pays late"]},
        )
        self.assertEqual(
            self._notes(other),
            {"case": [], "customer": ["Hard of hearing"], "company": ["Pays late"]},
        )
        self.assertEqual(
            self._notes(colleague), {"case": [], "customer": [], "company": ["Pays late"]}
        )

    def test_author_and_time_are_those_of_the_last_words(self):
        self._keep(place="customer", text="First")
        note = self.Note.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(note.user_id, self.agent_own)
        note.date = "2020-01-01"
        other = self._create_case(user_id=self.agent_team.id)
        self._keep(other, self.agent_team, id=note.id, text="Second", color="blue")
        self.assertEqual((note.text, note.color), ("Second", "blue"))
        self.assertEqual(note.user_id, self.agent_team)
        self.assertGreater(note.date.year, 2020)
        for values in ({"user_id": self.supervisor.id}, {"date": "2020-01-01"}):
            with self.assertRaises(AccessError):
                note.with_user(self.agent_team).write(values)

    def test_a_note_is_taken_off_and_put_back(self):
        places = self._keep(place="case", text="Fragile")
        note_id = places[0]["notes"][0]["id"]
        places = self._keep(id=note_id, active=False)
        self.assertFalse(places[0]["notes"])
        places = self._keep(id=note_id, active=True)
        self.assertEqual(places[0]["notes"][0]["text"], "Fragile")

    def test_notes_of_other_cases_and_customers_are_out_of_reach(self):
        hidden = self._create_case(
            partner_id=self.other_customer.id,
            user_id=self.supervisor.id,
            team_id=self.other_team.id,
        )
        self._keep(hidden, self.supervisor, place="case", text="Secret")
        self._keep(hidden, self.supervisor, place="customer", text="On Bob")
        secret = self.Note.search([("case_id", "=", hidden.id)])
        on_bob = self.Note.search([("partner_id", "=", self.other_customer.id)])
        with self.assertRaises(AccessError):
            secret.with_user(self.agent_own).read(["text"])
        self.assertNotIn(secret, self.Note.with_user(self.agent_own).search([]))
        for note in (secret, on_bob):
            with self.assertRaises(UserError):
                self._keep(id=note.id, text="Changed")
        with self.assertRaises(AccessError):
            self._keep(hidden, place="case", text="Mine")
        with self.assertRaises(AccessError):
            self.Note.with_user(self.agent_own).create({"text": "Mine", "case_id": hidden.id})
        with self.assertRaises(AccessError):
            self.Note.with_user(self.agent_own).with_context(default_case_id=hidden.id).create(
                {"text": "Mine"}
            )
        on_bob.with_user(self.agent_own).check_access("write")

    def test_refusals(self):
        case = self._create_case(partner_id=False, user_id=self.agent_own.id)
        with self.assertRaisesRegex(UserError, "no customer"):
            self._keep(case, place="customer", text="Whose?")
        with self.assertRaisesRegex(ValidationError, "needs some words"):
            self._keep(place="case", text="  ")
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._keep(user=user, place="case", text="Hello")
            with self.assertRaises(AccessError):
                self.Note.with_user(user).search([])

    def test_a_merge_of_customers_keeps_both_notes(self):
        double = self.env["res.partner"].create({"name": "A. Kowalska"})
        self.Note.create({"partner_id": self.customer.id, "text": "One"})
        self.Note.create({"partner_id": double.id, "text": "Two"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | double).ids, self.customer)
        notes = self.Note.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(notes.mapped("text"), ["One", "Two"])

    def test_the_caller_card_has_alerts_and_notes(self):
        self._alert(about="customer", text="Hello {{ object.name }}", color="info")
        self._alert(about="case", text="{{ object.number }}")
        self._keep(place="case", text="This parcel")
        self._keep(place="customer", text="Hard of hearing")
        interaction = self.env["customer.service.interaction"].with_user(self.agent_own)
        card = interaction.caller_card("res.partner", self.customer.id)
        self.assertEqual(
            [alert["text"] for alert in card["alerts"]],
            ["Hello Anna Kowalska", "Hello Lampy Kowalska"],
        )
        self.assertEqual([note["text"] for note in card["sticky_notes"]], ["Hard of hearing"])
        card = interaction.caller_card("customer.service.case", self.case.id)
        self.assertIn(self.case.number, [alert["text"] for alert in card["alerts"]])
        self.assertEqual(
            [note["text"] for note in card["sticky_notes"]], ["This parcel", "Hard of hearing"]
        )


@tagged("post_install", "-at_install")
class TestPanelQueries(PanelCommon):
    """Facts and alerts cost what reading costs, however many there are."""

    PANEL = ("alerts", "customer_facts", "case_facts", "sticky_notes")

    def _read(self):
        return self.case.with_user(self.agent_own).read(self.PANEL)

    def _queries(self):
        self._read()
        self.env.flush_all()
        self.env.invalidate_all()
        self.case.with_user(self.agent_own).read(["name", "partner_id"])
        before = self.cr.sql_log_count
        self._read()
        return self.cr.sql_log_count - before

    def _fill(self, count):
        for index in range(count):
            about = ("case", "customer", "order", "invoice")[index % 4]
            self._alert(about=about, text=f"{index} {{{{ object.display_name }}}}")
        paths = (
            "partner_id.country_id.name",
            "partner_id.category_id.name",
            "partner_id.commercial_partner_id.name",
            "sale_order_id.commitment_date",
            "sale_order_id.user_id.name",
            "sale_order_id.amount_total",
            "team_id.name",
            "name",
            "number",
            "type_id.name",
        )
        for index in range(count):
            self._fact(paths[index % len(paths)])

    @warmup
    def test_twenty_facts_and_alerts_cost_little_more_than_ten(self):
        self.case.sale_order_id = self._create_order(self.customer)
        self.Note.create({"case_id": self.case.id, "text": "Sticky"})
        self._fill(10)
        few = min(self._queries(), self._queries())  # the first one fills caches of the host
        self._fill(10)
        many = self._queries()
        self.assertEqual(many, few)
        self.assertLessEqual(many, PANEL_QUERIES)

    @warmup
    def test_many_cases_cost_no_query_each(self):
        self._fill(10)
        cases = self.case | self.Case.concat(
            *(
                self._create_case(partner_id=partner.id, user_id=self.agent_own.id)
                for partner in (self.customer, self.colleague, self.other_customer)
            )
        )

        def queries(cases):
            cases = cases.with_user(self.agent_own)
            cases.read(self.PANEL)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            cases.read(self.PANEL)
            return self.cr.sql_log_count - before

        self.assertLessEqual(queries(cases), queries(self.case) + 2)

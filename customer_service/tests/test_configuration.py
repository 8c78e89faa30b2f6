from odoo.tests import Form, tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestConfiguration(CustomerServiceCommon):
    """What an administrator sets up in the back office."""

    def test_an_administrator_makes_a_team_with_an_alias(self):
        form = Form(self.env["customer.service.team"].with_user(self.administrator))
        form.name = "Repairs"
        form.alias_name = "repairs"
        team = form.save()
        self.assertEqual(team.address, f"repairs@{self.alias_domain}")

    def test_a_team_takes_the_address_of_its_own_mailbox(self):
        form = Form(self.team.with_user(self.administrator))
        form.mailbox = "Help@Lamps.example"
        self.assertEqual(form.save().address, "help@lamps.example")

    def test_an_administrator_makes_each_kind_of_word(self):
        for model in (
            "customer.service.stage",
            "customer.service.case.type",
            "customer.service.tag",
            "customer.service.channel",
        ):
            with self.subTest(model=model):
                form = Form(self.env[model].with_user(self.administrator))
                form.name = "A new word"
                self.assertTrue(form.save().active)

    def test_extra_fields_defined_on_the_type_are_on_its_cases(self):
        case_type = self.env["customer.service.case.type"].create({"name": "Repair"})
        case_type.with_user(self.administrator).write(
            {
                "sample_properties": [
                    {
                        "name": "serial",
                        "type": "char",
                        "string": "Serial number",
                        "definition_changed": True,
                    }
                ]
            }
        )
        case = self._create_case(type_id=case_type.id, properties={"serial": "L-17"})
        definition = case.read(["properties"])[0]["properties"]
        self.assertEqual(
            [(field["string"], field["value"]) for field in definition],
            [("Serial number", "L-17")],
        )

    def test_a_server_for_a_team_makes_cases(self):
        form = Form(self.env["fetchmail.server"])
        form.name = "Mailbox of the returns desk"
        form.customer_service_team_id = self.other_team
        self.assertEqual(form.object_id.model, "customer.service.case")

    def test_the_menus_open_for_those_they_are_for(self):
        configuration = self.env.ref("customer_service.menu_configuration")
        people = self.env.ref("customer_service.menu_identities")
        menu = self.env["ir.ui.menu"]
        agent_menus = menu.with_user(self.agent_team)._visible_menu_ids()
        self.assertNotIn(configuration.id, agent_menus)
        self.assertIn(people.id, agent_menus)
        self.assertIn(configuration.id, menu.with_user(self.administrator)._visible_menu_ids())

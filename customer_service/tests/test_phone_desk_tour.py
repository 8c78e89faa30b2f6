"""Recording a call in a real browser, with the keyboard only."""

from unittest.mock import patch

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_interaction import InteractionCommon


@tagged("post_install", "-at_install")
class TestPhoneDeskTour(InteractionCommon, HttpCase):
    def _interactions(self):
        return self.Interaction.search([("request_key", "!=", False)])

    def _tour(self, name, path="/odoo/phone-desk", login="cs_agent_team"):
        self.start_tour(path, f"customer_service_phone_desk_{name}_tour", login=login)

    def test_customer_who_never_called_is_found_and_recorded_within_twelve_keys(self):
        self._tour("known")
        interaction = self._interactions()
        self.assertEqual(interaction.partner_id, self.customer)
        self.assertEqual(interaction.channel_id, self.phone)
        self.assertEqual(interaction.user_id, self.agent_team)
        self.assertEqual(interaction.phone, "601-234-567")
        self.assertGreater(interaction.duration, 0)
        case = interaction.action_ids.case_id
        self.assertEqual(case.name, "Lamp flickers")
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.status, "resolved")
        self.assertEqual(case.resolve_user_id, self.agent_team)
        handling = interaction.handling_ids
        self.assertEqual((handling.state, handling.case_id), ("stopped", case))

    def test_unknown_caller_with_two_matters_and_a_follow_up(self):
        self._tour("unknown")
        interaction = self._interactions()
        self.assertEqual(len(interaction), 1, "pressed twice, recorded once")
        self.assertEqual(interaction.identity_id.name, "Jan Zielony")
        self.assertEqual(interaction.identity_id.phone, "0601 999 888")
        self.assertEqual(interaction.identity_id.email, "jan@zielony.example")
        solved, open_case = interaction.action_ids.case_id.sorted("id")
        self.assertEqual(solved.status, "resolved")
        self.assertEqual(open_case.status, "open")
        self.assertEqual(open_case.follow_up, "Ask the shop and call back")
        self.assertEqual(open_case.identity_id, interaction.identity_id)

    def test_order_of_somebody_else_is_repaired_before_it_is_recorded(self):
        order = self._create_order(self.customer, name="FOREIGN1")
        self._tour("mismatch")
        interaction = self._interactions()
        self.assertEqual(interaction.partner_id, self.customer)
        self.assertEqual(interaction.action_ids.case_id.sale_order_id, order)

    def test_number_of_the_telephone_system_opens_the_caller(self):
        case = self._create_case()
        self._tour("incoming", "/customer_service/call?number=%2B48601234567")
        interaction = self._interactions()
        self.assertEqual(interaction.partner_id, self.customer)
        self.assertEqual(interaction.action_ids.case_id, case)
        self.assertEqual(case.follow_up, "Ask the carrier")
        self.assertEqual(case.status, "open")

    def test_recording_from_the_form_of_a_case(self):
        case = self._create_case()
        self._tour("from_case", f"/odoo/cases/{case.id}")
        self.assertEqual(self._interactions().action_ids.case_id, case)
        self.assertEqual(case.status, "resolved")

    def test_what_the_server_refuses_loses_nothing(self):
        refusal = UserError("The shop is closed")

        @api.model
        def refuse(self, values):
            raise refusal

        with patch.object(self.registry["customer.service.interaction"], "record", refuse):
            self._tour("error")
        self.assertFalse(self._interactions())

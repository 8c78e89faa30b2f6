"""The information panel in a real browser."""

from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_case_panel import PanelCommon


@tagged("post_install", "-at_install")
class TestCasePanelTour(PanelCommon, HttpCase):
    def test_agent_steps_through_alerts_and_writes_notes(self):
        self.case.name = "Where is my lamp?"
        for index, (word, color) in enumerate(
            (("Blocked", "danger"), ("Late", "warning"), ("VIP", "info"))
        ):
            self._alert(
                name=word, text=f"About {word}", color=color, sequence=index, about="customer"
            )
        self._fact("lang", section="customer", name="Speaks")
        self._fact("number", name="Our number")
        note = self.Note.create({"partner_id": self.customer_company.id, "text": "Pays late"})
        self.start_tour(
            f"/odoo/customer.service.case/{self.case.id}",
            "customer_service_case_panel_tour",
            login="cs_agent_own",
        )
        notes = self.Note.with_context(active_test=False).search([])
        self.assertEqual(
            {(note.text, note.color, note.active) for note in notes},
            {("This parcel is fragile", "green", True), ("Pays late", "yellow", True)},
        )
        self.assertEqual((notes - note).case_id, self.case)
        self.assertEqual((notes - note).user_id, self.agent_own)

    def test_administrator_makes_a_fact_and_an_alert(self):
        self.case.name = "Where is my lamp?"
        self.start_tour(
            "/odoo/action-customer_service.customer_service_alert_action",
            "customer_service_alert_settings_tour",
            login="cs_administrator",
        )
        alert = self.Alert.search([])
        self.assertEqual((alert.name, alert.color, alert.about), ("Hello", "info", "customer"))
        self.assertEqual(
            [alert["text"] for alert in self._alerts()],
            ["We know Anna Kowalska", "We know Lampy Kowalska"],
        )

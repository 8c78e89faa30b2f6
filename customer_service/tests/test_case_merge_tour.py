from odoo.tests import HttpCase, tagged

from .test_case_merge import MergeCommon


@tagged("post_install", "-at_install")
class TestCaseMergeTour(MergeCommon, HttpCase):
    """An agent makes one case of two, and two of one, in a real browser."""

    def test_agent_merges_undoes_and_merges_again(self):
        case = self._receive(self._mail("The first time", Subject="Where is my lamp?"))
        again = self._receive(self._mail("And the second time", Subject="Lamp again"))
        self.start_tour("/odoo/cases", "customer_service_case_merge_tour", login="cs_agent_team")
        self.assertEqual(again.merged_into_id, case)
        self.assertEqual(case.message_count, 2)

    def test_merged_case_leads_on(self):
        case = self._receive(self._mail("The first time", Subject="Where is my lamp?"))
        again = self._receive(self._mail("And the second time", Subject="Lamp again"))
        self._merge(case, again)
        self.start_tour(
            f"/odoo/cases/{again.id}", "customer_service_merged_case_tour", login="cs_agent_team"
        )

    def test_agent_splits_a_message_off_and_brings_it_back(self):
        case = self._receive(self._mail("Where is my lamp?", Subject="My order"))
        self._customer_writes(case, "And my invoice is wrong")
        self.start_tour(
            f"/odoo/cases/{case.id}", "customer_service_split_tour", login="cs_agent_team"
        )
        self.assertEqual(case.message_count, 2)

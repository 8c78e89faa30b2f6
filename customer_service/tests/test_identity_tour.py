from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_identity import IdentityCommon


@tagged("post_install", "-at_install")
class TestIdentityTour(IdentityCommon, HttpCase):
    """A supervisor says who called, and takes it back, in a real browser."""

    def test_candidate_is_ticked_and_the_match_undone_then_the_address_is_certain(self):
        self._create_identity(name="A. Kowalska")
        identity = self._create_identity(name="Anna Kowalska", phone="+48601234567")
        case = self._create_case(partner_id=False, identity_id=identity.id)
        self._commit()
        self.start_tour(
            f"/odoo/customer.service.identity/{identity.id}",
            "customer_service_identity_tour",
            login="cs_supervisor",
        )
        self.assertEqual(case.partner_id, self.other_customer)
        self.assertEqual(identity.match_log_ids.mapped("state"), ["confirmed", "undone"])

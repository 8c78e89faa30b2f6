"""What a customer sees of the family of a request: their own, and nothing else."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalFamily(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.use_hierarchy = True
        cls.parent = cls._create_case(name="Depot closed", partner_id=False)
        cls.case.parent_id = cls.parent
        cls.second = cls._create_case(name="Second parcel", parent_id=cls.parent.id)
        cls.other_case.parent_id = cls.parent
        cls.colleague_case.parent_id = cls.parent

    def test_customer_sees_their_own_siblings_only(self):
        self._login(self.portal_user)
        page = self._get(self.case.access_url).text
        self.assertIn("Belongs together with", page)
        self.assertIn("Second parcel", page)
        self.assertIn(self.second.access_url, page)
        for hidden in ("Depot closed", self.parent.number, "Wholesale?", "Bob's lamp"):
            self.assertNotIn(hidden, page)

    def test_whoever_sees_all_of_the_company_sees_its_siblings(self):
        self.customer.portal_company_cases = True
        self._login(self.portal_user)
        page = self._get(self.case.access_url).text
        self.assertIn("Wholesale?", page)
        self.assertNotIn("Bob's lamp", page)

    def test_own_parent_is_shown_to_its_children(self):
        self.parent.with_context(other_customer_agreed=True).partner_id = self.customer
        self._login(self.portal_user)
        self.assertIn("Depot closed", self._get(self.case.access_url).text)

    def test_other_customer_sees_none_of_it(self):
        self._login(self.portal_other)
        self.assertNotIn("Belongs together", self._get(self.other_case.access_url).text)

    def test_signed_link_opens_one_case_and_names_no_other(self):
        token = self.case._portal_ensure_token()
        for user in (None, self.portal_other):
            self._login(user)
            page = self._get(self.case.access_url, access_token=token).text
            self.assertIn(self.case.name, page)
            self.assertNotIn("Second parcel", page)

    def test_portal_user_reads_no_family_over_the_api(self):
        case = self.case.with_user(self.portal_user)
        for name in ("child_count", "parent_number", "parent_agreed_user_id", "use_hierarchy"):
            with self.subTest(name), self.assertRaises(AccessError):
                case.read([name])

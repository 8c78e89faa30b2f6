from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestIdentity(CustomerServiceCommon):
    """An unregistered person turns out to be a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Identity = cls.env["customer.service.identity"]

    def _create_identity(self, **values):
        return self.Identity.create({"company_id": self.company_admin.id, **values})

    def test_the_match_moves_all_cases_even_those_the_agent_cannot_see(self):
        identity = self._create_identity(name="A. Kowalska", email="private@anna.example")
        cases = self._create_case(
            partner_id=False, identity_id=identity.id, user_id=self.agent_own.id
        )
        cases |= self._create_case(
            partner_id=False, identity_id=identity.id, user_id=self.supervisor.id
        )
        cases |= self._create_case(partner_id=False, identity_id=identity.id, active=False)
        identity.with_user(self.agent_own).action_become(self.customer.id)
        self.assertEqual(identity.partner_id, self.customer)
        self.assertEqual(cases.partner_id, self.customer)

    def test_a_match_is_permanent(self):
        identity = self._create_identity(name="A. Kowalska")
        identity.action_become(self.customer.id)
        identity.action_become(self.customer.id)
        with self.assertRaises(UserError):
            identity.action_become(self.other_customer.id)

    def test_the_likeliest_customer_is_proposed_with_the_reason(self):
        for values, customer, reason in (
            ({"email": "ANNA@lampy.example", "name": "Bob Baker"}, self.customer, "email"),
            ({"phone": "+48601234567", "name": "Bob Baker"}, self.customer, "phone"),
            ({"name": "Bob Baker", "email": "new@baker.example"}, self.other_customer, "name"),
        ):
            with self.subTest(reason=reason):
                identity = self._create_identity(**values).with_user(self.agent_own)
                context = identity.action_match_customer()["context"]
                self.assertEqual(context["default_partner_id"], customer.id)
                self.assertIn(reason, context["default_reason"])

    def test_nobody_is_proposed_for_a_stranger(self):
        context = self._create_identity(name="Zoe Stranger").action_match_customer()["context"]
        self.assertFalse(context["default_partner_id"])

    def test_the_agent_confirms_in_a_dialog(self):
        identity = self._create_identity(email="bob@baker.example").with_user(self.agent_own)
        action = identity.action_match_customer()
        match = self.env[action["res_model"]].with_user(self.agent_own)
        form = Form(match.with_context(**action["context"]))
        self.assertEqual(form.partner_id, self.other_customer)
        form.partner_id = self.customer
        form.save().action_confirm()
        self.assertEqual(identity.partner_id, self.customer)

    def test_a_new_contact_is_made_of_what_the_person_told(self):
        identity = self._create_identity(
            name="Zoe Stranger", email="zoe@stranger.example", zip="00-950"
        )
        case = self._create_case(partner_id=False, identity_id=identity.id)
        action = identity.with_user(self.agent_own).action_create_customer()
        partner = self.env["res.partner"].browse(action["res_id"])
        self.assertEqual(case.partner_id, partner)
        self.assertEqual(
            (partner.name, partner.email, partner.zip),
            ("Zoe Stranger", "zoe@stranger.example", "00-950"),
        )

    def test_no_second_contact_is_made_for_a_known_address(self):
        identity = self._create_identity(name="Annie", email="anna@lampy.example")
        action = identity.action_create_customer()
        self.assertEqual(action["res_id"], self.customer.id)

    def test_a_person_of_whom_nothing_is_known_cannot_become_a_contact(self):
        with self.assertRaises(UserError):
            self._create_identity(phone="+48 22 555 00 00").action_create_customer()

    def test_a_contact_of_another_company_cannot_be_the_person(self):
        abroad = self.env["res.company"].create({"name": "Lamps Abroad"})
        partner = self.env["res.partner"].create({"name": "Carl", "company_id": abroad.id})
        identity = self._create_identity(name="Carl")
        self._create_case(partner_id=False, identity_id=identity.id)
        self.assertFalse(identity.action_match_customer()["context"]["default_partner_id"])
        with self.assertRaises(UserError):
            identity.action_become(partner.id)

"""What the customer told of the product, what one of us verified, and the answer that waits."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .common import CustomerServiceCommon


class ProductCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp, cls.desk_lamp = cls.env["product.product"].create(
            [{"name": "Lamp"}, {"name": "Desk lamp"}]
        )
        cls.strict_type = cls.env["customer.service.case.type"].create(
            {"name": "Repair", "require_verified_product": True}
        )
        cls.case = cls._create_case(
            type_id=cls.strict_type.id, product_id=cls.lamp.id, product_version="L-2"
        )

    def _as_agent(self, case=None):
        return (case or self.case).with_user(self.agent_team)


@tagged("post_install", "-at_install")
class TestCaseProduct(ProductCommon):
    # ------------------------------------------------------------------------------------------
    # Told and verified are two things
    # ------------------------------------------------------------------------------------------

    @users("cs_agent_team")
    def test_verifying_takes_over_what_the_customer_told(self):
        case = self.case.with_env(self.env)
        case.action_verify_product()
        self.assertEqual(case.verified_product_id, self.lamp)
        self.assertEqual(case.verified_version, "L-2")
        self.assertFalse(case.product_differs)

    @users("cs_agent_team")
    def test_what_the_customer_told_stays_when_something_else_is_verified(self):
        case = self.case.with_env(self.env)
        case.write({"verified_product_id": self.desk_lamp.id, "verified_version": "L-3"})
        self.assertEqual((case.product_id, case.product_version), (self.lamp, "L-2"))
        self.assertTrue(case.product_differs)

    def test_case_and_blanks_of_a_version_make_no_difference(self):
        self.case.write({"verified_product_id": self.lamp.id, "verified_version": " l-2 "})
        self.assertFalse(self.case.product_differs)

    def test_without_a_product_there_is_nothing_to_verify(self):
        case = self._as_agent(self._create_case())
        with self.assertRaisesRegex(UserError, "Choose the product"):
            case.action_verify_product()

    def test_a_copy_is_not_verified(self):
        self.case.action_verify_product()
        copy = self.case.copy()
        self.assertEqual(copy.product_id, self.lamp)
        self.assertFalse(copy.verified_product_id)

    def test_customers_and_others_verify_nothing(self):
        for user in (self.portal_user, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.case.with_user(user).action_verify_product()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.case.with_user(user).product_to_verify()

    # ------------------------------------------------------------------------------------------
    # The first answer waits
    # ------------------------------------------------------------------------------------------

    def test_the_first_answer_is_refused_until_the_product_is_verified(self):
        with self.assertRaisesRegex(UserError, "Is it Lamp L-2?"):
            self._reply(self.case)
        self.assertFalse(self.case.message_count_agent)
        self._as_agent().action_verify_product()
        self._reply(self.case)
        self.assertEqual(self.case.message_count_agent, 1)

    def test_whoever_does_not_know_the_product_is_told_to_ask(self):
        self.case.product_id = False
        with self.assertRaisesRegex(UserError, "Ask the customer"):
            self._reply(self.case)

    def test_another_product_that_is_verified_will_do(self):
        self.case.verified_product_id = self.desk_lamp
        self.assertTrue(self._reply(self.case))

    def test_an_answer_that_would_leave_later_is_refused_at_once(self):
        with self.assertRaisesRegex(UserError, "verified"):
            self._as_agent()._hold_answer({"body": "<p>Yes</p>"})
        self._as_agent().action_verify_product()
        self.assertTrue(self._as_agent()._hold_answer({"body": "<p>Yes</p>"}))

    def test_the_large_composer_is_refused_too(self):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.agent_team)
            .create(
                {
                    "model": self.case._name,
                    "res_ids": self.case.ids,
                    "body": "<p>Yes</p>",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "verified"):
            composer.action_send_mail()

    def test_an_answer_in_an_agents_name_by_a_machine_is_refused(self):
        with self.assertRaisesRegex(UserError, "verified"):
            self.case.message_post(
                body="Yes",
                author_id=self.agent_team.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def test_notes_and_customers_do_not_wait(self):
        self._note(self.case)
        self._reply(self.case, user=self.portal_user, body="It is the second one.")
        answered = self._mail(In_Reply_To=self.case.message_ids[0].message_id)
        self.assertEqual(self._receive(answered), self.case)
        self.assertEqual(self.case.message_count_customer, 2)

    def test_only_the_first_answer_waits(self):
        case = self._create_case()
        self._reply(case)
        case.type_id = self.strict_type
        self.assertFalse(case.must_verify_product)
        self._reply(case, body="One more thing.")
        self.assertEqual(case.message_count_agent, 2)

    def test_other_types_do_not_ask(self):
        self.case.type_id = self.env["customer.service.case.type"].create({"name": "Question"})
        self.assertFalse(self._as_agent().product_to_verify())
        self.assertTrue(self._reply(self.case))

    # ------------------------------------------------------------------------------------------
    # What the composer knows
    # ------------------------------------------------------------------------------------------

    def test_the_composer_says_what_is_to_be_verified(self):
        told = self._as_agent().composer_data()["product_to_verify"]
        self.assertEqual(told, {"product": "Lamp", "version": "L-2"})
        self._as_agent().action_verify_product()
        self.assertFalse(self._as_agent().composer_data()["product_to_verify"])

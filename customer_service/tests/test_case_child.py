"""A new child of a case, empty or with the content of its parent."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestCaseChild(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.use_hierarchy = True
        cls.order = cls._create_order(cls.customer)
        cls.tag = cls.env["customer.service.tag"].create({"name": "Parcel"})
        cls.case = cls._create_case(
            name="Depot closed",
            sale_order_id=cls.order.id,
            tag_ids=cls.tag.ids,
            description="<p>All facts</p>",
            email_cc="boss@lampy.example",
        )

    def _wizard(self, user=None, clone=False, **values):
        case = self.case.with_user(user or self.agent_team)
        action = case.action_clone_as_child() if clone else case.action_new_child()
        wizard = case.env[action["res_model"]].with_context(**action["context"])
        return wizard.create(values)

    def _create(self, wizard):
        return self.Case.browse(wizard.action_create()["res_id"])

    def test_new_child_has_order_and_customer_of_its_parent(self):
        child = self._create(self._wizard(name="Second parcel"))
        self.assertEqual(child.parent_id, self.case)
        self.assertEqual(child.partner_id, self.customer)
        self.assertEqual(child.sale_order_id, self.order)
        self.assertEqual(child.team_id, self.team)
        self.assertFalse(child.tag_ids)
        self.assertFalse(child.suggested_parent_id)

    def test_new_child_of_another_customer_needs_a_yes(self):
        wizard = self._wizard(name="Theirs", partner_id=self.other_customer.id)
        self.assertTrue(wizard.is_other_customer)
        with self.assertRaisesRegex(UserError, "another customer"):
            wizard.action_create()
        wizard.other_customer_agreed = True
        child = self._create(wizard)
        self.assertEqual(child.partner_id, self.other_customer)
        self.assertEqual(child.parent_agreed_user_id, self.agent_team)
        self.assertFalse(child.sale_order_id)
        self.assertFalse(child.email_cc)
        self.assertNotIn("anna", child.email_from)

    def test_child_of_an_unregistered_person_is_theirs(self):
        self.case = self._receive(self._mail(From="Zed <zed@new.example>"))
        child = self._create(self._wizard(name="Second parcel"))
        self.assertEqual(child.identity_id, self.case.identity_id)
        self.assertEqual(child.email_normalized, "zed@new.example")

    def test_clone_has_content_and_history_and_sends_nothing(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "photo.png", "raw": b"x", "res_model": self.case._name, "res_id": self.case.id}
        )
        self._reply(self.case, body="We look for it.", attachment_ids=attachment.ids)
        self._note(self.case, body="Carrier called.")
        wizard = self._wizard(clone=True)
        self.assertEqual(wizard.name, "Depot closed")
        with self.mock_mail_gateway():
            child = self._create(wizard)
            self.env.flush_all()
        self.assertFalse(self._mails)
        self.assertFalse(self._new_mails)
        self.assertEqual(child.parent_id, self.case)
        self.assertEqual(child.tag_ids, self.tag)
        self.assertIn("All facts", child.description)
        copied = child.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(len(copied), 2)
        self.assertTrue(all(copied.mapped("is_internal")))
        self.assertTrue(all(copied.subtype_id.mapped("internal")))
        answer = copied.filtered(lambda message: "look for it" in message.body)
        original = self.case.message_ids.filtered(lambda message: "look for it" in message.body)
        self.assertEqual(answer.attachment_ids, attachment)
        self.assertEqual(attachment.res_id, self.case.id)
        self.assertEqual(answer.author_id, original.author_id)
        self.assertEqual(answer.date, original.date)
        self.assertNotEqual(answer.message_id, original.message_id)

    def test_history_of_a_clone_is_no_second_contact_and_not_for_customers(self):
        self._reply(self.case, body="We look for it.")
        child = self._create(self._wizard(clone=True))
        self.assertEqual(child.message_count, 0)
        self.assertFalse(child.action_ids)
        self.assertFalse(self.Case._record_missing_messages())
        messages, _more = child.sudo()._portal_conversation(self.customer)
        self.assertFalse(messages)

    def test_child_is_refused_where_the_parent_is_not_ones_own(self):
        self.case.user_id = self.supervisor
        child = self.env["customer.service.case.child"].with_user(self.agent_own)
        with self.assertRaises(AccessError):
            child.create({"case_id": self.case.id, "name": "New", "team_id": self.team.id})
        with self.assertRaises(AccessError):
            child.with_context(default_case_id=self.case.id).create({"name": "New"})
        with self.assertRaises(AccessError):
            child.onchange({"case_id": self.case.id}, ["case_id"], {"name": {}})

    def test_dialog_of_somebody_else_is_out_of_sight(self):
        wizard = self._wizard(name="Mine")
        with self.assertRaises(AccessError):
            wizard.with_user(self.supervisor).action_create()
        with self.assertRaises(AccessError):
            self.env["customer.service.case.child"].with_user(self.portal_user).create({})

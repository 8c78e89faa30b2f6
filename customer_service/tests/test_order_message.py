from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tests.common import HttpCase

from .common import CustomerServiceCommon


class OrderMessageCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(cls.customer, name="S77001")
        cls.text = cls.env["customer.service.order.message"].create(
            {
                "name": "Your order is late",
                "body": "<p>Hello {{ object.partner_id.name }}, {{ object.name }} is late. "
                "Your reference: {{ object.client_order_ref ||| none }}</p>",
            }
        )
        polish = cls.text.with_context(lang="pl_PL")
        polish.name = "Zamówienie się spóźni"
        polish.body = (
            "<p>Dzień dobry {{ object.partner_id.name }}, {{ object.name }} spóźni się.</p>"
        )


@tagged("post_install", "-at_install")
class TestOrderMessage(OrderMessageCommon):
    def _wizard(self, user=None, order=None, **values):
        order = (order or self.order).with_user(user or self.agent_team)
        form = Form(
            self.env["customer.service.order.write"]
            .with_user(user or self.agent_team)
            .with_context(**order.action_write_to_customer()["context"])
        )
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def _send(self, **values):
        """Write; return the case of the order and the mails that went out."""
        form = self._wizard(**values)
        with self.mock_mail_gateway():
            form.save().action_send()
            return self.order.case_ids, list(self._mails)

    def test_the_text_comes_in_the_customers_language(self):
        form = self._wizard(order_message_id=self.text)
        self.assertIn("Dzień dobry Anna Kowalska, S77001 spóźni się.", form.body)
        self.assertEqual(form.subject, "Zamówienie się spóźni – S77001")
        self.assertEqual(form.visibility, "public")

    def test_what_is_filled_in_is_escaped_and_has_a_word_for_nothing(self):
        self.other_customer.name = "Bob <b>& Sons</b>"
        order = self._create_order(self.other_customer, name="S77002")
        form = self._wizard(order=order, order_message_id=self.text)
        self.assertIn("Bob &lt;b&gt;&amp; Sons&lt;/b&gt;", form.body)
        self.assertIn("Your reference: none", form.body)

    def test_a_thread_is_started(self):
        self.text.type_id = self.env.ref("customer_service.type_delivery")
        self.text.type_id.default_team_id = self.team
        case, (mail,) = self._send(order_message_id=self.text)
        self.assertEqual(len(case), 1)
        self.assertEqual((case.partner_id, case.sale_order_id), (self.customer, self.order))
        self.assertEqual((case.team_id, case.user_id), (self.team, self.agent_team))
        self.assertEqual(case.type_id, self.text.type_id)
        self.assertFalse(case.awaiting_reply)
        self.assertEqual(case.message_count_agent, 1)
        self.assertEqual(mail["email_to"], ['"Anna Kowalska" <anna@lampy.example>'])
        self.assertEqual(mail["subject"], case._message_compute_subject().removeprefix("Re: "))
        self.assertIn("Zamówienie się spóźni – S77001", mail["subject"])
        self.assertIn("S77001 spóźni się.", mail["body"])

    def test_the_open_thread_of_the_order_is_used(self):
        known = self._create_case(sale_order_id=self.order.id, user_id=self.agent_team.id)
        self._create_case(sale_order_id=self.order.id, status="closed")
        form = self._wizard(body="<p>News</p>")
        self.assertEqual(form.case_id, known)
        self.assertIn("anna@lampy.example", form.recipients)
        with self.mock_mail_gateway():
            form.save().action_send()
        self.assertEqual(len(self.order.case_ids), 2)
        self.assertIn("News", known.message_ids[0].body)

    def test_private_is_a_note_and_goes_nowhere(self):
        self.text.is_private = True
        case, mails = self._send(order_message_id=self.text)
        self.assertFalse(mails)
        note = case.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(case.message_count_agent, 0)

    def test_nothing_is_not_sent(self):
        with self.assertRaises(UserError):
            self._send(body="<p> </p>")

    def test_who_may_keep_texts(self):
        with self.assertRaises(AccessError):
            self.text.with_user(self.agent_team).name = "Mine"
        self.text.with_user(self.administrator).name = "Ours"
        with self.assertRaises(AccessError):
            self.text.with_user(self.portal_user).read(["body"])
        with self.assertRaises(AccessError):
            self.env["customer.service.order.write"].with_user(self.outsider).create(
                {"order_id": self.order.id}
            )

    def test_a_text_with_code_needs_the_right_to_edit_templates(self):
        self.administrator.group_ids -= self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids -= self.env.ref(
            "mail.group_mail_template_editor"
        )
        with self.assertRaises(AccessError):
            self.text.with_user(self.administrator).body = "<p>{{ object.env.user.sudo() }}</p>"


@tagged("post_install", "-at_install")
class TestOrderMessageTour(OrderMessageCommon, HttpCase):
    def test_agent_writes_from_the_order(self):
        self.agent_team.write(
            {
                "login": "cs_sales",
                "password": "cs_sales",
                "group_ids": [
                    (4, self.env.ref("sales_team.group_sale_salesman_all_leads").id),
                    (4, self.env.ref("account.group_account_invoice").id),
                ],
            }
        )
        with self.mock_mail_gateway():
            self.start_tour(
                f"/odoo/sale.order/{self.order.id}",
                "customer_service_order_message_tour",
                login="cs_sales",
            )
            (mail,) = self._mails
        self.assertIn("S77001 spóźni się.", mail["body"])
        self.assertEqual(self.order.case_ids.message_count_agent, 1)

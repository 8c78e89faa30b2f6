from odoo.tests import tagged

from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestAutomaticMail(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_id = cls.company_admin
        cls.order = cls._create_order(cls.customer, name="S88001")
        cls.automatic = cls.env.ref("customer_service.type_automatic")

    def _confirm(self, orders=None):
        """Let the host confirm orders and tell the customers."""
        orders = orders or self.order
        with self.mock_mail_gateway():
            orders.with_context(send_email=True).action_confirm()
            self._commit_hooks()
            return list(self._mails)

    def _commit_hooks(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def _cases(self, order=None):
        return (order or self.order).case_ids.filtered(lambda case: case.type_id == self.automatic)

    def _original(self, order=None):
        return self._cases(order).message_ids.parent_id[:1]

    def _answer(self, original, **headers):
        return self._receive(
            self._mail(
                body="Can I still change the colour?",
                **{
                    "To": f"{self.alias_catchall}@{self.alias_domain}",
                    "In_Reply_To": original.message_id,
                    "References": original.message_id,
                    **headers,
                },
            )
        )

    def test_a_confirmation_is_kept_on_a_closed_case(self):
        (mail,) = self._confirm()
        case = self._cases()
        self.assertEqual(len(case), 1)
        self.assertEqual((case.status, case.partner_id), ("closed", self.customer))
        self.assertEqual(case.team_id, self.team)
        self.assertFalse(case.awaiting_reply)
        self.assertFalse(case.waiting_since)
        self.assertFalse(case.user_id)
        self.assertEqual((case.message_count, case.message_count_agent), (0, 0))
        copy = case.message_ids
        self.assertEqual(len(copy), 1, "no noise")
        self.assertIn("S88001", copy.body)
        self.assertEqual(copy.subject, mail["subject"])
        self.assertFalse(case.message_follower_ids)

    def test_later_mail_of_the_same_order_is_on_the_same_case(self):
        self._confirm()
        with self.mock_mail_gateway():
            self.order._send_order_confirmation_mail()
            self._commit_hooks()
        self.assertEqual(len(self._cases()), 1)
        self.assertEqual(len(self._cases().message_ids), 2)

    def test_an_invoice_is_kept_with_its_order(self):
        self.order.action_confirm()
        move = self.env["account.move"].new({})
        self.assertEqual(move._automatic_mail_orders(), {})
        line = self.order.order_line
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "company_id": self.order.company_id.id,
                "invoice_line_ids": [
                    (0, 0, {"name": "Lamp", "quantity": 1, "sale_line_ids": [(6, 0, line.ids)]})
                ],
            }
        )
        with self.mock_mail_gateway():
            invoice.message_post(
                body="Your invoice",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
                email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
                attachments=[("invoice.pdf", b"pdf")],
            )
            self._commit_hooks()
        copy = self._cases().message_ids
        self.assertIn("Your invoice", copy.body)
        self.assertEqual(copy.attachment_ids.mapped("name"), ["invoice.pdf"])

    def test_what_does_not_go_to_a_customer_is_not_kept(self):
        self.order.message_post(body="Internal")
        self.order.message_post(
            body="For a colleague",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.supervisor.partner_id.ids,
        )
        self.order.message_post(
            body="Typed by a person",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self._commit_hooks()
        self.assertFalse(self._cases())

    def test_a_company_can_do_without(self):
        self.order.company_id.customer_service_record_automatic_mail = False
        self._confirm()
        self.assertFalse(self._cases())

    def test_no_query_an_order(self):
        def sent(count):
            orders = self.env["sale.order"].union(
                *(self._create_order(self.customer) for _ in range(count))
            )
            with self.mock_mail_gateway():
                for order in orders:
                    order.message_post(
                        body="On its way",
                        message_type="notification",
                        subtype_xmlid="mail.mt_comment",
                        partner_ids=self.customer.ids,
                    )
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.cr.precommit.run()
            self.env.flush_all()
            self.assertEqual(len(orders.case_ids), count)
            return self.cr.sql_log_count - before

        sent(1)  # warm
        few, many = sent(2), sent(12)
        self.assertLessEqual(many, few + 3)

    def test_an_answer_starts_a_real_case_of_that_order(self):
        self._confirm()
        case = self._answer(self._original())
        self.assertNotIn(case, self._cases())
        self.assertEqual((case.status, case.sale_order_id), ("open", self.order))
        self.assertEqual((case.partner_id, case.team_id), (self.customer, self.team))
        self.assertTrue(case.awaiting_reply)
        self.assertEqual(self._cases().status, "closed")
        self.assertNotIn("change the colour", "".join(self.order.message_ids.mapped("body")))

    def test_an_answer_continues_the_open_case_of_the_order(self):
        self._confirm()
        known = self._create_case(sale_order_id=self.order.id)
        self.assertEqual(self._answer(self._original()), known)
        self.assertTrue(known.awaiting_reply)

    def test_an_answer_of_a_stranger_is_a_case_without_the_order(self):
        self._confirm()
        case = self._answer(self._original(), From="Mallory <mallory@evil.example>")
        self.assertFalse(case.sale_order_id)
        self.assertNotEqual(case.partner_id, self.customer)

    def test_an_answer_of_a_machine_is_a_note(self):
        self._confirm()
        case = self._answer(self._original(), Auto_Submitted="auto-replied")
        self.assertEqual(case, self._cases())
        self.assertEqual(case.status, "closed")
        self.assertTrue(case.message_ids[0].subtype_id.internal)

    def test_an_answer_of_one_of_us_stays_with_the_order(self):
        self._confirm()
        original = self._original()
        self._answer(original, From=self.agent_team.email_formatted)
        self.assertIn("change the colour", self.order.message_ids[0].body)

    def test_it_is_not_among_the_customers_requests(self):
        self._confirm()
        case = self.Case.with_user(self.portal_user)
        self.assertFalse(case.search(case._portal_domain()) & self._cases())

    def test_it_holds_back_no_order_that_may_be_deleted(self):
        with self.mock_mail_gateway():
            self.order._send_order_notification_mail(self.env.ref("sale.email_template_edi_sale"))
            self._commit_hooks()
        case = self._cases()
        self.assertTrue(case)
        self.order.unlink()
        self.assertFalse(case.sale_order_id)

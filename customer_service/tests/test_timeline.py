"""All that happened, newest first: what is told, in whose timelines, and who reads it."""

from contextlib import suppress
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users, warmup

from .common import CustomerServiceCommon

#: One page of a customer's timeline with all kinds on it, of 5 entries or of 60.
PAGE_QUERIES = 40


class TimelineCommon(CustomerServiceCommon):
    """Reads timelines as the browser does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Timeline = cls.env["customer.service.timeline"]
        cls.Entry = cls.env["customer.service.timeline.entry"]
        cls.order = cls._create_order(cls.customer)
        cls.case = cls._create_case(sale_order_id=cls.order.id)

    def _page(self, record, user=None, **options):
        timeline = self.Timeline.with_user(user or self.supervisor)
        return timeline.timeline(record._name, record.id, **options)

    def _told(self, record, user=None, **options):
        """Return kind and words of each entry, newest first."""
        return [
            (entry["kind"], entry["label"], entry["text"])
            for entry in self._page(record, user, **options)["entries"]
        ]

    def _labels(self, record, user=None, **options):
        return [label for _kind, label, _text in self._told(record, user, **options)]

    def _customer_writes(self, case, body="Where is it?", **values):
        return case.message_post(
            body=body,
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            **values,
        )


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCommon):
    """What happened to a case, an order and a customer is told there."""

    def test_messages_and_notes_are_told_newest_first(self):
        self._customer_writes(self.case)
        self._reply(self.case)
        self._note(self.case)
        self.assertEqual(
            self._told(self.case, kinds=["message", "note"]),
            [
                ("note", "Internal Note", "Check the stock first."),
                ("message", "Message", "We look into it."),
                ("message", "Message", "Where is it?"),
            ],
        )

    def test_only_a_note_is_marked_as_internal(self):
        self._customer_writes(self.case)
        self._note(self.case)
        marks = [(e["kind"], e["is_internal"]) for e in self._page(self.case)["entries"]]
        self.assertIn(("note", True), marks)
        self.assertNotIn(True, [internal for kind, internal in marks if kind != "note"])

    def test_a_message_names_who_wrote_it(self):
        self._reply(self.case, user=self.agent_team)
        [entry] = self._page(self.case, kinds=["message"])["entries"]
        self.assertEqual(entry["author"], "Agent Team")
        self.assertEqual((entry["model"], entry["res_id"]), (self.case._name, self.case.id))
        self.assertEqual(entry["case"], {"id": self.case.id, "name": self.case.number})

    def test_the_states_of_a_case_are_told(self):
        self._labels(self.case)
        self.case.action_resolve()
        self._labels(self.case)
        self.case.action_reopen()
        self.assertEqual(
            self._labels(self.case, kinds=["case"]), ["Case open", "Case resolved", "Case open"]
        )

    def test_the_states_of_an_order_are_told_on_order_case_and_customer(self):
        self._labels(self.order)
        self.order.action_confirm()
        self._labels(self.order)
        self.order._action_cancel()
        for record in (self.order, self.case, self.customer, self.customer_company):
            with self.subTest(record=record):
                self.assertEqual(
                    self._labels(record, kinds=["order"]),
                    ["Order cancelled", "Order confirmed", "Quotation made"],
                )

    def test_a_contact_is_told_once_for_each_case(self):
        other = self._create_case()
        self.env["customer.service.interaction"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_admin.id,
                "action_ids": [
                    Command.create({"case_id": self.case.id, "description": "Asked"}),
                    Command.create({"case_id": other.id, "description": "Told", "follow_up": "x"}),
                ],
            }
        )
        told = self._told(self.customer, kinds=["interaction"])
        self.assertEqual(sorted(text for _kind, _label, text in told), ["Asked", "Told"])
        self.assertEqual(self._told(other, kinds=["interaction"])[0][2], "Told")

    def test_a_contact_about_no_case_is_told_of_the_customer(self):
        contact = self.env["customer.service.interaction"].create(
            {"partner_id": self.customer.id, "notes": "Says thanks"}
        )
        self.assertEqual(self._told(self.customer, kinds=["interaction"])[0][2], "Says thanks")
        contact.action_ids = [Command.create({"case_id": self.case.id, "description": "Later"})]
        self.assertEqual(
            [text for _kind, _label, text in self._told(self.customer, kinds=["interaction"])],
            ["Later"],
        )

    def test_a_message_is_no_contact_besides(self):
        self._customer_writes(self.case)
        self.assertFalse(self._told(self.case, kinds=["interaction"]))

    def test_what_is_said_on_an_order_is_told(self):
        self.order.message_post(body="Please hurry", message_type="comment")
        self.assertEqual(self._told(self.order, kinds=["note"])[0][2], "Please hurry")
        self.assertEqual(self._told(self.case, kinds=["note"])[0][2], "Please hurry")

    def test_what_others_said_about_the_order_is_not_told_of_a_case(self):
        other = self._create_case(sale_order_id=self.order.id)
        self._customer_writes(other)
        self.assertFalse(self._told(self.case, kinds=["message"]))
        self.assertEqual(len(self._told(self.order, kinds=["message"])), 1)

    def test_filters_add_up(self):
        self._customer_writes(self.case)
        self._note(self.case)
        told = self._told(self.case, kinds=["note", "case"])
        self.assertEqual({kind for kind, _label, _text in told}, {"note", "case"})
        self.assertFalse(self._told(self.case, kinds=["nothing such"]))

    def test_every_kind_has_a_label_and_an_icon(self):
        for kind in self._page(self.case)["kinds"]:
            self.assertTrue(kind["label"] and kind["icon"], kind)

    # ------------------------------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------------------------------

    def test_pages_follow_each_other_without_gap_or_double(self):
        for number in range(7):
            self._customer_writes(self.case, body=f"Message {number}")
        for record in (self.case, self.order, self.customer):
            with self.subTest(record=record):
                whole = [e["id"] for e in self._page(record)["entries"]]
                found, cursor = [], None
                while True:
                    page = self._page(record, before=cursor, limit=3)
                    found += [e["id"] for e in page["entries"]]
                    cursor = page["cursor"]
                    if not cursor:
                        break
                self.assertEqual(found, whole)

    def test_the_last_page_has_no_cursor(self):
        self.assertFalse(self._page(self.case)["cursor"])

    def test_a_wrong_cursor_is_refused(self):
        for cursor in ("x", "2020-01-01", "2020-01-01/x", ["2020"]):
            with self.subTest(cursor=cursor), self.assertRaises(UserError):
                self._page(self.case, before=cursor)

    def test_limits_have_limits(self):
        for number in range(3):
            self._customer_writes(self.case, body=f"Message {number}")
        self.assertEqual(len(self._page(self.case, limit=-5)["entries"]), 1)
        self.assertEqual(len(self._page(self.case, limit=10_000_000)["entries"]), 5)

    # ------------------------------------------------------------------------------------------
    # Moves
    # ------------------------------------------------------------------------------------------

    def test_what_was_said_follows_the_case_to_another_customer(self):
        self._customer_writes(self.case)
        self._labels(self.case)
        self.case.write({"partner_id": self.other_customer.id, "sale_order_id": False})
        self.assertFalse(self._told(self.customer, kinds=["message", "case"]))
        self.assertFalse(self._told(self.order, kinds=["message"]))
        self.assertEqual(len(self._told(self.other_customer, kinds=["message", "case"])), 2)

    def test_what_an_unknown_person_said_is_told_once_they_are_known(self):
        case = self._receive(self._mail(From="Carl <carl@stranger.example>"))
        case = self.Case.browse(case).exists() if isinstance(case, int) else case
        self.assertEqual(len(self._told(case, kinds=["message"])), 1)
        case.identity_id._become(self.other_customer)
        self.assertEqual(len(self._told(self.other_customer, kinds=["message"])), 1)

    def test_a_message_that_moves_to_another_case_is_told_there(self):
        message = self._customer_writes(self.case)
        self._labels(self.case)
        other = self._create_case(partner_id=self.other_customer.id)
        self.Case._hang_messages_on(message.sudo(), other)
        self.assertFalse(self._told(self.case, kinds=["message"]))
        self.assertEqual(len(self._told(other, kinds=["message"])), 1)
        self.assertEqual(len(self._told(self.other_customer, kinds=["message"])), 1)

    def test_entries_follow_merged_customers(self):
        double = self.env["res.partner"].create({"name": "Anna K", "email": "ak@x.example"})
        self._create_case(partner_id=double.id)
        self._labels(double)
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((double | self.other_customer).ids, self.other_customer)
        self.assertEqual(len(self._told(self.other_customer, kinds=["case"])), 1)

    def test_deleted_records_are_told_of_no_more(self):
        message = self._customer_writes(self.case)
        self._labels(self.case)
        message.sudo().unlink()
        self.assertFalse(self._told(self.case, kinds=["message"]))
        self.case.unlink()
        self.assertFalse(self._told(self.customer, kinds=["case"]))

    def test_what_is_undone_leaves_no_trace(self):
        self._labels(self.case)
        with suppress(ZeroDivisionError), self.env.cr.savepoint():
            self._customer_writes(self.case)
            self._create_case()
            raise ZeroDivisionError
        self.assertEqual(len(self._told(self.customer, kinds=["message", "case"])), 1)

    # ------------------------------------------------------------------------------------------
    # By hand, and the past
    # ------------------------------------------------------------------------------------------

    def test_another_app_notes_what_happened(self):
        date = fields.Datetime.now() - timedelta(days=3)
        self.Entry._note("order", self.order, event="link", date=date, detail="https://pay")
        entry = self._page(self.order, kinds=["order"])["entries"][-1]
        self.assertEqual((entry["label"], entry["text"]), ("Order", "https://pay"))
        self.assertEqual(entry["title"], self.order.name)
        self.assertEqual(entry["date"], fields.Datetime.to_string(date))

    def test_a_note_names_a_case(self):
        order = self._create_order(self.customer)
        self.Entry._note("document", order, event="made", case=self.case)
        [entry] = self._page(self.case, kinds=["document"])["entries"]
        self.assertEqual((entry["label"], entry["title"]), ("Made from the case", order.name))

    def test_the_past_is_written_once(self):
        self._customer_writes(self.case)
        self.order.action_confirm()
        self._labels(self.case)
        self.env.cr.execute("DELETE FROM customer_service_timeline_entry")
        self.assertFalse(self._labels(self.case))
        for _time in range(2):
            self.Entry._fill()
            self.assertEqual(
                sorted(self._labels(self.case)),
                ["Case open", "Message", "Order confirmed", "Quotation made"],
            )

    def test_the_past_is_completed_by_a_job(self):
        # sudo: ir.config_parameter - as another version of the app left it
        parameter = self.env["ir.config_parameter"].sudo()
        parameter.set_param("customer_service.timeline_filled_by", "an older version")
        self._labels(self.case)
        self.env.cr.execute("DELETE FROM customer_service_timeline_entry")
        with self.enter_registry_test_mode():
            self.env.ref("customer_service.ir_cron_timeline_fill").method_direct_trigger()
        self.assertIn("Case open", self._labels(self.case))

    # ------------------------------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------------------------------

    def test_only_agents_read_timelines(self):
        for user in (self.outsider, self.portal_user, self.env.ref("base.public_user")):
            for record in (self.case, self.order, self.customer):
                with self.subTest(user=user.login, record=record), self.assertRaises(AccessError):
                    self._page(record, user)

    def test_the_timeline_of_a_case_that_one_may_not_see_is_refused(self):
        self.case.user_id = self.supervisor
        with self.assertRaises(AccessError):
            self._page(self.case, self.agent_own)

    def test_there_is_no_timeline_of_anything_else(self):
        for model in ("res.users", "ir.config_parameter", "nonsense"):
            with self.subTest(model=model), self.assertRaises(UserError):
                self.Timeline.with_user(self.supervisor).timeline(model, 1)

    def test_nobody_reads_the_table(self):
        for user in (self.administrator, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Entry.with_user(user).search([])

    def test_what_is_said_in_cases_that_one_may_not_see_stays_there(self):
        secret = self._create_case(
            name="Secret", user_id=self.supervisor.id, sale_order_id=self.order.id
        )
        self._customer_writes(secret, body="Nobody knows")
        self._note(secret, user=self.supervisor, body="Keep quiet")
        self.env["customer.service.interaction"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.supervisor.id,
                "company_id": self.company_admin.id,
                "action_ids": [Command.create({"case_id": secret.id, "description": "Psst"})],
            }
        )
        quotation = self._create_order(self.customer)
        self.Entry._note("document", quotation, event="made", case=secret)
        self._customer_writes(self.case, body="Anybody knows")
        for record in (self.customer, self.order):
            page = self._page(record, self.agent_own)
            texts = [entry["text"] for entry in page["entries"]]
            self.assertIn("Anybody knows", texts)
            for word in ("Nobody knows", "Keep quiet", "Psst", "Secret", secret.number):
                self.assertNotIn(word, str(page))
            self.assertIn("Keep quiet", str(self._page(record, self.supervisor)))

    def test_documents_of_other_apps_need_the_rights_of_these_apps(self):
        invoice = self._invoice()
        self._labels(self.case)
        self.assertIn("Invoice posted", self._labels(self.customer, self._bookkeeper()))
        self.assertNotIn("invoice", [k for k, _l, _t in self._told(self.customer)])
        self.assertNotIn(invoice.name, str(self._page(self.customer)))

    def test_kinds_that_one_may_not_read_are_not_offered(self):
        for user, offered in ((self.supervisor, False), (self._bookkeeper(), True)):
            kinds = {kind["kind"] for kind in self._page(self.case, user)["kinds"]}
            with self.subTest(user=user.login):
                self.assertEqual({"invoice", "credit_note", "payment"} <= kinds, offered)
                self.assertLessEqual({"message", "note", "case", "order", "document"}, kinds)
        self.assertFalse(self._told(self.customer, kinds=["invoice", "payment"]))

    def _bookkeeper(self):
        self.supervisor.group_ids += self.env.ref("account.group_account_invoice")
        user = self.supervisor.copy({"login": "cs_bookkeeper"})
        self.supervisor.group_ids -= self.env.ref("account.group_account_invoice")
        return user

    def _invoice(self):
        self.order.action_confirm()
        self.order.order_line.qty_delivered = 1
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def test_who_sees_little_finds_it_among_much(self):
        hidden = self._create_case(user_id=self.supervisor.id)
        self._customer_writes(self.case, body="The one to find")
        for number in range(25):
            self._customer_writes(hidden, body=f"Hidden {number}")
        page = self._page(self.customer, self.agent_own, kinds=["message"], limit=2)
        self.assertEqual([entry["text"] for entry in page["entries"]], ["The one to find"])

    def test_records_of_other_companies_are_not_told(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        order = self._create_order(self.customer, company_id=company.id)
        self.assertNotIn(order.name, str(self._page(self.customer)))

    # ------------------------------------------------------------------------------------------
    # Invoices and payments
    # ------------------------------------------------------------------------------------------

    def test_an_invoice_and_its_payment_are_told(self):
        invoice = self._invoice()
        self._labels(self.customer)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({})._create_payments()
        reader = self._bookkeeper()
        for record in (self.customer, self.order, self.case):
            labels = self._labels(record, reader, kinds=["invoice", "payment"])
            with self.subTest(record=record):
                self.assertEqual(
                    sorted(labels), ["Invoice paid", "Invoice posted", "Payment received"]
                )

    def test_a_credit_note_is_told(self):
        invoice = self._invoice()
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = reversal.create({"journal_id": invoice.journal_id.id, "reason": "Broken"})
        self.env["account.move"].browse(wizard.refund_moves()["res_id"]).action_post()
        reader = self._bookkeeper()
        # posted and, by the invoice, paid in one go
        self.assertEqual(
            self._labels(self.order, reader, kinds=["invoice", "credit_note"])[:1],
            ["Credit note paid back"],
        )

    # ------------------------------------------------------------------------------------------
    # Speed
    # ------------------------------------------------------------------------------------------

    @users("cs_supervisor")
    @warmup
    def test_a_page_costs_the_same_for_5_entries_and_for_60(self):
        for count in (5, 55):
            with self.env.cr.savepoint():
                cases = [self._create_case() for _number in range(count)]
                for case in cases:
                    self._customer_writes(case)
                self.Entry.sudo()._sync()
            self.env.invalidate_all()
            with self.assertQueryCount(PAGE_QUERIES):
                self._page(self.customer, limit=100)

    def test_a_message_costs_one_statement(self):
        self._customer_writes(self.case)
        self.Entry._sync()
        self._customer_writes(self.case)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.Entry._sync()

    def test_imported_records_are_told_where_they_belong_in_time(self):
        long_ago = fields.Datetime.now() - timedelta(days=300)
        order = self._create_order(self.customer, state="sale", date_order=long_ago)
        dates = {e["label"]: e["date"] for e in self._page(order, kinds=["order"])["entries"]}
        self.assertEqual(
            dates, dict.fromkeys(dates, fields.Datetime.to_string(long_ago)), "not of today"
        )
        self.assertEqual(set(dates), {"Quotation made", "Order confirmed"})

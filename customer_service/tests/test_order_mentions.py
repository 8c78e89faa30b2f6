"""Orders that customers name: their own are linked, those of others are shown to agents only."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools.order_number import number_pattern, order_numbers
from .common import CustomerServiceCommon


@tagged("post_install", "-at_install")
class TestOrderNumber(BaseCase):
    """Numbers of orders in a text, without a database."""

    def _found(self, text, *sequences):
        return order_numbers(text, [number_pattern(*sequence) for sequence in sequences])

    def test_numbers_are_found_by_the_pattern_of_the_sequence(self):
        for text, sequence, number in (
            ("Where is S00042?", ("S", "", 5), "S00042"),
            ("where is s00042", ("S", "", 5), "S00042"),
            ("Re: [S00042] / your order", ("S", False, 5), "S00042"),
            ("about so-2026-11/07/pl.", ("so-%(year)s-%(month)s/", "/PL", 2), "so-2026-11/07/PL"),
            ("W 26-00017 proszę", ("%(y)s-", "", 5), "26-00017"),
            ("R2026.00012", ("R%(range_year)s.", "", 5), "R2026.00012"),
            ("注文Ｓ０００４２はどこ", ("S", "", 5), "S00042"),
            ("受注0007です", ("受注", "", 4), "受注0007"),
            ("my order 1234567", ("", "", 6), "1234567"),
        ):
            with self.subTest(text=text):
                self.assertIn(number, self._found(text, sequence))

    def test_a_part_of_a_word_or_number_is_none(self):
        for text in ("AS00042X", "1S00042", "S0004", "code S00042abc", "ŁS00042", "S00042é"):
            with self.subTest(text=text):
                self.assertNotIn("S00042", self._found(text, ("S", "", 5)))

    def test_a_number_without_letters_tells_nothing_by_itself(self):
        self.assertEqual(self._found("123456", ("", "", 6)), {"123456": False})
        self.assertEqual(self._found("S123456", ("S", "", 6)), {"S123456": True})

    def test_numbers_of_other_systems_are_found_by_their_look(self):
        self.assertEqual(list(self._found("AMZ-123-456 and W1234")), ["AMZ-123-456", "W1234"])

    def test_long_texts_are_read_in_no_time(self):
        text = "S1" * 200_000 + "A-1/" * 50_000 + "(" * 100_000
        self.assertEqual(self._found(text, ("S", "", 5), ("%(year)s/", "/%(month)s", 4)), {})


@tagged("post_install", "-at_install")
class TestOrderMentions(CustomerServiceCommon):
    """What becomes of the orders that are named in a mail, in the portal and later on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._create_order(cls.customer)
        cls.foreign = cls._create_order(cls.other_customer)

    def _says(self, case, body):
        return case.message_post(
            body=body,
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    def test_the_own_order_is_linked(self):
        number = self.own.name
        for subject, body in ((f"About {number}", "Hello"), ("Hi", f"It is {number}")):
            with self.subTest(subject=subject):
                case = self._receive(self._mail(body=body, Subject=subject))
                self.assertEqual(case.sale_order_id, self.own)
                self.assertFalse(case.mentioned_order_ids)

    def test_the_order_of_another_customer_is_shown_and_not_linked(self):
        case = self._receive(self._mail(body=f"Why did I not get {self.foreign.name}?"))
        self.assertFalse(case.sale_order_id)
        self.assertEqual(case.mentioned_order_ids, self.foreign)

    def test_own_and_foreign_are_told_apart(self):
        case = self._receive(self._mail(body=f"{self.foreign.name} instead of {self.own.name}"))
        self.assertEqual(case.sale_order_id, self.own)
        self.assertEqual(case.mentioned_order_ids, self.foreign)

    def test_of_several_own_orders_the_first_that_is_named_is_linked(self):
        second = self._create_order(self.customer)
        case = self._receive(self._mail(body=f"{self.own.name}, later {second.name}"))
        self.assertEqual(case.sale_order_id, self.own)

    def test_the_pattern_of_the_sequence_counts_from_its_next_change(self):
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "sale.order"), ("company_id", "in", [self.company_admin.id, False])],
            limit=1,
        )
        self.Case._order_number_patterns(self.company_admin.id)
        sequence.write({"prefix": "Zam.%(year)s.", "suffix": ".x", "padding": 3})
        order = self._create_order(self.customer)
        self.assertTrue(order.name.startswith("Zam."))
        case = self._receive(self._mail(body=f"about {order.name.upper()}"))
        self.assertEqual(case.sale_order_id, order)

    def test_numbers_of_digits_only_never_point_at_other_customers(self):
        self.foreign.name, self.own.name = "4711001", "4711002"
        sequence = self.env["ir.sequence"].search([("code", "=", "sale.order")])
        sequence.write({"prefix": "", "suffix": "", "padding": 7})
        case = self._receive(self._mail(body="Call me at 4711001 about 4711002"))
        self.assertFalse(case.mentioned_order_ids)
        self.assertEqual(case.sale_order_id, self.own)

    def test_orders_of_other_companies_are_not_found(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        order = self._create_order(self.other_customer, company_id=company.id, name="S999991")
        case = self._receive(self._mail(body=f"about {order.name}"))
        self.assertFalse(case.mentioned_order_ids)

    def test_a_later_message_names_an_order(self):
        case = self._receive(self._mail())
        self._says(case, f"I mean {self.own.name}, not {self.foreign.name}")
        self.assertEqual((case.sale_order_id, case.mentioned_order_ids), (self.own, self.foreign))
        self.assertIn("so this case is about it", case.message_ids[0].body)

    def test_a_linked_order_stays(self):
        other = self._create_order(self.customer)
        case = self._create_case(sale_order_id=other.id)
        self._says(case, f"And {self.own.name}?")
        self.assertEqual(case.sale_order_id, other)

    def test_what_one_of_us_says_links_nothing(self):
        case = self._create_case()
        self._reply(case, body=f"Is it {self.own.name} or {self.foreign.name}?")
        self._note(case, body=f"Perhaps {self.own.name}")
        self.assertFalse(case.sale_order_id or case.mentioned_order_ids)

    def test_what_a_customer_says_in_the_portal_counts(self):
        case = self._create_case()
        case.with_user(self.portal_user).message_post(body=f"It is {self.own.name}")
        self.assertEqual(case.sale_order_id, self.own)

    def test_once_the_sender_is_known_their_order_is_linked(self):
        case = self._receive(
            self._mail(body=f"about {self.foreign.name}", From="Carl <carl@stranger.example>")
        )
        self.assertFalse(case.sale_order_id)
        self.assertEqual(case.mentioned_order_ids, self.foreign)
        case.identity_id._become(self.other_customer)
        self.assertEqual(case.sale_order_id, self.foreign)
        self.assertFalse(case.mentioned_order_ids)

    def test_what_was_dismissed_stays_away(self):
        case = self._create_case()
        self._says(case, f"about {self.foreign.name}")
        case.with_user(self.agent_team).action_dismiss_mentioned_orders()
        self.assertFalse(case.mentioned_order_ids)
        self._says(case, f"Hello? {self.foreign.name}!")
        self.assertFalse(case.mentioned_order_ids)

    def test_a_mail_that_lists_many_numbers_is_no_question_about_one(self):
        numbers = " ".join(f"S{number:05d}" for number in range(10, 40))
        case = self._receive(self._mail(body=f"{numbers} {self.own.name}"))
        self.assertFalse(case.sale_order_id or case.mentioned_order_ids)

    # ------------------------------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------------------------------

    def test_customers_do_not_read_what_is_named(self):
        case = self._create_case()
        self._says(case, f"about {self.foreign.name}")
        for name in ("mentioned_order_ids", "dismissed_order_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                case.with_user(self.portal_user).read([name])

    def test_nobody_writes_what_is_named(self):
        case = self._create_case()
        for name in ("mentioned_order_ids", "dismissed_order_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                case.with_user(self.administrator).write({name: [(4, self.foreign.id)]})

    def test_who_may_not_change_a_case_dismisses_nothing(self):
        case = self._create_case(user_id=self.supervisor.id)
        with self.assertRaises(AccessError):
            case.with_user(self.agent_own).action_dismiss_mentioned_orders()

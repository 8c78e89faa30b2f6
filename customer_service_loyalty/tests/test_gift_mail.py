from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestGiftMail(LoyaltyCommon):
    """The mail with the code: in the customer's language, and its answer comes to the case."""

    def test_it_is_mailed_from_the_team_in_the_language_of_the_case(self):
        template = self.env.ref("loyalty.mail_template_gift_card")
        template.with_context(lang="pl_PL").subject = "Twoja karta podarunkowa"
        with self.mock_mail_gateway():
            card = self._give()
        mail = self._sent_to_customer()
        self.assertEqual(mail["subject"], "Twoja karta podarunkowa")
        self.assertIn(self.team.address, mail["email_from"])
        self.assertIn(self.team.alias_name, mail["reply_to"])
        self.assertIn(card.code, mail["body"])

    def _sent_to_customer(self):
        """Return the one mail that was sent, which went to the customer."""
        [mail] = self._mails
        self.assertIn(self.customer.email_normalized, str(mail["email_to"]))
        return mail

    def test_it_is_kept_with_the_card(self):
        with self.mock_mail_gateway():
            card = self._give()
        self.assertTrue(card.message_ids.filtered(lambda message: card.code in message.body))
        self.assertFalse(
            self.case.message_ids.filtered(lambda message: card.code in message.body)
        )

    def test_it_is_not_mailed_where_one_does_not_want_it(self):
        with self.mock_mail_gateway():
            self._give(send=False)
        self.assertFalse(self._mails)

    def test_without_an_address(self):
        self.customer.email = False
        dialog = self.env["customer.service.case.gift"].with_user(self.sales_manager)
        self.assertFalse(dialog.new({"case_id": self.case.id}).send)
        with self.assertRaisesRegex(UserError, "No email address of .*Anna"):
            self._give(send=True)

    def test_the_answer_comes_to_the_case(self):
        with self.mock_mail_gateway():
            card = self._give()
        sent = card.message_ids.filtered(lambda message: card.code in message.body)
        case = self._receive(self._mail("Thank you!", In_Reply_To=sent.message_id))
        self.assertEqual(case, self.case)
        self.assertIn("Thank you!", self._notes())
        self.assertNotIn("Thank you!", "".join(card.message_ids.mapped("body")))

    def test_the_answer_comes_to_the_case_whatever_address_it_is_sent_to(self):
        card = self._give(send=False)
        route = (card._name, card.id, {}, self.env.uid, False)
        found = self.Case._routes_of_automatic_mail([route], {})
        self.assertEqual([one[:2] for one in found], [(self.case._name, self.case.id)])

    def test_a_stranger_who_answers_does_not_get_into_the_case(self):
        with self.mock_mail_gateway():
            card = self._give()
        sent = card.message_ids.filtered(lambda message: card.code in message.body)
        case = self._receive(
            self._mail("Mine!", From="eve@elsewhere.example", In_Reply_To=sent.message_id)
        )
        self.assertNotEqual(case, self.case)
        self.assertEqual(case.suggested_case_id, self.case)

    def test_the_answer_to_a_card_that_was_bought_is_the_hosts(self):
        card = self.env["loyalty.card"].create(
            {"program_id": self.gift_cards.id, "partner_id": self.customer.id, "points": 5}
        )
        route = (card._name, card.id, {}, self.env.uid, False)
        self.assertEqual(card._customer_service_route(route), route)

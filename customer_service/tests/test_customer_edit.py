"""What an agent changes of a customer from a case: the login to the portal, and what is shown."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, warmup
from odoo.tests.common import HttpCase
from odoo.tools import mute_logger

from .test_contact_point import HOME, ContactPointCommon


@tagged("post_install", "-at_install")
class TestCustomerPortal(ContactPointCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newcomer = cls.env["res.partner"].create({"name": "Nina", "email": "nina@x.example"})

    def _mailed(self, method, partner, user=None):
        """Call an action, and return whom it mailed."""
        with self.mock_mail_gateway():
            result = getattr(partner.with_user(user or self.agent_own), method)()
        return result, [address for mail in self._mails for address in mail["email_to"]]

    def _state(self, partner):
        partner = partner.with_user(self.agent_own)
        partner.invalidate_recordset()
        return partner.portal_state, partner.portal_login

    def test_a_login_is_given_and_taken_back(self):
        self.assertEqual(self._state(self.newcomer), ("none", False))
        _result, mailed = self._mailed("action_portal_grant", self.newcomer)
        self.assertIn("nina@x.example", mailed[0])
        self.assertEqual(self._state(self.newcomer), ("invited", "nina@x.example"))
        user = self.newcomer.user_ids
        self.assertTrue(user._is_portal())
        _result, mailed = self._mailed("action_portal_invite_again", self.newcomer)
        self.assertEqual(len(mailed), 1)
        self._mailed("action_portal_withdraw", self.newcomer)
        self.assertFalse(user.active)
        self.assertEqual(self._state(self.newcomer), ("withdrawn", "nina@x.example"))
        self._mailed("action_portal_grant", self.newcomer)
        self.assertTrue(user.active)
        log = self._logged(self.newcomer)
        for words in ("Got a login", "mailed to nina@x.example again", "was withdrawn"):
            self.assertIn(words, log)

    def test_a_new_password_is_mailed_to_the_customer(self):
        _result, mailed = self._mailed("action_portal_reset_password", self.customer)
        self.assertEqual(len(mailed), 1)
        self.assertIn("anna@lampy.example", mailed[0])
        self.assertIn("choose a new password", self._logged(self.customer))

    def test_it_stays_in_the_dialog(self):
        partner = self.customer.with_context(customer_service_dialog=True)
        result, _mailed = self._mailed("action_portal_reset_password", partner)
        self.assertEqual((result["res_model"], result["target"]), ("res.partner", "new"))
        result, _mailed = self._mailed("action_portal_reset_password", self.customer)
        self.assertTrue(result is True)

    # refusals

    def _refused(self, method, partner, words, user=None, error=UserError):
        with self.subTest(method=method, words=words), self.mock_mail_gateway():
            with self.assertRaisesRegex(error, words), self.cr.savepoint():
                getattr(partner.with_user(user or self.agent_own), method)()
            self.assertFalse(self._mails)

    def test_nothing_is_done_to_colleagues(self):
        for method in (
            "action_portal_grant",
            "action_portal_invite_again",
            "action_portal_withdraw",
            "action_portal_reset_password",
        ):
            self._refused(method, self.agent_team.partner_id, "works here", user=self.supervisor)
            self._refused(method, self.agent_team.partner_id, "works here", user=self.env.user)
        self.assertEqual(self._state(self.agent_team.partner_id)[0], "colleague")

    def test_only_those_whom_the_host_lets(self):
        for user in (self.outsider, self.portal_other):
            for method in ("action_portal_grant", "action_portal_reset_password"):
                self._refused(method, self.other_customer, "", user=user, error=AccessError)

    def test_a_login_needs_an_address_of_its_own(self):
        nobody, namesake = self.env["res.partner"].create(
            [{"name": "No Mail"}, {"name": "Second Anna", "email": self.portal_user.login}]
        )
        self._refused("action_portal_grant", nobody, "Enter an email address")
        namesake.email = self.portal_other.login if "@" in self.portal_other.login else HOME
        self.portal_other.login = HOME
        self._refused("action_portal_grant", namesake, "logs in with")

    def test_a_login_is_given_once_and_taken_from_who_has_one(self):
        self._refused("action_portal_grant", self.customer, "has a login already")
        for method in (
            "action_portal_invite_again",
            "action_portal_withdraw",
            "action_portal_reset_password",
        ):
            self._refused(method, self.newcomer, "has no login yet")

    def test_nobody_logs_in_as_an_address_or_an_archived_contact(self):
        address = self.env["res.partner"].create(
            {"parent_id": self.newcomer.id, "type": "delivery", "email": "depot@x.example"}
        )
        self._refused("action_portal_grant", address, "This is an address of Nina")
        self.newcomer.active = False
        self._refused("action_portal_grant", self.newcomer, "is archived")

    def test_a_context_from_outside_changes_nothing(self):
        partner = self.newcomer.with_user(self.agent_own).with_context(
            default_partner_ids=self.agent_team.partner_id.ids,
            default_email="thief@x.example",
            default_user_id=self.agent_team.id,
            create_user=1,
        )
        _result, mailed = self._mailed("action_portal_grant", partner)
        self.assertEqual(len(mailed), 1)
        self.assertIn("nina@x.example", mailed[0])
        self.assertEqual(self.newcomer.user_ids.login, "nina@x.example")

    @mute_logger("odoo.addons.base.partner.merge")
    def test_after_a_merge_it_is_the_login_in_use(self):
        self.portal_other.login = "bob@baker.example"
        wizard = self.env["base.partner.merge.automatic.wizard"]
        twin = self.env["res.partner"].create({"name": "Aaron Baker", "email": "aaron@x.example"})
        self._mailed("action_portal_grant", twin)
        self.portal_other.login_date  # noqa: B018 - the one that was used last stays
        wizard._merge((self.other_customer | twin).ids, self.other_customer)
        self.env.invalidate_all()
        users = self.other_customer.with_context(active_test=False).user_ids
        self.assertEqual(len(users), 2)
        in_use = users.filtered("active")
        self.assertEqual(self._state(self.other_customer)[1], in_use.login)
        self._mailed("action_portal_withdraw", self.other_customer)
        self.assertFalse(any(users.mapped("active")))
        self._mailed("action_portal_grant", self.other_customer)
        self.assertEqual(users.filtered("active").login, "bob@baker.example")


@tagged("post_install", "-at_install")
class TestCustomerFigures(ContactPointCommon):
    def _order(self, partner, confirm=True, **values):
        order = self._create_order(partner, **values)
        if confirm:
            order.action_confirm()
        return order

    def test_valid_orders_of_the_company_count(self):
        first = self._order(self.customer)
        self._order(self.colleague)
        self._order(self.customer, confirm=False)
        self._order(self.customer)._action_cancel()
        self._order(self.other_customer)
        customer = self.customer.with_user(self.agent_own)
        self.assertEqual(customer.valid_order_count, 2)
        self.assertEqual(customer.valid_order_value, 2 * first.amount_total)
        self.assertEqual(customer.purchased_product_ids.mapped("name"), ["Lamp", "Lamp"])
        nobody = self.env["res.partner"].create({"name": "Nobody"}).with_user(self.agent_own)
        self.assertEqual((nobody.valid_order_count, nobody.valid_order_value), (0, 0))
        self.assertFalse(nobody.last_order_date)
        self.assertFalse(nobody.purchased_product_ids)

    def test_orders_in_another_currency_are_converted(self):
        currency = self.env["res.currency"].create(
            {
                "name": "LMP",
                "symbol": "L",
                "rate_ids": [(0, 0, {"rate": 2.0, "company_id": self.company_admin.id})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Lamps", "currency_id": currency.id}
        )
        order = self._order(self.customer, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        customer = self.customer.with_user(self.agent_own)
        self.assertAlmostEqual(customer.valid_order_value, order.amount_total / 2, 2)

    def test_known_since_the_first_trace_and_until_the_last_contact(self):
        long_ago = datetime(2019, 5, 4, 12)
        self._order(self.customer).date_order = long_ago
        interaction = self.env["customer.service.interaction"].create(
            {"partner_id": self.colleague.id, "user_id": self.agent_own.id}
        )
        customer = self.customer.with_user(self.agent_own)
        self.assertEqual(customer.first_seen_date, long_ago)
        self.assertEqual(customer.last_contact_date, interaction.date)
        self.assertEqual(customer.last_order_date, long_ago)

    def test_figures_are_for_agents(self):
        for name in ("valid_order_value", "last_contact_date", "portal_login"):
            for user in (self.outsider, self.portal_user):
                with self.subTest(name=name, user=user.login), self.assertRaises(AccessError):
                    self.customer.with_user(user).read([name])

    def test_what_somebody_may_not_read_is_not_counted(self):
        secret = self._create_case(user_id=self.supervisor.id, team_id=self.other_team.id)
        with self.mock_mail_gateway():
            self._reply(secret, user=self.supervisor)
        self.assertTrue(self.customer.with_user(self.supervisor).last_contact_date)
        self.assertFalse(self.customer.with_user(self.agent_own).last_contact_date)

    def test_orders_of_other_companies_do_not_count(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        order = self._order(self.customer)
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s", (company.id, order.id)
        )
        self.env.invalidate_all()
        self.assertEqual(self.customer.with_user(self.agent_own).valid_order_count, 0)

    def test_the_case_and_the_caller_card_show_one_line(self):
        self._order(self.customer)
        case = self._create_case().with_user(self.agent_team)
        self.assertIn("Valid orders: 1, worth", case.customer_figures)
        self.assertIn("known since", case.customer_figures)
        card = self.env["customer.service.interaction"].with_user(self.agent_team).caller_card(
            "res.partner", self.customer.id
        )
        self.assertEqual(card["person"]["figures"], case.customer_figures)
        self.assertFalse(self._create_case(partner_id=False).customer_figures)
        with self.assertRaises(AccessError):
            case.with_user(self.portal_user).read(["customer_figures"])

    @warmup
    def test_the_queries_do_not_grow_with_the_page(self):
        names = [
            "valid_order_count",
            "valid_order_value",
            "last_order_date",
            "first_seen_date",
            "last_contact_date",
            "purchased_product_ids",
            "portal_state",
        ]
        partners = self.customer | self.other_customer | self.customer_company
        partners = partners.with_user(self.agent_own)
        for page in (partners[:1], partners):
            self.env.invalidate_all()
            with self.assertQueryCount(15):
                page.read(names)


@tagged("post_install", "-at_install")
class TestCustomerEditTour(ContactPointCommon, HttpCase):
    """An agent edits the customer from the case, in a real browser."""

    @mute_logger("odoo.http")  # the host logs a warning with a button as an error
    def test_edit_the_customer_from_a_case(self):
        nina = self.env["res.partner"].create(
            {"name": "Nina Nowak", "email": "nina@x.example", "phone": "+48 22 555 04 04"}
        )
        self.env["res.partner.category"].create({"name": "VIP"})
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=1), nina.id),
        )
        case = self._create_case(partner_id=nina.id, user_id=self.agent_team.id)
        self.start_tour(
            f"/odoo/customer.service.case/{case.id}",
            "customer_service_customer_edit_tour",
            login="cs_agent_team",
        )
        self.assertEqual(nina.email, "nina@work.example")
        self.assertEqual(nina.further_email_ids.mapped("value"), ["nina@x.example"])
        self.assertEqual(nina.further_phone_ids.mapped("value"), ["+48 601 555 777"])
        self.assertEqual(nina.category_id.mapped("name"), ["VIP"])
        self.assertTrue(nina.birthday)
        self.assertTrue(nina.user_ids._is_portal())

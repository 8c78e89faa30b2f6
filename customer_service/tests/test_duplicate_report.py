"""Two records that are one: agents report, supervisors decide and merge, nothing is lost."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import CustomerServiceCommon

_MERGE_LOGGER = "odoo.addons.base.partner.merge"


class DuplicateCommon(CustomerServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["customer.service.duplicate.report"]
        cls.twin = cls.env["res.partner"].create(
            {"name": "A. Kowalska", "email": "anna.k@mail.example", "phone": "+48 22 555 01 01"}
        )

    def _report(self, user=None, first=None, second=None, **values):
        return self.Report.with_user(user or self.agent_team).create(
            {
                "partner_id": (first or self.customer).id,
                "duplicate_partner_id": (second or self.twin).id,
                "reason": "The same order",
                **values,
            }
        )

    def _merge(self, report, user=None, **values):
        report = report.with_user(user or self.supervisor)
        report.write(values)
        report.action_merge()
        self.env.invalidate_all()
        return report


@tagged("post_install", "-at_install")
class TestDuplicateReport(DuplicateCommon):
    # ------------------------------------------------------------------------------------------
    # Reporting
    # ------------------------------------------------------------------------------------------

    def test_an_agent_reports_a_customer_and_the_supervisors_are_told(self):
        report = self._report()
        self.assertEqual(report.state, "open")
        self.assertEqual(report.user_id, self.agent_team)
        self.assertIn("Anna Kowalska", report.label)
        self.assertEqual(report.duplicate_label, "A. Kowalska")
        message = self.env["mail.message"].search(
            [("model", "=", report._name), ("res_id", "=", report.id)]
        )
        notified = message.notified_partner_ids
        self.assertIn(self.supervisor.partner_id, notified)
        self.assertIn(self.administrator.partner_id, notified)
        self.assertNotIn(self.agent_own.partner_id, notified)
        self.assertNotIn(self.customer, notified)

    @users("cs_agent_team")
    def test_the_dialog_starts_with_the_customer(self):
        action = self.customer.with_env(self.env).action_report_duplicate()
        report = self.Report.with_env(self.env).with_context(**action["context"])
        form = Form(report, view=action["views"][0][0])
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.kind, "customer")
        form.duplicate_partner_id = self.twin
        self.assertEqual(form.save().kind, "customer")

    def test_whoever_is_reported_learns_nothing_of_it(self):
        report = self._report()
        self.assertFalse(report._mail_get_partners()[report.id])
        self.assertFalse(report.message_partner_ids & (self.customer | self.twin))

    @users("cs_agent_team")
    def test_two_selected_records_fill_in_both(self):
        both = (self.customer | self.twin).with_env(self.env)
        context = both.action_report_duplicate()["context"]
        self.assertEqual(context["default_partner_id"], self.customer.id)
        self.assertEqual(context["default_duplicate_partner_id"], self.twin.id)
        with self.assertRaisesRegex(UserError, "Select one record"):
            (both | self.colleague).action_report_duplicate()

    def test_cases_are_reported_too_and_merged_by_a_form_that_asks(self):
        first, second = self._create_case(), self._create_case()
        context = first.with_user(self.agent_team).action_report_duplicate()["context"]
        self.assertEqual((context["default_kind"], context["default_case_id"]), ("case", first.id))
        report = self.Report.with_user(self.agent_team).create(
            {"kind": "case", "case_id": first.id, "duplicate_case_id": second.id}
        )
        self.assertIn(first.number, report.label)
        report = report.with_user(self.supervisor)
        report.kept = "second"
        action = report.action_merge()
        self.assertEqual(report.state, "open")
        wizard = self.env[action["res_model"]].with_user(self.supervisor)
        wizard = wizard.with_context(**action["context"]).create({})
        self.assertEqual(wizard.survivor_id, second)
        wizard.action_merge()
        self.assertEqual((report.state, first.merged_into_id), ("merged", second))
        first.with_user(self.supervisor).action_undo_merge()
        self.assertEqual((report.state, report.merge_id), ("open", report.merge_id.browse()))

    def test_who_decides_no_report_merges_by_none(self):
        first, second = self._create_case(), self._create_case()
        report = self.Report.with_user(self.agent_team).create(
            {"kind": "case", "case_id": first.id, "duplicate_case_id": second.id}
        )
        with self.assertRaises(AccessError):
            report.action_merge()
        wizard = self.env["customer.service.case.merge.wizard"].with_user(self.agent_team)
        wizard = wizard.create(
            {"case_ids": [(6, 0, (first | second).ids)], "report_id": report.id}
        )
        with self.assertRaises(AccessError):
            wizard.action_merge()

    def test_a_record_is_no_duplicate_of_itself_or_of_nothing(self):
        for second in (self.customer.id, False):
            with self.subTest(second=second), self.assertRaises(ValidationError):
                self.Report.with_user(self.agent_team).create(
                    {"partner_id": self.customer.id, "duplicate_partner_id": second}
                )

    def test_what_is_reported_is_not_reported_again(self):
        report = self._report()
        with (
            self.assertRaisesRegex(UserError, "Agent Team reported this already"),
            self.env.cr.savepoint(),
        ):
            self._report(user=self.agent_own, first=self.twin, second=self.customer)
        report.with_user(self.supervisor).action_reject()
        self.assertTrue(self._report(user=self.agent_own))

    # ------------------------------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------------------------------

    def test_nobody_reports_what_they_may_not_see(self):
        hidden = self._create_case(team_id=self.other_team.id, user_id=self.supervisor.id)
        with self.assertRaises(AccessError):
            self.Report.with_user(self.agent_team).create(
                {
                    "kind": "case",
                    "case_id": self._create_case().id,
                    "duplicate_case_id": hidden.id,
                }
            )

    def test_only_agents_report(self):
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._report(user=user)

    def test_an_agent_reads_own_reports_and_changes_none(self):
        report = self._report()
        self.assertTrue(report.has_access("read"))
        self.assertFalse(report.with_user(self.agent_own).has_access("read"))
        with self.assertRaises(AccessError):
            report.write({"state": "rejected"})
        with self.assertRaises(AccessError):
            report.unlink()

    def test_an_agent_cannot_decide_while_reporting(self):
        report = self._report(state="merged", user_id=self.agent_own.id)
        self.assertEqual((report.state, report.user_id), ("open", self.agent_team))

    def test_an_agent_decides_nothing(self):
        report = self._report()
        for action in ("action_merge", "action_reject", "action_handled", "action_reopen"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(report, action)()

    def test_what_is_decided_is_decided_once(self):
        report = self._report().with_user(self.supervisor)
        report.action_reject()
        with self.assertRaisesRegex(UserError, "decided this already"):
            report.action_merge()
        report.action_reopen()
        self.assertEqual(report.state, "open")
        self._merge(report)
        with self.assertRaisesRegex(UserError, "cannot be taken apart"):
            report.action_reopen()

    def test_reports_stay_in_their_company(self):
        company = self.env["res.company"].create({"name": "Lamps Abroad"})
        self.twin.company_id = company
        report = self.Report.create(
            {"partner_id": self.twin.id, "duplicate_partner_id": self.customer.id}
        )
        self.assertEqual(report.company_id, company)
        self.assertFalse(report.with_user(self.supervisor).has_access("read"))

    def test_agents_delete_no_contact(self):
        partner = self.env["res.partner"].create({"name": "Typing error"})
        with self.assertRaisesRegex(UserError, "Only supervisors delete"):
            partner.with_user(self.agent_team).unlink()
        partner.with_user(self.supervisor).unlink()
        self.assertFalse(partner.exists())

    def test_agents_do_not_merge_by_the_hosts_wizard(self):
        self.twin.email = self.customer.email
        values = {
            "partner_ids": [Command.set((self.customer | self.twin).ids)],
            "dst_partner_id": self.customer.id,
            "state": "selection",
        }
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(AccessError, "Only supervisors merge"):
            wizard.with_user(self.agent_team).create(values).action_merge()
        self._create_case()
        self.outsider.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaisesRegex(AccessError, "Only supervisors merge"):
            wizard.with_user(self.outsider).create(values).action_merge()
        with mute_logger(_MERGE_LOGGER):
            wizard.with_user(self.supervisor).create(values).action_merge()
        self.assertFalse(self.twin.exists())

    def test_whoever_looks_after_contacts_merges_those_without_cases(self):
        self.outsider.group_ids += self.env.ref("base.group_partner_manager")
        partners = self.env["res.partner"].create([{"name": "Carrier"}, {"name": "Carrier Ltd"}])
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.outsider)
        with mute_logger(_MERGE_LOGGER):
            wizard._merge(partners.ids, partners[0].with_user(self.outsider))
        self.assertEqual(partners.exists(), partners[0])

    def test_the_hosts_merge_is_offered_to_those_who_may(self):
        merge = self.env.ref("base.action_partner_merge")
        for user, offered in ((self.agent_team, False), (self.supervisor, True)):
            bindings = self.env["ir.actions.actions"].with_user(user).get_bindings("res.partner")
            ids = [action["id"] for action in bindings["action"]]
            with self.subTest(user=user.login):
                self.assertEqual(merge.id in ids, offered)
                self.assertIn(
                    self.env.ref("customer_service.res_partner_action_report_duplicate").id, ids
                )


@tagged("post_install", "-at_install")
class TestMergeCustomers(DuplicateCommon):
    """A supervisor's merge: everything of both is there afterwards."""

    @mute_logger(_MERGE_LOGGER)
    def test_orders_cases_interactions_and_identities_go_over(self):
        order = self._create_order(self.twin)
        case = self._create_case(partner_id=self.twin.id, sale_order_id=order.id)
        interaction = self.env["customer.service.interaction"].create(
            {"partner_id": self.twin.id, "notes": "Asked for the way"}
        )
        identity = self.env["customer.service.identity"].create(
            {"name": "Ania", "partner_id": self.twin.id, "company_id": self.company_admin.id}
        )
        own_case = self._create_case()
        report = self._merge(self._report())
        self.assertFalse(self.twin.exists())
        self.assertEqual(report.state, "merged")
        self.assertEqual(report.decision_user_id, self.supervisor)
        self.assertEqual(report.duplicate_label, "A. Kowalska")
        self.assertEqual((case | own_case).partner_id, self.customer)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(interaction.partner_id, self.customer)
        self.assertEqual(identity.partner_id, self.customer)

    @mute_logger(_MERGE_LOGGER)
    def test_what_is_stored_of_the_company_follows(self):
        order = self._create_order(self.twin)
        case = self._create_case(partner_id=self.twin.id, sale_order_id=order.id)
        interaction = self.env["customer.service.interaction"].create(
            {"partner_id": self.twin.id, "notes": "Asked for the way"}
        )
        self._merge(self._report())
        for record in (order, case, interaction):
            with self.subTest(model=record._name):
                self.assertEqual(record.commercial_partner_id, self.customer_company)
        self.assertEqual(
            self.customer_company.with_user(self.supervisor).case_count, 1, "counted there too"
        )

    @mute_logger(_MERGE_LOGGER)
    def test_contacts_of_a_merged_company_count_for_the_other(self):
        twin_company = self.env["res.partner"].create({"name": "Lampy", "is_company": True})
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": twin_company.id})
        case = self._create_case(partner_id=clerk.id)
        report = self._report(first=self.customer_company, second=twin_company)
        self._merge(report)
        self.assertEqual(clerk.parent_id, self.customer_company)
        self.assertEqual(clerk.commercial_partner_id, self.customer_company)
        self.assertEqual(case.commercial_partner_id, self.customer_company)

    @mute_logger(_MERGE_LOGGER)
    def test_the_second_address_and_number_are_kept(self):
        self._merge(self._report())
        self.assertEqual(self.customer.further_email_ids.value, "anna.k@mail.example")
        self.assertEqual(self.customer.further_phone_ids.value, "+48 22 555 01 01")
        self.assertEqual(self.customer.email, "anna@lampy.example")
        case = self._receive(self._mail(From="Anna <anna.k@mail.example>"))
        self.assertEqual(case.partner_id, self.customer, "still known by the other address")

    @mute_logger(_MERGE_LOGGER)
    def test_both_are_found_by_whatever_they_were_found_by(self):
        self._merge(self._report())
        lookup = self.env["customer.service.identity"].with_user(self.agent_team).lookup
        for text in ("022-555-01-01", "+48601234567", "anna.k@mail.example", "anna@lampy.example"):
            with self.subTest(text=text):
                found = [(hit["model"], hit["id"]) for hit in lookup(text)]
                self.assertIn(("res.partner", self.customer.id), found)
                self.assertNotIn(("res.partner", self.twin.id), found)

    @mute_logger(_MERGE_LOGGER)
    def test_the_one_that_stays_can_be_the_second(self):
        case = self._create_case()
        self._merge(self._report(first=self.other_customer, second=self.twin), kept="second")
        self.assertFalse(self.other_customer.exists())
        self.assertEqual(self.twin.email, "anna.k@mail.example")
        self.assertEqual(case.partner_id, self.customer)

    @mute_logger(_MERGE_LOGGER)
    def test_the_portal_login_goes_over_and_sees_the_cases_of_both(self):
        theirs = self._create_case(partner_id=self.other_customer.id)
        mine = self._create_case(partner_id=self.twin.id)
        self.assertTrue(theirs.with_user(self.portal_other).has_access("read"))
        self._merge(self._report(first=self.twin, second=self.other_customer))
        self.assertEqual(self.portal_other.partner_id, self.twin)
        self.assertTrue(self.portal_other.active)
        for case in (theirs, mine):
            self.assertTrue(case.with_user(self.portal_other).has_access("read"))

    @mute_logger(_MERGE_LOGGER)
    def test_of_two_logins_the_one_that_was_used_last_stays(self):
        self.env["res.users.log"].with_user(self.portal_other).sudo().create({})
        self.env.flush_all()
        self._merge(self._report(first=self.customer, second=self.other_customer))
        self.assertEqual((self.portal_user | self.portal_other).partner_id, self.customer)
        self.assertTrue(self.portal_other.active)
        self.assertFalse(self.portal_user.active)
        self.assertTrue(self.customer.active)
        self.assertIn(self.portal_user.login, self.customer.message_ids[0].body)

    @mute_logger(_MERGE_LOGGER)
    def test_an_employee_is_not_merged_with_a_customer(self):
        with self.assertRaisesRegex(UserError, "A colleague or a company of ours"):
            self._merge(self._report(second=self.outsider.partner_id))

    @mute_logger(_MERGE_LOGGER)
    def test_nobody_sees_more_of_a_company_than_was_allowed(self):
        self.twin.portal_company_cases = True
        self._merge(self._report(first=self.other_customer))
        self.assertFalse(self.other_customer.portal_company_cases)

    @mute_logger(_MERGE_LOGGER)
    def test_followers_and_the_fate_of_mails_are_kept(self):
        followed = [self._create_case(partner_id=False, email_from="x@y.example") for _ in range(3)]
        # a case that both follow, and one that only the one that goes follows
        followed[0].message_subscribe((self.customer | self.twin).ids)
        followed[1].message_subscribe(self.twin.ids)
        message = followed[2].message_post(
            body="To both",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(self.customer | self.twin).ids,
        )
        alone = followed[2].message_post(
            body="To one", subtype_xmlid="mail.mt_comment", partner_ids=self.twin.ids
        )
        self.twin.message_subscribe((self.supervisor | self.agent_team).partner_id.ids)
        self.customer.message_subscribe(self.supervisor.partner_id.ids)
        self._merge(self._report())
        for case in followed[:2]:
            self.assertEqual(case.message_partner_ids & self.customer, self.customer)
        self.assertIn(self.agent_team.partner_id, self.customer.message_partner_ids)
        notified = self.env["mail.notification"].search(
            [
                ("mail_message_id", "in", (message | alone).ids),
                ("res_partner_id", "=", self.customer.id),
            ]
        )
        self.assertEqual(notified.mail_message_id, message | alone)

    @mute_logger(_MERGE_LOGGER)
    def test_messages_keep_their_author(self):
        case = self._receive(self._mail(From="Anna <anna.k@mail.example>"))
        self.assertEqual(case.partner_id, self.twin)
        self._merge(self._report())
        said = case.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(said.author_id, self.customer)
        self.assertEqual(case.message_count_customer, 1)

    @mute_logger(_MERGE_LOGGER)
    def test_other_reports_of_the_pair_are_settled_by_any_merge(self):
        third = self.env["res.partner"].create({"name": "Ania K."})
        report, other = self._report(), self._report(second=third)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.customer | self.twin).ids, self.customer)
        self.assertEqual((report.state, other.state), ("merged", "open"))

    def test_a_company_and_its_contact_are_not_merged(self):
        with self.assertRaisesRegex(UserError, "with one of his parent"):
            self._merge(self._report(first=self.customer_company, second=self.customer))

    def test_without_the_second_one_there_is_nothing_to_merge(self):
        typo = self.env["res.partner"].create({"name": "X"})
        report = self._report(first=self.twin, second=typo)
        typo.unlink()
        report.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "One of the two is gone"):
            report.with_user(self.supervisor).action_merge()

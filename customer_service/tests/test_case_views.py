"""The agent's screens: what they ask the database, what their filters find, who may open them."""

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import HttpCase, users, warmup
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .common import CustomerServiceCommon

UNRESOLVED = [("status", "in", ["open", "pending"])]

#: Measured; more than this is a step back.
LIST_QUERIES = 16
KANBAN_QUERIES = 23
#: Of a form: 8 for facts, alerts and sticky notes, 4 for documents that were made, 3 for figures.
FORM_QUERIES = 38


class CaseViewsCommon(CustomerServiceCommon):
    """Reads the views as the web client does."""

    @classmethod
    def _arch(cls, view_type, xmlid):
        """Return the parsed architecture of a view, as the current user sees it."""
        view = cls.env.ref(f"customer_service.{xmlid}")
        return etree.fromstring(cls.Case.get_view(view.id, view_type)["arch"])

    @classmethod
    def _specification(cls, node, model="customer.service.case"):
        """Return what the web client asks ``web_read`` for, from the fields of a view.

        :param lxml.etree._Element node: the view, or a sub-view inside a field
        :param str model: the model of the view
        """
        specification = {}
        for element in node.iter("field"):
            if element is node or next(element.iterancestors("field"), node) is not node:
                continue
            name = element.get("name")
            field = cls.env[model]._fields[name]
            specification[name] = {}
            if field.type == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif field.relational:
                inner = {"display_name": {}}
                if len(element):
                    inner = cls._specification(element, field.comodel_name)
                specification[name] = {"fields": inner}
        return specification

    @classmethod
    def _create_cases(cls, count):
        """Make cases that differ in all that a list shows: customers, tags, orders, people."""
        tags = cls.env["customer.service.tag"].create(
            [{"name": f"Tag {cls.Case.search_count([])}-{index}"} for index in range(count)]
        )
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {index}", "email": f"c{index}@x.example"}
                for index in range(count)
            ]
        )
        cases = cls.Case.with_context(mail_create_nosubscribe=True).create(
            [
                {
                    "name": f"Matter {index}",
                    "team_id": cls.team.id,
                    "partner_id": partners[index].id,
                    "tag_ids": [(6, 0, tags[index].ids)],
                    "user_id": cls.agent_team.id if index % 2 else False,
                    "type_id": cls.env.ref("customer_service.type_question").id,
                    "status": "open" if index % 3 else "pending",
                }
                for index in range(count)
            ]
        )
        cls.env.flush_all()
        return cases

    def _count_queries(self, read):
        """Return how many queries a read needs when nothing is in the caches of the records."""
        read()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        read()
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestCaseViews(CaseViewsCommon):
    """List, kanban and form: their queries do not grow with the number of cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list_fields = cls._specification(cls._arch("list", "customer_service_case_view_list"))
        cls.kanban_fields = cls._specification(
            cls._arch("kanban", "customer_service_case_view_kanban")
        )
        cls.form_fields = cls._specification(cls._arch("form", "customer_service_case_view_form"))
        cls._create_cases(5)

    def _read_list(self):
        return self.Case.with_user(self.agent_team).web_search_read(
            UNRESOLVED,
            self.list_fields,
            order="call_back_date, priority desc, last_customer_message_date desc, id desc",
            limit=80,
            count_limit=10001,
        )

    def _read_kanban(self):
        case = self.Case.with_user(self.agent_team)
        case.web_read_group(
            UNRESOLVED,
            ["stage_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=self.kanban_fields,
            unfold_read_default_limit=20,
        )
        case.read_progress_bar(
            UNRESOLVED,
            "stage_id",
            {"field": "priority", "colors": {"3": "danger", "2": "warning", "1": "info"}},
        )

    def _read_form(self):
        # The client says where it is; else the first date to be compared asks for it.
        case = self.Case.with_user(self.agent_team).with_context(tz="UTC")
        return case.search(UNRESOLVED, limit=1).web_read(self.form_fields)

    @warmup
    def test_list_page_needs_the_same_queries_for_any_number_of_cases(self):
        few = self._count_queries(self._read_list)
        self._create_cases(45)
        self.assertEqual(self._count_queries(self._read_list), few)
        self.env.invalidate_all()
        with self.assertQueryCount(LIST_QUERIES):
            self._read_list()

    @warmup
    def test_kanban_page_needs_the_same_queries_for_any_number_of_cases(self):
        few = self._count_queries(self._read_kanban)
        self._create_cases(45)
        self.assertEqual(self._count_queries(self._read_kanban), few)
        self.env.invalidate_all()
        with self.assertQueryCount(KANBAN_QUERIES):
            self._read_kanban()

    @warmup
    def test_form_needs_the_same_queries_for_any_number_of_cases(self):
        few = self._count_queries(self._read_form)
        self._create_cases(45)
        self.assertEqual(self._count_queries(self._read_form), few)
        self.env.invalidate_all()
        with self.assertQueryCount(FORM_QUERIES):
            self._read_form()

    def test_list_shows_no_activities_before_somebody_asks_for_them(self):
        arch = self._arch("list", "customer_service_case_view_list")
        (activities,) = arch.xpath("//field[@name='activity_ids']")
        self.assertEqual(activities.get("optional"), "hide")

    def test_every_filter_and_grouping_of_the_search_can_be_used(self):
        case = self.Case.with_user(self.agent_team)
        filters = self._arch("search", "customer_service_case_view_search").iter("filter")
        for node in filters:
            with self.subTest(filter=node.get("name")):
                if node.get("domain"):
                    case.search_count(safe_eval(node.get("domain"), {"uid": case.env.uid}))
                groupby = safe_eval(node.get("context") or "{}").get("group_by")
                if groupby:
                    case.web_read_group([], [groupby], ["__count"])

    def test_filters_find_what_they_say(self):
        def found(name):
            (node,) = self._arch("search", "customer_service_case_view_search").xpath(
                f"//filter[@name='{name}']"
            )
            domain = safe_eval(node.get("domain"), {"uid": self.agent_team.id})
            return self.Case.with_user(self.agent_team).search(domain)

        now = fields.Datetime.now()
        case = self._create_case()
        late = self._create_case(date_deadline=fields.Datetime.subtract(now, days=1))
        done = self._create_case(
            status="resolved", date_deadline=fields.Datetime.subtract(now, days=1)
        )
        mine = self._create_case(user_id=self.agent_team.id)
        self.team.use_hierarchy = True
        child = self._create_case(parent_id=case.id)
        self.assertIn(late, found("past_due"))
        self.assertNotIn(done, found("past_due"))
        self.assertNotIn(done, found("unresolved"))
        self.assertIn(mine, found("mine"))
        self.assertNotIn(mine, found("unassigned"))
        self.assertIn(case, found("parents"))
        self.assertNotIn(child, found("parents"))
        self.assertIn(case, found("new_today"))
        self.assertIn(case, found("modified"))
        self._receive(self._mail())
        self.assertEqual(found("waiting").mapped("name"), ["My order"])

    @users("cs_agent_own")
    def test_agent_without_sales_rights_opens_a_case_and_its_order(self):
        order = self._create_order(self.customer)
        case = self._create_case(user_id=self.agent_own.id, sale_order_id=order.id)
        (values,) = case.with_user(self.env.user).web_read(self.form_fields)
        self.assertEqual(values["customer_order_ids"][0]["name"], order.name)
        order = order.with_user(self.env.user)
        view_id = order.get_formview_id()
        self.assertEqual(view_id, self.env.ref("customer_service.sale_order_view_form_agent").id)
        arch = etree.fromstring(order.get_view(view_id, "form")["arch"])
        specification = self._specification(arch, "sale.order")
        self.assertEqual(order.web_read(specification)[0]["name"], order.name)

    def test_empty_list_says_where_cases_come_from(self):
        empty = self.Case.with_user(self.agent_own).get_empty_list_help("")
        self.assertIn(self.team.address, empty)
        self.assertIn("Bravo", self.Case.get_empty_list_help("<p>Bravo</p>"))


@tagged("post_install", "-at_install")
class TestCaseSearch(CustomerServiceCommon):
    """One field finds a case by whatever the agent has at hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(cls.customer)
        cls.case = cls._create_case(name="Broken lamp shade", sale_order_id=cls.order.id)
        cls._create_case(name="Something else", partner_id=cls.other_customer.id)

    def _found(self, text):
        return self.Case.search([("search_text", "ilike", text), ("team_id", "=", self.team.id)])

    def test_finds_by_number_subject_customer_address_and_order(self):
        for text in (
            self.case.number,
            "lamp shade",
            "kowalska",
            "anna@lampy",
            self.order.name,
        ):
            with self.subTest(text=text):
                self.assertEqual(self._found(text), self.case)

    def test_finds_a_phone_number_in_any_notation(self):
        self.assertEqual(self.case.phone_sanitized, "+48601234567")
        for text in (
            "+48 601 234 567",
            "0048601234567",
            "601-234-567",
            "(0)601 234.567",
            "６０１２３４５６７",
            "234567",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._found(text), self.case)

    def test_finds_nothing_by_what_is_not_there(self):
        self.assertFalse(self._found("999 888 777"))
        self.assertFalse(self._found("no such words"))

    def test_reads_indexes_and_not_the_table(self):
        for text in ("lamp shade", "601234567", self.order.name):
            with self.subTest(text=text):
                plan = self._plan([("search_text", "ilike", text)])
                self.assertNotIn("Seq Scan on customer_service_case", plan)

    def test_default_list_is_read_in_the_order_of_an_index(self):
        plan = self._plan(
            UNRESOLVED,
            order="call_back_date, priority desc, last_customer_message_date desc, id desc",
        )
        self.assertIn("customer_service_case_unresolved_waiting_idx", plan)
        self.assertNotIn("Sort", plan)

    def _plan(self, domain, **kwargs):
        """Return how PostgreSQL would read these cases from a table that is not small."""
        query = self.Case._search(domain, limit=80, **kwargs).select()
        self.env.flush_all()
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off;"
            " SET LOCAL enable_incremental_sort = off"
        )
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        self.env.cr.execute(
            "RESET enable_seqscan; RESET enable_sort; RESET enable_incremental_sort"
        )
        return "\n".join(row[0] for row in rows)


@tagged("post_install", "-at_install")
class TestCaseBatch(CustomerServiceCommon):
    """What is done with a selection in the list."""

    def _batch(self, cases, **values):
        context = {"active_model": cases._name, "active_ids": cases.ids}
        batch = self.env["customer.service.case.batch"].with_user(self.agent_team)
        return batch.with_context(**context).create(values)

    def test_assign_gives_all_selected_cases_to_a_colleague(self):
        cases = self._create_case() | self._create_case()
        batch = self._batch(cases, user_id=self.agent_own.id)
        self.assertEqual(batch.case_count, 2)
        batch.action_apply()
        self.assertEqual(cases.user_id, self.agent_own)
        self.assertEqual(cases.team_id, self.team, "what was left empty stays as it is")

    def test_tags_are_added_and_removed_and_others_stay(self):
        old, kept, new = self.env["customer.service.tag"].create(
            [{"name": name} for name in ("Old", "Kept", "New")]
        )
        case = self._create_case(tag_ids=[(6, 0, (old | kept).ids)])
        batch = self._batch(case, tag_ids=[(6, 0, new.ids)], remove_tag_ids=[(6, 0, old.ids)])
        batch.action_apply()
        self.assertEqual(case.tag_ids, kept | new)

    def test_actions_menu_closes_and_reopens_and_names_what_was_left_alone(self):
        cases = self._create_case() | self._create_case(status="closed")
        self.assertFalse(self._run("reopen", cases[1]))
        self.assertEqual(cases[1].status, "open")
        cases[1].status = "closed"
        left_alone = self._run("close", cases)
        self.assertIn(cases[1].number, left_alone["params"]["message"])
        self.assertEqual(set(cases.mapped("status")), {"closed"})

    def test_actions_menu_is_for_those_who_may_change_the_case(self):
        case = self._create_case()
        with self.assertRaises(AccessError):
            self._run("close", case, self.portal_user)
        self.assertEqual(case.status, "open")

    def _run(self, what, cases, user=None):
        action = self.env.ref(f"customer_service.customer_service_case_action_{what}")
        context = {"active_model": cases._name, "active_ids": cases.ids}
        return action.with_user(user or self.agent_team).with_context(**context).run()


@tagged("post_install", "-at_install")
class TestCaseComposer(CustomerServiceCommon, HttpCase):
    """An answer that an agent writes in the browser."""

    def _suggested(self, case):
        return self.make_jsonrpc_request(
            "/mail/thread/recipients/get_suggested_recipients",
            {"thread_model": case._name, "thread_id": case.id, "partner_ids": []},
        )

    def _post(self, case, emails):
        with self.mock_mail_gateway():
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": case._name,
                    "thread_id": case.id,
                    "post_data": {
                        "body": "<p>We do.</p>",
                        "message_type": "comment",
                        "subtype_xmlid": "mail.mt_comment",
                        "partner_emails": emails,
                    },
                },
            )

    def _stranger_case(self):
        return self._receive(
            self._mail(
                "Do you ship to Norway?",
                From="Kari <kari@nordmann.example>",
                Cc="ola@nordmann.example",
            )
        )

    def _contacts(self):
        return self.env["res.partner"].search([("email", "ilike", "nordmann.example")])

    def test_answering_a_stranger_makes_no_contact(self):
        case = self._stranger_case()
        self.authenticate("cs_agent_team", "cs_agent_team")
        self.assertFalse(self._suggested(case), "the case itself knows whom it answers")
        self._post(case, ["kari@nordmann.example", "ola@nordmann.example"])
        self.assertFalse(self._contacts())
        sent = {address for mail in self._mails for address in mail["email_to"]}
        self.assertEqual(sent, {"kari@nordmann.example", "ola@nordmann.example"})

    def test_looking_addresses_up_for_the_full_composer_makes_no_contact(self):
        case = self._stranger_case()
        self.authenticate("cs_agent_team", "cs_agent_team")
        found = self.make_jsonrpc_request(
            "/mail/partner/from_email",
            {"thread_model": case._name, "thread_id": case.id, "emails": ["kari@nordmann.example"]},
        )
        self.assertEqual(found, [])
        self.assertFalse(self._contacts())

    def test_nobody_who_was_once_in_copy_is_proposed(self):
        case = self._receive(self._mail(Cc="somebody@else.example"))
        case.email_cc = False
        self.authenticate("cs_agent_team", "cs_agent_team")
        self.assertFalse(self._suggested(case))
        self._post(case, [])
        sent = [address for mail in self._mails for address in mail["email_to"]]
        self.assertEqual(sent, ['"Anna Kowalska" <anna@lampy.example>'])

    def test_the_large_composer_says_whom_an_answer_reaches(self):
        case = self._stranger_case()

        def composer(subtype):
            values = {"default_model": case._name, "default_res_ids": case.ids}
            return (
                self.env["mail.compose.message"]
                .create(
                    {
                        "subtype_id": self.env.ref(subtype).id,
                        "model": case._name,
                        "res_ids": case.ids,
                    }
                )
                .with_context(**values)
            )

        answer = composer("mail.mt_comment").case_recipients
        for address in ("kari@nordmann.example", "ola@nordmann.example", self.team.address):
            self.assertIn(address, answer)
        self.assertFalse(composer("mail.mt_note").case_recipients)

    def test_screen_shows_whom_an_answer_goes_to_and_from_where(self):
        case = self._stranger_case()
        self.assertEqual(case.reply_to_customer, "kari@nordmann.example")
        self.assertEqual(case.reply_from_team, self.team.address)
        case.partner_id = self.customer
        self.assertEqual(case.reply_to_customer, "anna@lampy.example")

"""What nobody gets by ids, commands or a context that a client makes up."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import PersonMismatch
from .test_case_merge_customers import TwoCustomersCommon
from .test_portal import PortalCommon


@tagged("post_install", "-at_install", "mail_gateway")
class TestCustomerSecurity(TwoCustomersCommon):
    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access")
    def test_dialogs_tell_nothing_of_cases_of_others(self):
        own = self._create_case(user_id=self.agent_own.id)
        theirs = self._create_case(
            name="Secret", user_id=self.agent_team.id, partner_id=self.other_customer.id
        )
        self.env.flush_all()
        self.env.invalidate_all()
        wizard = self.env["customer.service.case.merge.wizard"].with_user(self.agent_own)
        spec = {"others_label": {}, "case_ids": {"fields": {"display_name": {}}}}
        ids = [own.id, theirs.id]
        for commands in ([[6, 0, ids]], [[4, own.id], [4, theirs.id]]):
            with self.assertRaises(AccessError):
                wizard.onchange({"case_ids": commands}, ["case_ids"], spec)
            with self.assertRaises(AccessError):
                wizard.create({"case_ids": commands})
        with self.assertRaises(AccessError):
            wizard.with_context(default_case_ids=ids).onchange({}, [], spec)
        made = wizard.with_context(default_case_ids=own.ids).create({})
        self.assertEqual(made.case_ids, own)
        with self.assertRaises(AccessError):
            made.write({"case_ids": [[4, theirs.id]]})

    @mute_logger("odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule")
    def test_lines_that_are_entered_name_only_what_one_sees(self):
        own = self._create_case(user_id=self.agent_own.id)
        wizard = self.env["customer.service.case.credit"].with_user(self.agent_own)
        line = [0, "virtual_1", {"move_line_id": 1}]
        with self.assertRaises(AccessError):
            wizard.onchange({"case_id": own.id, "line_ids": [line]}, ["line_ids"], {})

    def test_several_who_are_kept_apart_read_nothing_of_each_other(self):
        carol = self.env["res.partner"].create({"name": "Carol", "email": "carol@cole.example"})
        carols = self._create_case(name="Carol's", partner_id=carol.id)
        question = self._customer_writes(carols, "Carol's question")
        answer = self._reply(carols, user=self.supervisor, body="Our answer to Carol")
        self._merge(self.survivor, self.other | carols, confirmed=True)
        merge = self.Merge.with_user(self.agent_team)
        chosen = self.bobs | self.answer | question | answer
        log = merge._split(
            self.survivor.with_user(self.agent_team),
            chosen.with_user(self.agent_team),
            {"partner_id": self.other_customer.id},
        )
        self.assertEqual(log.merged_ids.partner_id, self.other_customer)
        self.assertEqual(self._public(log.merged_ids), self.bobs | self.answer)
        log.with_user(self.agent_team)._undo()
        self.assertFalse(self._public(self.survivor) & chosen)

    def test_context_of_a_client_switches_no_check_off(self):
        case = self._create_case(user_id=self.agent_team.id)
        foreign = self._create_case(user_id=self.agent_team.id, partner_id=self.other_customer.id)
        moves = {"customer_service_moves_history": True}
        with self.assertRaisesRegex(ValidationError, "different customers"):
            foreign.with_user(self.agent_team).with_context(**moves).parent_id = case
        contact = self.env["customer.service.interaction"].with_user(self.agent_team)
        contact = contact.create({"partner_id": self.customer.id})
        action = self.env["customer.service.action"].with_user(self.agent_team)
        action.create({"interaction_id": contact.id, "case_id": case.id})
        with self.assertRaises(PersonMismatch):
            contact.with_context(**moves).partner_id = self.other_customer


@tagged("post_install", "-at_install")
class TestGuestSecurity(PortalCommon):
    def test_guest_speaks_in_no_name_of_their_choice(self):
        self._login()
        token = self.case._portal_ensure_token()
        for place in (self.other_case.id, [self.other_case.id], {"case_id": self.other_case.id}):
            with self.subTest(place=place):
                self.make_jsonrpc_request(
                    "/mail/message/post",
                    {
                        "thread_model": self.case._name,
                        "thread_id": self.case.id,
                        "token": token,
                        "context": {"customer_service_written_to": place},
                        "post_data": {
                            "body": "Send it to my new address",
                            "subtype_xmlid": "mail.mt_comment",
                        },
                    },
                )
                message = self._spoken(self.case)[:1]
                self.assertIn("my new address", message.body)
                self.assertEqual(message.author_id, self.customer)
                self.assertNotIn("bob", message.email_from)

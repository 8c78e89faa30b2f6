from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_answer_all import AnswerAllCommon


@tagged("post_install", "-at_install")
class TestAnswerAllTour(AnswerAllCommon, HttpCase):
    """Three mails about one matter, one answer, in a real browser."""

    def test_agent_answers_all_children(self):
        self.agent_team.lang = "en_US"
        self.stranger.action_close()
        self.env["mail.canned.response"].create(
            {
                "source": "tomorrow",
                "substitution": "It comes tomorrow.",
                "group_ids": [(6, 0, self.env.ref("customer_service.group_agent").ids)],
            }
        )
        self.start_tour(
            f"/odoo/cases/{self.parent.id}",
            "customer_service_answer_all_tour",
            login="cs_agent_team",
        )
        self.env.invalidate_all()
        for case, greeting in ((self.polish, "Anna Kowalska"), (self.english, "Bob Baker")):
            message = self._answers(case)
            self.assertEqual(len(message), 1)
            self.assertIn(f"Dear {greeting}, It comes tomorrow.", message.body)
            self.assertEqual(message.author_id, self.agent_team.partner_id)
        self.assertFalse(self._answers(self.stranger))
        self.assertEqual(self.parent.status, "resolved")

    def test_three_mails_about_one_order_end_together(self):
        self.team.write({"use_hierarchy": True, "close_children_with_parent": True})
        self.children.action_close()
        first, second, third = cases = self.Case.union(
            *(
                self._receive(
                    self._mail(f"Where is {self.order.name}?", Subject=f"{name} mail", From=sender)
                )
                for name, sender in (
                    ("First", "Anna Kowalska <anna@lampy.example>"),
                    ("Second", "Anna Kowalska <anna@lampy.example>"),
                    ("Third", "Piotr Nowak <piotr@lampy.example>"),
                )
            )
        )
        with self.mock_mail_gateway():
            self.start_tour(
                "/odoo/cases", "customer_service_one_matter_tour", login="cs_agent_team"
            )
            self.env["mail.mail"].process_email_queue()
            self.env.invalidate_all()
        self.assertEqual((second | third).parent_id, first)
        self.assertEqual(set(cases.mapped("status")), {"resolved"})
        self.assertFalse(any(cases.mapped("awaiting_reply")))
        for case in cases:
            self.assertEqual(len(self._answers(case)), 1, case.name)
        subjects = sorted(mail["subject"] for mail in self._mails)
        self.assertEqual([subject.split(" mail")[0] for subject in subjects], [
            "Re: First", "Re: Second", "Re: Third"
        ])
        addresses = "".join(str(mail["email_to"]) for mail in self._mails)
        self.assertEqual(addresses.count("anna@lampy.example"), 2)
        self.assertEqual(addresses.count("piotr@lampy.example"), 1)

    def test_agent_answers_a_selection(self):
        self.start_tour(
            "/odoo/cases", "customer_service_answer_several_tour", login="cs_agent_team"
        )
        self.env.invalidate_all()
        self.assertIn("We look into it.", self._answers(self.english).body)
        self.assertIn("We look into it.", self._answers(self.stranger).body)
        self.assertEqual(self.english.status, "resolved")
        self.assertFalse(self._answers(self.polish))

"""An answer is on its way while its case is merged: real servers on both sides."""

from odoo.tests import tagged

from .common import CustomerServiceCommon
from .test_mail_circle import MailCircleMixin


@tagged("post_install", "-at_install")
class TestMergeWithAnswerInFlight(MailCircleMixin, CustomerServiceCommon):

    def test_answer_in_flight_arrives_at_the_case_that_stays(self):
        for number in (1, 2):
            self.mailbox.deliver(
                "support", self._mail(body=f"Question {number}", Subject=f"Matter {number}")
            )
        self._fetch()
        survivor, case = self._cases().sorted("id")
        self._reply(case, body="Which lamp?")
        (sent,) = self.sink.wait_for_messages(1)
        merge = self.env["customer.service.case.merge"].with_user(self.supervisor)
        log = merge._merge(survivor.with_user(self.supervisor), case.with_user(self.supervisor))

        self.mailbox.deliver("support", self._customer_reply(sent.parsed, "The red one"))
        self._fetch()
        self.assertEqual(self._cases(), survivor | case)
        self.assertIn("The red one", "".join(survivor.message_ids.mapped("body")))
        self.assertEqual((survivor.message_count_customer, case.message_count), (3, 0))
        self.assertTrue(survivor.awaiting_reply)

        # The headers were lost on the way: the number in the subject still leads there.
        stripped = self._mail(
            body="Do you hear me?", Subject=sent.parsed["Subject"], To=sent.parsed["Reply-To"]
        )
        self.mailbox.deliver("support", stripped)
        self._fetch()
        self.assertEqual(survivor.message_count_customer, 4)

        log._undo()
        self.assertEqual((survivor.message_count_customer, case.message_count), (3, 2))

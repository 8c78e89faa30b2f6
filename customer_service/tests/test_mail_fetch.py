"""Fetching the mailboxes of cases: nothing lost, nothing doubled, whatever dies in between."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_service.tools import mail_connection
from odoo.addons.customer_service.tools.mail_connection import (
    ImapMailbox,
    MailConnectionError,
    PopMailbox,
    folder_name,
)

from .common import CustomerServiceCommon
from .mail_servers import MailServersMixin

CANARY = "canary-4711"
PROTOCOLS = (("imap", ImapMailbox), ("pop", PopMailbox))


class FetchCommon(MailServersMixin, CustomerServiceCommon):
    """A mail server and a mailbox of the first team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {f"user{number}": CANARY for number in range(60)}
        cls.dovecot = cls._start_dovecot(cls.users, tls=False)
        cls.free_users = iter(cls.users)

    def setUp(self):
        super().setUp()
        self.env["fetchmail.server"].search([]).active = False

    def _server(self, protocol="imap", **values):
        """Make a confirmed server of the first team, with a mailbox that is new and empty."""
        port = self.dovecot.imap_port if protocol == "imap" else self.dovecot.pop3_port
        server = self.env["fetchmail.server"].create(
            {
                "name": "Support mailbox",
                "server_type": protocol,
                "server": "localhost",
                "port": port,
                "user": next(self.free_users),
                "password": CANARY,
                "customer_service_team_id": self.team.id,
                **values,
            }
        )
        server.button_confirm_login()
        return server

    def _deliver(self, server, *mails, folder=""):
        for mail in mails or (self._mail(),):
            self.dovecot.deliver(server.user, mail, folder)

    def _fetch(self, server, limit=50):
        """Fetch as the background job does, each mail in its own transaction."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            error = server.with_env(server.env(cr=cr))._fetch_mail(batch_limit=limit)
        self.env.invalidate_all()
        return error

    def _runs(self, server):
        return self.env["customer.service.mail.run"].search([("server_id", "=", server.id)])

    def _logs(self, server):
        return self.env["customer.service.mail.log"].search(
            [("server_id", "=", server.id)], order="id"
        )

    def _on_server(self, server, folder=""):
        """Return how many mails are on the server, and how many of them are unread."""
        return (
            len(self.dovecot.messages(server.user, folder)),
            self.dovecot.unread(server.user, folder),
        )


@tagged("post_install", "-at_install")
class TestMailFetch(FetchCommon):
    def test_each_mail_becomes_a_case_and_the_run_counts_it(self):
        server = self._server()
        message = self._reply(self._create_case())
        message.message_id = "<answer@shop.example>"
        self._deliver(
            server,
            self._mail(Subject="Where is it?"),
            self._mail(Subject="Re: it", In_Reply_To=message.message_id),
            self._mail(Subject="Out of office", Auto_Submitted="auto-replied"),
        )
        self.assertIsNone(self._fetch(server))
        run = self._runs(server)
        self.assertEqual(run.fetched_count, 3)
        self.assertEqual((run.new_count, run.continued_count, run.automatic_count), (1, 1, 1))
        self.assertEqual(run.log_ids.mapped("server_id"), server)
        self.assertEqual(
            run.summary, "Fetched 3: 1 new, 1 continued, 1 automatic, 0 ignored, 0 failed."
        )
        self.assertTrue(server.last_success)
        self.assertFalse(server.error_message)
        self.assertEqual(self._on_server(server), (3, 0))

    def test_a_visit_without_mail_leaves_no_run(self):
        server = self._server()
        self._fetch(server)
        self.assertFalse(self._runs(server))
        self.assertTrue(server.last_success)

    def test_mail_is_kept_or_deleted_as_chosen_and_fetched_once(self):
        for protocol, _mailbox in PROTOCOLS:
            for after in ("keep", "delete"):
                with self.subTest(protocol=protocol, after=after):
                    server = self._server(protocol, after_fetch=after)
                    self._deliver(server, self._mail(), self._mail())
                    self._fetch(server)
                    self._deliver(server)
                    self._fetch(server)
                    self._fetch(server)
                    self.assertEqual(self._logs(server).mapped("outcome"), ["new"] * 3)
                    self.assertEqual(self._on_server(server)[0], 3 if after == "keep" else 0)

    def test_a_folder_with_any_name_is_read(self):
        name = "Zażalenia & zwroty"
        server = self._server()
        self.dovecot.make_folder(server.user, folder_name(name))
        server.folder = name
        self._deliver(server)
        self._deliver(server, folder=folder_name(name))
        self._fetch(server)
        self.assertEqual(len(self._logs(server)), 1)
        self.assertEqual(self._on_server(server), (1, 1), "the inbox is not touched")
        self.assertEqual(self._on_server(server, folder_name(name)), (1, 0))
        server.folder = "Nowhere"
        self.assertIn("Nowhere", str(self._fetch(server)))

    def test_continue_only_leaves_what_it_ignores(self):
        for protocol, _mailbox in PROTOCOLS:
            for after in ("keep", "delete"):
                with self.subTest(protocol=protocol, after=after):
                    server = self._server(protocol, after_fetch=after, start_new_cases=False)
                    message = self._reply(self._create_case())
                    message.message_id = f"<{server.user}@shop.example>"
                    self._deliver(server, self._mail(), self._mail(In_Reply_To=message.message_id))
                    self._fetch(server)
                    self.assertEqual(self._logs(server).mapped("outcome"), ["ignored", "continued"])
                    self.assertIn("It answers no known case: 1", self._runs(server).summary)
                    self._fetch(server)
                    self.assertEqual(len(self._logs(server)), 2, "it is not taken again")
                    self.assertEqual(server.waiting_count, 0)
                    left, unread = self._on_server(server)
                    self.assertEqual(left, 2 if after == "keep" else 1)
                    if protocol == "imap":
                        self.assertEqual(unread, 1)

    def test_a_mail_that_is_too_large_stays_and_becomes_a_failure(self):
        for protocol, _mailbox in PROTOCOLS:
            with self.subTest(protocol=protocol):
                server = self._server(protocol, after_fetch="delete")
                self._deliver(server, self._mail(Subject="Large", body="x\n" * 30_000))
                with patch.object(
                    self.registry["fetchmail.server"], "_largest_mail", lambda _self: 50_000
                ):
                    self._fetch(server)
                    self._fetch(server)
                log = self._logs(server)
                self.assertEqual(log.outcome, "failed")
                failure = log.failure_id
                self.assertIn("too large", failure.error)
                self.assertEqual(failure.subject, "Large")
                self.assertFalse(failure.is_complete)
                self.assertLess(len(failure.attachment_id.raw), 2_000)
                self.assertEqual(self._on_server(server), (1, 1))

    def test_batches_and_what_still_waits(self):
        server = self._server()
        self._deliver(server, *[self._mail() for _number in range(5)])
        self._fetch(server, limit=3)
        self.assertEqual(server.waiting_count, 2)
        self.assertIn("2 still wait", self._runs(server).summary)
        self._fetch(server, limit=3)
        self.assertEqual(server.waiting_count, 0)
        self.assertEqual(self._runs(server).mapped("fetched_count"), [2, 3])

    # ------------------------------------------------------------------------------------------
    # Whatever dies in between
    # ------------------------------------------------------------------------------------------

    def _assert_one_case(self, server, deleted):
        """Fetch until nothing changes; each mail must be one case."""
        self.assertIsNone(self._fetch(server))
        self.assertIsNone(self._fetch(server))
        cases = self._logs(server).case_id
        self.assertEqual(len(cases), 3)
        self.assertEqual(
            sorted(cases.mapped("name")), ["Mail 0", "Mail 1", "Mail 2"], "each mail once"
        )
        self.assertEqual(len(cases.message_ids.filtered(lambda m: m.message_type == "email")), 3)
        count, unread = self._on_server(server)
        self.assertEqual(count, 0 if deleted else 3)
        if server.server_type == "imap":
            self.assertEqual(unread, 0)
        self.assertFalse(server.error_message)

    def test_connection_that_dies_at_any_moment_gives_exactly_one_message(self):
        for protocol, mailbox in PROTOCOLS:
            for after in ("keep", "delete"):
                for moment in ("sizes", "fetch", "done", "close"):
                    with self.subTest(protocol=protocol, after=after, moment=moment):
                        server = self._server(protocol, after_fetch=after)
                        self._deliver(
                            server,
                            *[
                                self._mail(Subject=f"Mail {n}", From=f"{server.user}@x.example")
                                for n in range(3)
                            ],
                        )
                        self._fetch_and_die(server, mailbox, moment)
                        self._assert_one_case(server, deleted=after == "delete")

    def _fetch_and_die(self, server, mailbox, moment):
        """Fetch once, and cut the connection for real the second time something is done."""
        original = getattr(mailbox, moment)
        calls = []

        def die(self, *args, **kwargs):
            calls.append(args)
            if len(calls) == (1 if moment in ("sizes", "close") else 2):
                self._client.sock.shutdown(2)
            return original(self, *args, **kwargs)

        with patch.object(mailbox, moment, die):
            error = self._fetch(server)
        self.assertTrue(calls)
        if moment in ("fetch",) or (moment == "done" and mailbox is ImapMailbox):
            self.assertIn("broke", str(error))
            self.assertIn("broke", server.error_message)
            self.assertTrue(self._runs(server)[0].error)

    def test_the_mail_server_itself_dies_and_comes_back(self):
        for protocol, mailbox in PROTOCOLS:
            with self.subTest(protocol=protocol):
                server = self._server(protocol, after_fetch="delete")
                self._deliver(
                    server,
                    *[
                        self._mail(Subject=f"Mail {n}", From=f"{server.user}@x.example")
                        for n in range(3)
                    ],
                )
                original = mailbox.done
                ports = [
                    getattr(self.dovecot, name)
                    for name in ("imap_port", "imaps_port", "pop3_port", "pop3s_port")
                ]

                def stop(box, uid, delete, original=original):
                    if self.dovecot.process:
                        self.dovecot.stop()
                    return original(box, uid, delete=delete)

                with patch.object(mailbox, "done", stop):
                    self.assertTrue(self._fetch(server))
                self.assertTrue(self._fetch(server), "it does not answer")
                self.assertIn("does not answer", server.error_message)
                self.dovecot.ports = ports
                self.dovecot.start()
                self._assert_one_case(server, deleted=True)

    def test_a_mail_that_meets_another_transaction_is_tried_again(self):
        server = self._server(after_fetch="delete")
        self._deliver(server)
        intake = self.registry["customer.service.mail.intake"]
        original = intake._take_in
        calls = []

        def conflict(self, *args, **kwargs):
            calls.append(args)
            if len(calls) < 5:
                raise SerializationFailure("could not serialize access")
            return original(self, *args, **kwargs)

        with patch.object(intake, "_take_in", conflict), patch("time.sleep"):
            self._fetch(server)
        self.assertEqual(len(calls), 5)
        self.assertEqual(self._logs(server).mapped("outcome"), ["new"])
        self.assertEqual(self._on_server(server), (0, 0))

    def test_a_mail_that_always_meets_another_transaction_is_kept_as_failure(self):
        server = self._server(after_fetch="delete")
        self._deliver(server)
        conflict = SerializationFailure("could not serialize access")
        with (
            patch.object(
                self.registry["customer.service.mail.intake"], "_take_in", side_effect=conflict
            ),
            patch("time.sleep"),
        ):
            self._fetch(server)
        log = self._logs(server)
        self.assertEqual((log.outcome, log.failure_id.is_complete), ("failed", True))
        self.assertEqual(self._on_server(server), (0, 0), "it is kept here")

    @mute_logger("odoo.addons.customer_service.models.customer_service_mailbox")
    def test_a_mail_that_cannot_even_be_kept_stays_on_the_server(self):
        for protocol, _mailbox in PROTOCOLS:
            with self.subTest(protocol=protocol):
                server = self._server(protocol, after_fetch="delete")
                self._deliver(server, self._mail(Subject="Poison"), self._mail(Subject="Good"))
                intake = self.registry["customer.service.mail.intake"]
                failure = self.registry["customer.service.mail.failure"]
                original = intake._take_in

                def refuse(self, raw, original=original, **kwargs):
                    if b"Poison" in raw:
                        raise OSError("the disk is full")
                    return original(self, raw, **kwargs)

                with (
                    patch.object(intake, "_take_in", refuse),
                    patch.object(failure, "_keep", side_effect=OSError("the disk is full")),
                ):
                    self.assertIn("neither be processed nor kept", str(self._fetch(server)))
                self.assertEqual(self._logs(server).mapped("subject"), ["Good"])
                self.assertIn("disk is full", server.error_message)
                self._fetch(server)
                self.assertEqual(self._logs(server).mapped("subject"), ["Good", "Poison"])
                self.assertEqual(self._on_server(server)[0], 0)

    # ------------------------------------------------------------------------------------------
    # Errors, access, secrets
    # ------------------------------------------------------------------------------------------

    def test_a_server_that_fails_for_days_is_given_up(self):
        server = self._server()
        server.port = 1
        error = self._fetch(server)
        self.assertIn("does not answer on port 1", str(error))
        first = server.error_date
        self.assertTrue(first)
        self._fetch(server)
        self.assertEqual(server.error_date, first, "since when it fails")
        self.assertEqual(server.state, "done")
        server.error_date = "2020-01-01"
        with self.assertLogs("odoo.addons.base.models.ir_cron", "WARNING") as logs:
            self._fetch(server)
        self.assertIn("Deactivating mail server", logs.output[0])
        self.assertEqual(server.state, "draft")

    def test_one_bad_server_does_not_stop_the_others(self):
        bad, good = self._server(), self._server()
        bad.port = 1
        self._deliver(good)
        self.assertTrue(self._fetch(bad | good))
        self.assertEqual(len(self._logs(good)), 1)

    def test_servers_of_other_apps_stay_with_the_host(self):
        other = self.env["fetchmail.server"].create({"name": "Other", "state": "done"})
        self.assertFalse(other.serves_cases)
        ours = self._server()
        host = self.env.registry["fetchmail.server"].mro()
        host = next(c for c in reversed(host) if "_fetch_mail" in vars(c))
        with patch.object(host, "_fetch_mail", return_value=None, autospec=True) as fetch:
            self._fetch(ours | other)
        (call,) = fetch.call_args_list
        self.assertEqual(call.args[0].ids, other.ids)

    def test_no_password_in_logs_errors_or_records(self):
        server = self._server()
        words = MailConnectionError("server", f"BAD LOGIN user {CANARY} {CANARY}")
        with (
            self.assertLogs("odoo", "DEBUG") as logs,
            patch.object(mail_connection.ImapClient, "login", side_effect=words),
        ):
            error = self._fetch(server)
            with self.assertRaises(UserError) as caught:
                server.button_confirm_login()
        run = self._runs(server)
        for text in (
            *logs.output,
            str(error),
            str(caught.exception),
            server.error_message,
            run.error,
        ):
            self.assertNotIn(CANARY, text)
        self.assertIn("***", server.error_message)

    def test_problems_are_told_in_a_sentence(self):
        server = self._server()
        for values, words in (
            ({"password": "wrong"}, "refuses the user name or the password"),
            ({"server": "no-such-host.invalid"}, "There is no mail server"),
            ({"port": 1}, "does not answer on port 1"),
            ({"encryption": "starttls"}, "does not offer STARTTLS"),
            ({"encryption": "ssl"}, "does not speak SSL/TLS"),
            ({"folder": "Nowhere"}, "There is no folder “Nowhere”"),
        ):
            with self.subTest(values=values):
                old = {name: server[name] for name in values}
                server.write(values)
                with self.assertRaisesRegex(UserError, words):
                    server.button_confirm_login()
                server.write(old)
                server.button_confirm_login()

    def test_ports_follow_protocol_and_encryption(self):
        form = Form(
            self.env["fetchmail.server"].with_context(default_customer_service_team_id=self.team.id)
        )
        self.assertEqual((form.encryption, form.port, form.server_type), ("ssl", 993, "imap"))
        self.assertTrue(form.check_certificate)
        for protocol, encryption, port in (
            ("imap", "starttls", 143),
            ("pop", "starttls", 110),
            ("pop", "ssl", 995),
            ("imap", "none", 143),
            ("imap", "ssl", 993),
        ):
            form.server_type = protocol
            form.encryption = encryption
            self.assertEqual((form.port, form.encryption), (port, encryption))
        form.port = 4711
        form.encryption = "starttls"
        self.assertEqual(form.port, 4711, "a port of one's own stays")

    def test_encryption_keeps_step_with_the_host(self):
        server = self._server()
        self.assertEqual((server.is_ssl, server.encryption), (False, "none"))
        server.is_ssl = True
        self.assertEqual(server.encryption, "ssl")
        server.encryption = "starttls"
        self.assertFalse(server.is_ssl)
        server.is_ssl = False
        self.assertEqual(server.encryption, "starttls")

    def test_only_system_administrators_see_servers(self):
        server = self._server()
        for user in (self.agent_team, self.supervisor, self.administrator, self.portal_user):
            with self.assertRaises(AccessError):
                server.with_user(user).read(["password"])
            with self.assertRaises(AccessError):
                server.with_user(user).action_sync_now()
        self.assertIn("password", self.env["fetchmail.server"]._fields)
        self.assertEqual(
            self.env["fetchmail.server"]._fields["password"].groups, "base.group_system"
        )

    def test_runs_are_for_supervisors(self):
        server = self._server()
        self._deliver(server)
        self._fetch(server)
        run = self._runs(server)
        read = run.with_user(self.supervisor).web_read(
            {"server_id": {"fields": {"display_name": {}}}, "summary": {}, "log_ids": {}}
        )
        self.assertEqual(read[0]["server_id"]["display_name"], "Support mailbox")
        with self.assertRaises(AccessError):
            run.with_user(self.supervisor).write({"error": "x"})
        with self.assertRaises(AccessError):
            run.with_user(self.agent_team).read(["summary"])
        run.start_date = "2020-01-01"
        self.env["customer.service.mail.run"]._gc_runs()
        self.assertFalse(run.exists())

    # ------------------------------------------------------------------------------------------
    # Run sync now
    # ------------------------------------------------------------------------------------------

    def _sync(self, records):
        """Press *Run sync now*."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            action = records.with_env(records.env(cr=cr)).action_sync_now()
        self.env.invalidate_all()
        return action

    def test_run_sync_now_shows_its_outcome_and_leaves_the_rest_to_the_cron(self):
        server = self._server()
        self.assertIn("There is no new mail", self._sync(server)["params"]["message"])
        self._deliver(server, *[self._mail() for _number in range(4)])
        with patch("odoo.addons.customer_service.models.customer_service_mailbox._SYNC_MAILS", 3):
            action = self._sync(server)
        run = self._runs(server)
        self.assertEqual((action["res_model"], action["res_id"]), (run._name, run.id))
        self.assertEqual(
            run.summary,
            "Fetched 3: 3 new, 0 continued, 0 ignored, 0 failed. "
            "1 still wait, they follow in the background.",
        )
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_run_sync_now_stops_in_time(self):
        server = self._server()
        self._deliver(server, self._mail(), self._mail())
        mailbox = "odoo.addons.customer_service.models.customer_service_mailbox"
        with patch(f"{mailbox}._SYNC_SECONDS", -1):
            self._sync(server)
        self.assertEqual(server.waiting_count, 1)

    def test_run_sync_now_says_what_is_wrong(self):
        server = self._server()
        server.password = "wrong"
        action = self._sync(server)
        run = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("refuses the user name or the password", run.error)
        server.set_draft()
        with self.assertRaisesRegex(UserError, "test and confirm it first"):
            self._sync(server)

    def test_administrator_of_the_app_syncs_the_servers_of_a_team(self):
        server = self._server()
        self._deliver(server)
        team = self.team.with_user(self.administrator)
        self._sync(team)
        self.assertEqual(len(self._logs(server)), 1)
        self.assertEqual(team.mailbox_count, 1)
        self.assertTrue(team.mailbox_last_success)
        with self.assertRaises(AccessError):
            self.team.with_user(self.supervisor).action_sync_now()

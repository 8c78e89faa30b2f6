from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, warmup

from .test_interaction import InteractionCommon

MORNING = datetime(2026, 3, 2, 9, 0, 0)


class HandlingCommon(InteractionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Handling = cls.env["customer.service.handling"]
        cls.case = cls._create_case()
        cls.other_case = cls._create_case(name="Invoice")
        cls.channel = cls.env["discuss.channel"]._create_channel(name="Desk", group_id=None)
        cls.team.write({"long_handling_minutes": 20, "alert_channel_id": cls.channel.id})

    def setUp(self):
        super().setUp()
        self.time = self.startPatcher(freeze_time(MORNING))
        self.mine = self.Handling.with_user(self.agent_team)

    def _wait(self, **length):
        """Let time pass."""
        self.time.move_to(datetime.now() + timedelta(**length))

    def _start(self, case=None, user=None):
        """Let an agent start the clock, and return the handling."""
        clock = self.mine.with_user(user or self.agent_team).handling_start(
            case.id if case else False
        )
        return self.Handling.with_user(user or self.agent_team).browse(clock["running"]["id"])

    def _minutes(self, handling):
        handling.invalidate_recordset()
        return round(handling.sudo().duration * 60, 6)

    def _handled(self, minutes, case=None):
        """Return a handling that lasted some minutes."""
        handling = self._start(case or self.case)
        self._wait(minutes=minutes)
        handling.handling_stop()
        return handling


@tagged("post_install", "-at_install")
class TestHandling(HandlingCommon):
    def test_pauses_are_not_counted(self):
        handling = self._start(self.case)
        self._wait(minutes=10)
        handling.handling_pause()
        self._wait(minutes=30)
        handling.handling_resume()
        self._wait(minutes=5)
        clock = handling.handling_stop()
        self.assertEqual(self._minutes(handling), 15)
        self.assertEqual(handling.state, "stopped")
        self.assertEqual(clock, {"running": False, "paused": []})
        self.assertEqual(self.case.with_user(self.agent_team).handling_duration, 0.25)

    def test_starting_a_clock_pauses_the_other(self):
        first = self._start(self.case)
        self._wait(minutes=3)
        second = self._start(self.other_case)
        self.assertEqual(first.state, "paused")
        self.assertEqual(second.state, "running")
        self._wait(minutes=4)
        first.handling_resume()
        self.assertEqual(second.state, "paused")
        self._wait(minutes=1)
        clock = self.mine.handling_clock()
        self.assertEqual(clock["running"]["id"], first.id)
        self.assertEqual(clock["running"]["seconds"], 4 * 60)
        self.assertEqual(clock["running"]["case_number"], self.case.number)
        self.assertEqual([paused["seconds"] for paused in clock["paused"]], [4 * 60])

    def test_starting_again_goes_on(self):
        handling = self._start(self.case)
        self.assertEqual(self._start(self.case), handling)
        handling.handling_pause()
        self.assertEqual(self._start(self.case), handling)
        handling.handling_stop()
        self.assertNotEqual(self._start(self.case), handling)

    def test_clock_without_a_case(self):
        handling = self._start()
        self.assertEqual(self._start(), handling)
        self.assertFalse(handling.case_id)
        self.assertEqual(handling.team_id, self.team)
        handling.handling_pause()
        self.assertNotEqual(self._start(), handling)

    def test_pressing_twice_changes_nothing(self):
        handling = self._start(self.case)
        self._wait(minutes=2)
        handling.handling_pause()
        self._wait(minutes=2)
        handling.handling_pause()
        handling.handling_resume()
        handling.handling_resume()
        self._wait(minutes=2)
        handling.handling_stop()
        self._wait(minutes=2)
        handling.handling_stop()
        handling.handling_pause()
        self.assertEqual(self._minutes(handling), 4)
        with self.assertRaisesRegex(UserError, "Start the clock anew"):
            handling.handling_resume()

    def test_clock_set_back_measures_nothing_negative(self):
        handling = self._start(self.case)
        self._wait(minutes=-5)
        handling.handling_stop()
        self.assertEqual(self._minutes(handling), 0)

    def test_done_case_stops_my_clock_only(self):
        mine = self._start(self.case)
        theirs = self._start(self.case, self.supervisor)
        self._wait(minutes=6)
        self.case.with_user(self.agent_team).action_resolve()
        self.assertEqual(mine.state, "stopped")
        self.assertEqual(theirs.state, "running")
        self.assertEqual(self._minutes(mine), 6)

    def test_deleting_a_case_keeps_the_time(self):
        handling = self._handled(5)
        self.case.sudo().unlink()
        handling.invalidate_recordset()
        self.assertFalse(handling.case_id)
        self.assertEqual(self._minutes(handling), 5)

    def test_all_tabs_are_told(self):
        self._reset_bus()
        handling = self._start(self.case)
        with self.assertBus(
            [(self.cr.dbname, "res.partner", self.agent_team.partner_id.id)],
            [
                {
                    "type": "customer_service.clock",
                    "payload": {
                        "running": False,
                        "paused": [
                            {
                                "id": handling.id,
                                "case_id": self.case.id,
                                "case_number": self.case.number,
                                "case_name": self.case.name,
                                "seconds": 60,
                                "stretch": 0,
                                "alert_after": 20 * 60,
                                "remind_after": 2 * 3600,
                                "is_told": False,
                            }
                        ],
                    },
                }
            ],
        ):
            self._wait(minutes=1)
            handling.handling_pause()

    # ------------------------------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------------------------------

    def test_others_have_no_clock(self):
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Handling.with_user(user).handling_start(self.case.id)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Handling.with_user(user).handling_clock()

    def test_case_out_of_sight_is_refused(self):
        hidden = self._create_case(team_id=self.other_team.id)
        with self.assertRaises(AccessError):
            self.mine.handling_start(hidden.id)

    def test_case_that_is_gone_is_refused(self):
        case_id = self.other_case.id
        self.other_case.unlink()
        with self.assertRaises(UserError):
            self.mine.handling_start(case_id)

    def test_clock_of_a_colleague_is_refused(self):
        handling = self._start(self.case)
        theirs = handling.with_user(self.agent_own)
        for method in ("handling_pause", "handling_resume", "handling_stop", "handling_keep"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(theirs, method)()
        with self.assertRaises(AccessError):
            theirs.read(["duration"])

    def test_supervisor_stops_a_forgotten_clock_but_does_not_start_it(self):
        handling = self._start(self.case)
        handling.handling_pause()
        with self.assertRaises(AccessError):
            handling.with_user(self.supervisor).handling_resume()
        handling.with_user(self.supervisor).handling_stop()
        self.assertEqual(handling.state, "stopped")

    def test_nobody_writes_times_directly(self):
        handling = self._handled(5)
        for user in (self.agent_team, self.supervisor, self.administrator):
            own = handling.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    own.write({"duration": 1})
                with self.assertRaises(AccessError):
                    own.period_ids.write({"stop": MORNING + timedelta(hours=4)})
                with self.assertRaises(AccessError):
                    own.period_ids.unlink()
                with self.assertRaises(AccessError):
                    own.unlink()

    def test_supervisor_of_another_company_sees_nothing(self):
        handling = self._handled(5)
        self.supervisor.write(
            {"company_ids": [(6, 0, self.company_2.ids)], "company_id": self.company_2.id}
        )
        found = self.Handling.with_user(self.supervisor).search([("id", "=", handling.id)])
        self.assertFalse(found)

    # ------------------------------------------------------------------------------------------
    # Corrections
    # ------------------------------------------------------------------------------------------

    def _correct(self, handling, minutes, reason="Forgot it", user=None):
        wizard = self.env["customer.service.handling.correct"].with_user(user or self.agent_team)
        return wizard.create(
            {"handling_id": handling.id, "minutes": minutes, "reason": reason}
        ).action_apply()

    def test_correction_is_logged_with_its_reason(self):
        handling = self._handled(90)
        self._wait(minutes=5)
        self._correct(handling, 12, "Went to lunch")
        self.assertEqual(self._minutes(handling), 12)
        self.assertEqual(handling.start_date, MORNING)
        self.assertEqual(handling.stop_date, MORNING + timedelta(minutes=12))
        log = handling.correction_ids
        self.assertEqual(log.reason, "Went to lunch")
        self.assertEqual(log.user_id, self.agent_team)
        self.assertEqual((log.duration_before, log.duration_after), (1.5, 0.2))
        with self.assertRaises(AccessError):
            log.with_user(self.administrator).write({"reason": "Nothing"})

    def test_correction_upwards_begins_earlier(self):
        handling = self._handled(5)
        self._correct(handling, 8)
        self.assertEqual(self._minutes(handling), 8)
        self.assertEqual(handling.start_date, MORNING - timedelta(minutes=3))
        self.assertEqual(handling.stop_date, MORNING + timedelta(minutes=5))

    def test_correction_to_nothing_and_back(self):
        handling = self._handled(5)
        self._correct(handling, 0)
        self.assertEqual(self._minutes(handling), 0)
        self._correct(handling, 7)
        self.assertEqual(self._minutes(handling), 7)
        self.assertEqual(len(handling.correction_ids), 2)

    def test_corrections_that_are_refused(self):
        handling = self._start(self.case)
        with self.assertRaisesRegex(UserError, "not stopped"):
            self._correct(handling, 1)
        with self.assertRaisesRegex(UserError, "not stopped"):
            handling.action_correct()
        handling.handling_stop()
        with self.assertRaisesRegex(ValidationError, "why"):
            self._correct(handling, 1, "  ")
        for minutes in (-1, 24 * 60 + 1):
            with self.assertRaisesRegex(ValidationError, "between"):
                self._correct(handling, minutes)
        with self.assertRaises(AccessError):
            self._correct(handling, 1, user=self.agent_own)
        self._correct(handling, 1, user=self.supervisor)
        self.assertEqual(handling.correction_ids.user_id, self.supervisor)

    def test_time_that_no_clock_measured(self):
        wizard = self.env["customer.service.handling.correct"].with_user(self.agent_team)
        values = {"case_id": self.case.id, "minutes": 15, "reason": "Visit at the counter"}
        with self.assertRaisesRegex(ValidationError, "not over"):
            wizard.create({**values, "start": MORNING - timedelta(minutes=5)}).action_apply()
        wizard.create({**values, "start": MORNING - timedelta(minutes=30)}).action_apply()
        handling = self.mine.search([("case_id", "=", self.case.id)])
        self.assertEqual(self._minutes(handling), 15)
        self.assertEqual(handling.state, "stopped")
        self.assertEqual(handling.correction_ids.reason, "Visit at the counter")
        hidden = self._create_case(team_id=self.other_team.id)
        with self.assertRaises(AccessError):
            wizard.create(
                {**values, "case_id": hidden.id, "start": MORNING - timedelta(hours=1)}
            ).action_apply()


@tagged("post_install", "-at_install")
class TestInteractionTime(HandlingCommon):
    def test_recording_stops_the_clock_and_takes_its_time(self):
        handling = self._start()
        self._wait(minutes=7)
        interaction, case = self._recorded(self._record(handling_id=handling.id, duration=0.5))
        self.assertEqual(handling.state, "stopped")
        self.assertEqual(handling.interaction_id, interaction)
        self.assertEqual(handling.case_id, case)
        self.assertEqual(round(interaction.duration * 60, 6), 7)

    def test_contact_about_two_matters_belongs_to_none_of_them(self):
        handling = self._start()
        self._wait(minutes=7)
        matters = [{"name": "Lamp"}, {"name": "Invoice"}]
        self._record(handling_id=handling.id, matters=matters)
        self.assertFalse(handling.case_id)

    def test_duration_follows_corrections(self):
        handling = self._start()
        self._wait(minutes=7)
        interaction, _case = self._recorded(self._record(handling_id=handling.id))
        handling.sudo(False)._correct(4 * 60, "Talked about the weather")
        self.assertEqual(round(interaction.duration * 60, 6), 4)
        self.env.flush_all()
        interaction.invalidate_recordset()
        self.assertEqual(round(interaction.duration * 60, 6), 4)

    def test_clock_of_a_contact_counts_once(self):
        handling = self._start()
        self._wait(minutes=7)
        first, _case = self._recorded(self._record(handling_id=handling.id))
        second, _case = self._recorded(self._record(handling_id=handling.id))
        self.assertEqual(round(first.duration * 60, 6), 7)
        self.assertEqual(second.duration, 0)

    def test_clock_of_a_colleague_cannot_be_recorded(self):
        handling = self._start(user=self.supervisor)
        with self.assertRaises(AccessError):
            self._record(handling_id=handling.id)

    def test_solved_contact_about_the_case_of_the_clock(self):
        handling = self._start(self.case)
        self._wait(minutes=3)
        interaction, _case = self._recorded(
            self._record(handling_id=handling.id, matters=[{"case_id": self.case.id}])
        )
        self.assertEqual(self.case.status, "resolved")
        self.assertEqual(round(interaction.duration * 60, 6), 3)

    def test_typed_duration_is_on_the_clock_too(self):
        interaction, case = self._recorded(self._record(duration=0.25))
        handling = interaction.handling_ids
        self.assertEqual(self._minutes(handling), 15)
        self.assertEqual(handling.user_id, self.agent_team)
        self.assertEqual(handling.case_id, case)
        self.assertEqual(handling.stop_date, MORNING)
        self.assertEqual(interaction.duration, 0.25)

    def test_measured_duration_is_not_typed_over(self):
        interaction, _case = self._recorded(self._record(duration=0.25))
        mine = interaction.with_user(self.agent_team)
        with self.assertRaisesRegex(UserError, "Correct it there"):
            mine.duration = 0.5
        mine.duration = 0.25
        action = mine.action_correct_time()
        self.assertEqual(action["res_model"], "customer.service.handling.correct")

    def test_duration_typed_afterwards(self):
        interaction, _case = self._recorded(self._record())
        self.assertEqual(interaction.duration, 0)
        interaction.with_user(self.agent_team).duration = 0.1
        self.assertEqual(self._minutes(interaction.handling_ids), 6)
        self.assertEqual(interaction.duration, 0.1)


@tagged("post_install", "-at_install")
class TestLongHandling(HandlingCommon):
    def _posted(self):
        return self.channel.message_ids.filtered(lambda message: message.message_type == "comment")

    def _watch(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_service.ir_cron_handling_watch").method_direct_trigger()

    def test_channel_is_told_once_and_the_message_is_marked_done(self):
        handling = self._start(self.case)
        self._wait(minutes=19, seconds=59)
        self._watch()
        self.assertFalse(self._posted())
        self._wait(seconds=1)
        self._watch()
        self._watch()
        message = self._posted()
        self.assertEqual(len(message), 1)
        self.assertIn(self.case.number, message.body)
        self.assertIn(f'data-oe-id="{self.case.id}"', message.body)
        self.assertIn("20 minutes", message.body)
        self.assertNotIn("Done", message.body)
        self.assertNotIn("Kowalska", message.body)
        self._wait(minutes=14)
        handling.handling_pause()
        self.assertNotIn("Done", message.body)
        handling.handling_resume()
        self._wait(minutes=1)
        self._watch()
        handling.handling_stop()
        self.assertEqual(self._posted(), message)
        self.assertIn("Done", message.body)
        self.assertIn("35 minutes", message.body)
        self.assertIn(f'data-oe-id="{self.case.id}"', message.body)

    def test_open_browser_asks_at_once(self):
        handling = self._start(self.case)
        self._wait(minutes=19)
        clock = handling.handling_alert()
        self.assertFalse(self._posted())
        self.assertEqual(clock["running"]["alert_after"], 20 * 60)
        self._wait(minutes=1)
        clock = handling.handling_alert()
        self.assertEqual(len(self._posted()), 1)
        self.assertEqual(clock["running"]["alert_after"], 0)

    def test_pauses_do_not_count(self):
        handling = self._start(self.case)
        self._wait(minutes=15)
        handling.handling_pause()
        self._wait(minutes=60)
        handling.handling_resume()
        self._watch()
        self.assertFalse(self._posted())
        self._wait(minutes=5)
        self._watch()
        self.assertEqual(len(self._posted()), 1)

    def test_team_without_channel_or_limit_is_not_told(self):
        self.team.alert_channel_id = False
        self._start(self.case)
        self._wait(minutes=60)
        self._watch()
        self.team.write({"alert_channel_id": self.channel.id, "long_handling_minutes": 0})
        self._watch()
        self.assertFalse(self._posted())

    def test_deleted_message_is_no_obstacle(self):
        handling = self._start(self.case)
        self._wait(minutes=25)
        self._watch()
        self._posted().unlink()
        handling.handling_stop()
        self.assertEqual(handling.state, "stopped")

    def test_contact_without_a_case_is_told_and_named_at_the_end(self):
        handling = self._start()
        self._wait(minutes=21)
        self._watch()
        message = self._posted()
        self.assertIn("without a case", message.body)
        _interaction, case = self._recorded(self._record(handling_id=handling.id))
        self.assertIn("Done", message.body)
        self.assertIn(case.number, message.body)

    def test_channel_must_be_a_channel(self):
        chat = self.env["discuss.channel"].create({"name": "Two", "channel_type": "group"})
        with self.assertRaises(ValidationError):
            self.team.alert_channel_id = chat

    def test_forgotten_clock_is_reminded_of_once(self):
        handling = self._start(self.case)
        self._wait(hours=2)
        before = self.env["mail.notification"].search_count([])
        self._watch()
        self._watch()
        partner = self.agent_team.partner_id
        told = self.env["mail.notification"].search([("res_partner_id", "=", partner.id)])
        self.assertEqual(self.env["mail.notification"].search_count([]), before + 1)
        self.assertIn(self.case.number, told[-1].mail_message_id.body)
        clock = handling.handling_keep()
        self.assertEqual(clock["running"]["stretch"], 0)
        self._wait(hours=1, minutes=59)
        self._watch()
        self.assertEqual(self.env["mail.notification"].search_count([]), before + 1)
        self._wait(minutes=1)
        self._watch()
        self.assertEqual(self.env["mail.notification"].search_count([]), before + 2)

    @warmup
    def test_clock_costs_few_queries(self):
        for number in range(3):
            self._start(self._create_case(name=str(number)))
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.mine.handling_clock()

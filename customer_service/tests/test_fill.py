"""Tables about other models are filled in batch after batch, whatever breaks in between."""

from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomerServiceCommon

TABLES = ("customer.service.lookup.key", "customer.service.timeline.entry")


@tagged("post_install", "-at_install")
class TestFill(CustomerServiceCommon):
    """The look-up and the timelines, in databases that had records before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(12):
            cls._create_case(name=f"Case {number}", phone=f"+48 601 000 {number:03}")

    @contextmanager
    def _updated(self, name):
        """Give a table, empty, as an update leaves it that asks for other rows; and its rows."""
        table = self.env[name].sudo()
        table._sync()
        full = self._rows(table)
        self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table._table)))
        with (
            self.subTest(table=name),
            patch.object(self.registry[name], "_fill_version", 1_000),
            patch.object(self.registry[name], "_fill_batch_size", 5),
        ):
            yield table, full

    def _rows(self, table):
        """Return what a table has about our cases."""
        domain = [("res_model", "=", "customer.service.case"), ("res_id", "in", self._cases().ids)]
        name = "key" if "key" in table._fields else "event"
        return sorted((row.res_id, row.kind, row[name] or "") for row in table.search(domain))

    def _cases(self):
        return self.Case.search([("partner_id", "=", self.customer.id)])

    def _run_job(self, table):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            table.with_env(self.env(cr=cr))._cron_fill()
        self.env.invalidate_all()

    @contextmanager
    def _batches(self, table, breaks_at=None):
        """Note the batches that are written; the one of a number breaks.

        The tests catch that with ``suppress``: ``assertRaises`` would undo what was committed.
        """
        batches = []
        write = type(table)._fill_records

        def note(model, records):
            write(model, records)
            if len(batches) == breaks_at:
                raise ZeroDivisionError  # after the rows were written: they must not stay
            batches.append([(records._name, record_id) for record_id in records.ids])

        with patch.object(self.registry[table._name], "_fill_records", note):
            yield batches

    def test_a_job_that_broke_goes_on_behind_the_last_batch(self):
        for name in TABLES:
            with self._updated(name) as (table, full):
                with self._batches(table, breaks_at=4) as first, suppress(ZeroDivisionError):
                    self._run_job(table)
                with self._batches(table) as second:
                    self._run_job(table)
                written = [record for batch in first + second for record in batch]
                self.assertEqual(len(first), 4)
                self.assertEqual(len(written), len(set(written)), "nothing is written twice")
                self.assertEqual(self._rows(table), full)
                with self._batches(table) as third:
                    self._run_job(table)
                self.assertFalse(third, "what is filled in is not looked at again")

    def test_a_job_without_time_left_goes_on_the_next_time(self):
        for name in TABLES:
            with self._updated(name) as (table, full):
                with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_, **__: 0):
                    for _time in range(2):
                        self._run_job(table)
                self.assertNotEqual(self._rows(table), full, "two batches are not all")
                with self._batches(table) as batches:
                    self._run_job(table)
                self.assertTrue(batches)
                self.assertEqual(self._rows(table), full)

    def test_another_update_in_the_middle_begins_anew(self):
        for name in TABLES:
            with self._updated(name) as (table, full):
                with self._batches(table, breaks_at=2) as broken, suppress(ZeroDivisionError):
                    self._run_job(table)
                with (
                    patch.object(self.registry[table._name], "_fill_version", 1_001),
                    self._batches(table) as batches,
                ):
                    self._run_job(table)
                self.assertEqual(batches[:2], broken)
                self.assertEqual(self._rows(table), full)

    def test_an_update_that_asks_for_other_rows_has_the_job_run_soon(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        for name in TABLES:
            with self._updated(name) as (table, _full):
                job = self.env.ref(table._fill_job)
                before = triggers.search_count([("cron_id", "=", job.id)])
                table._fill_soon()
                self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before + 1)
                table._remember_filled()
                table._fill_soon()
                self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before + 1)

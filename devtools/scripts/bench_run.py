"""Run inside ``odoo shell``: carries out one benchmark.

SCRIPT_ARGUMENTS: its file and the scale, a line each. Each measurement is printed as
``BENCH|label|milliseconds|queries|ratio``, each line of a plan or
a note as ``PLAN|label|text``.
"""

# ruff: noqa: F821, T201 (env is there in odoo shell; what is printed is read by devtools.bench)
import importlib.util
import os
import statistics
import time

from odoo.tools import SQL

FILE, SCALE = os.environ["SCRIPT_ARGUMENTS"].splitlines()


class Bench:
    """What a benchmark gets.

    :ivar env: the superuser's environment
    :ivar float scale: by which to multiply numbers of records
    """

    def __init__(self, environment, scale):
        self.env = environment
        self.scale = scale
        self.times = {}

    def measure(self, label, function, *, floor=None, rounds=5):
        """Time a function, cold caches each time, and print the median.

        :param str label: what is measured
        :param function: takes the environment
        :param str floor: the label of an earlier measurement to compare with
        :param int rounds: how often
        :return: milliseconds
        """
        taken, queries = [], 0
        for _round in range(rounds):
            self.env.flush_all()
            self.env.invalidate_all()
            before, started = self.env.cr.sql_log_count, time.perf_counter()
            function(self.env)
            self.env.flush_all()
            taken.append((time.perf_counter() - started) * 1000)
            queries = self.env.cr.sql_log_count - before
        median = self.times[label] = statistics.median(taken)
        ratio = f"{median / self.times[floor]:.2f}" if floor else ""
        print(f"BENCH|{label}|{median:.2f}|{queries}|{ratio}", flush=True)
        return median

    def plan(self, label, query):
        """Print how PostgreSQL carries out a query, as it does it.

        :param str label: what is looked at
        :param query: an ``SQL``
        """
        explain = SQL("EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF) %s", query)
        for [line] in self.env.execute_query(explain):
            print(f"PLAN|{label}|{line}", flush=True)

    def note(self, label, text):
        """Print a fact that is no measurement."""
        print(f"PLAN|{label}|{text}", flush=True)

    def commit(self):
        """Make what was prepared permanent and let PostgreSQL know its size."""
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE")


spec = importlib.util.spec_from_file_location("benchmark", FILE)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.run(Bench(env, float(SCALE)))

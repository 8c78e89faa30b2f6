"""Makes pytest judge a test as Odoo's own runner does, and keeps what a failed browser test leaves.

- An error in Odoo's log fails the test it came up in; a test that expects one mutes it
(``mute_logger``, ``assertLogs``).
- A test tagged ``-standard`` is left out unless it is named.
- With ``CI`` in the environment a test skipped for a missing browser or mail server is a failure.
- Screenshots and the browser's console of a failed test are kept in .dev/artifacts.
- Of several processes each has files of its own beside its database: what one throws away another
  may still need.
"""

import functools
import logging
import os
import re
import shutil
from pathlib import Path

import pytest

from devtools.database import copy_files

NEEDED_PROGRAM = re.compile(r"chrom(e|ium)|dovecot|websocket-client", re.IGNORECASE)
#: what only says that a thread was told to end, or is known to come from the machine and not from
#: the code
HARMLESS = re.compile(r"^(Screenshot|Screencast) in: ")

#: seconds
BROWSER_PATIENCE = 60


class Recorder(logging.Handler):
    """Collects the errors that Odoo logs during a test, and what the browser's console says."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.errors = []
        self.console = []

    def emit(self, record):
        """Keep a record if it says something about the test."""
        if record.levelno >= logging.ERROR and not HARMLESS.match(record.getMessage()):
            self.errors.append(record)
        if record.name.endswith(".browser"):
            self.console.append(f"{record.levelname}: {record.getMessage()}")

    def tell_errors(self):
        """:return: the errors as text"""
        formatter = logging.Formatter("%(name)s: %(message)s")
        return "\n".join(formatter.format(record) for record in self.errors)


def pytest_configure():
    """A cold browser on a busy machine takes longer to start than Odoo allows it."""
    try:
        from odoo.tests import common
    except ImportError:
        return  # the tool's own tests can run without the host
    common.CHECK_BROWSER_ITERATIONS = int(BROWSER_PATIENCE / common.CHECK_BROWSER_SLEEP)


def pytest_sessionstart(session):
    """Give a worker files of its own; pytest-odoo copies the database only."""
    if not (_worker() and session.config.pluginmanager.hasplugin("odoo")):
        return
    from odoo.tools import config

    [database] = config["db_name"]
    shared = Path(config["data_dir"], "filestore")
    own = shared / f"{database}-{_worker()}"
    copy_files(shared / database, own / "filestore" / database)
    config["data_dir"] = str(own)
    session.config.add_cleanup(functools.partial(shutil.rmtree, own, ignore_errors=True))


def _worker():
    """:return: the name of this process among several, the end of the name of its database"""
    return os.environ.get("PYTEST_XDIST_WORKER")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Fail a test during which Odoo logged an error."""
    recorder = item.recorder = Recorder()
    logging.getLogger().addHandler(recorder)
    try:
        outcome = yield
    finally:
        logging.getLogger().removeHandler(recorder)
    if not outcome.excinfo and recorder.errors:
        message = (
            f"The test itself passed, but Odoo logged errors meanwhile:\n{recorder.tell_errors()}"
        )
        outcome.force_exception(pytest.fail.Exception(message, pytrace=False))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip for a missing program into a failure in CI, and collect the artifacts of a
    failure.
    """
    report = (yield).get_result()
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if NEEDED_PROGRAM.search(reason):
            report.outcome = "failed"
            report.longrepr = (
                f"{item.nodeid}: in CI nothing may be skipped for a missing program: {reason}"
            )
    if report.failed:
        folder = keep_artifacts(item)
        if folder:
            report.sections.append(("artifacts", str(folder)))


def keep_artifacts(item):
    """Gather the screenshots and the console log of a failed test in one folder.

    :return: the folder, None when there is nothing to keep
    """
    base = os.environ.get("DEV_ARTIFACTS")
    recorder = getattr(item, "recorder", None)
    if not base or not recorder:
        return None
    database = f"*-{_worker()}" if _worker() else "*"
    pictures = [
        picture
        for kind in ("screenshots", "screencasts")
        for picture in Path(base).glob(f"{database}/{kind}/*")
    ]
    if not pictures and not recorder.console:
        return None
    folder = Path(base) / re.sub(r"\W+", "_", item.nodeid).strip("_")
    folder.mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        shutil.move(picture, folder / picture.name)
    if recorder.console:
        (folder / "console.log").write_text("\n".join(recorder.console) + "\n", encoding="utf-8")
    return folder


def pytest_collection_modifyitems(config, items):
    """Leave out what Odoo would leave out: tests that are not tagged ``standard``, unless they are
    named.
    """
    if any("::" in argument for argument in config.args):
        return
    kept = [
        item
        for item in items
        if "standard" in getattr(getattr(item, "cls", None), "test_tags", {"standard"})
    ]
    left_out = [item for item in items if item not in kept]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_terminal_summary(terminalreporter):
    """Say where the artifacts are."""
    folders = {
        text
        for report in terminalreporter.stats.get("failed", [])
        for title, text in report.sections
        if title == "artifacts"
    }
    if folders:
        terminalreporter.section("screenshots and console logs of failed tests")
        for folder in sorted(folders):
            terminalreporter.line(folder)

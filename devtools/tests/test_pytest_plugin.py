"""How a test is judged."""

import os

import pytest

pytest_plugins = ["pytester"]

LOGGING = """
import logging

def test_logs():
    logging.getLogger("odoo.addons.some").error("something broke")

def test_expects():
    logger = logging.getLogger("odoo.addons.other")
    logger.propagate = False
    logger.error("expected")
"""
SKIPPING = """
import unittest

class TestTour(unittest.TestCase):
    def test_tour(self):
        raise unittest.SkipTest("Chrome executable not found")

    def test_other(self):
        raise unittest.SkipTest("not on a Sunday")
"""
BROWSING = """
import logging, os, pathlib

def test_tour():
    logging.getLogger("odoo.addons.x.browser").warning("a word of the page")
    folder = pathlib.Path(os.environ["DEV_ARTIFACTS"], "db", "screenshots")
    folder.mkdir(parents=True)
    (folder / "sc_1.png").write_bytes(b"png")
    assert False
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run tests with the plugin, without a host."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)

    def call(code):
        pytester.makepyfile(code)
        return pytester.runpytest_subprocess("-p", "devtools.pytest_plugin", "-p", "no:odoo", "-rs")

    return call


def test_an_error_in_the_log_fails_a_test_that_does_not_expect_it(run):
    result = run(LOGGING)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Odoo logged errors meanwhile*", "*something broke*"])


def test_a_missing_browser_skips_with_the_reason(run):
    result = run(SKIPPING)
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*Chrome executable not found*"])


def test_in_ci_a_missing_browser_is_a_failure(run, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = run(SKIPPING)
    result.assert_outcomes(skipped=1, failed=1)
    result.stdout.fnmatch_lines(["*in CI nothing may be skipped for a missing program*"])


def test_a_failed_tour_leaves_its_pictures_and_console(run, monkeypatch, tmp_path):
    monkeypatch.setenv("DEV_ARTIFACTS", str(tmp_path))
    result = run(BROWSING)
    result.assert_outcomes(failed=1)
    [folder] = [path for path in tmp_path.iterdir() if "test_tour" in path.name]
    assert sorted(os.listdir(folder)) == ["console.log", "sc_1.png"]
    assert "a word of the page" in (folder / "console.log").read_text()
    result.stdout.fnmatch_lines([f"{folder}*"])
    assert "1 failed" in result.stdout.lines[-1]

"""The virtual environment: made once, remade when half or outdated."""

import json
import sys
from pathlib import Path

import pytest

from devtools import venv
from devtools.errors import DevError
from devtools.host import Host

MAKE = """
case "$1" in --version) echo "uv 0.9.1"; exit 0;; esac
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin" "$UV_PROJECT_ENVIRONMENT/lib/python3.11/site-packages"
touch "$UV_PROJECT_ENVIRONMENT/bin/python"
echo made >> "$UV_PROJECT_ENVIRONMENT/made"
"""
HOST = Host(Path("/some/host"), (), "19.0")


@pytest.fixture
def clone(paths, monkeypatch):
    """A clone with a lock file."""
    monkeypatch.delenv("DEV_PYTHON", raising=False)
    (paths.root / "uv.lock").write_text("one")
    return paths


def made(paths):
    """:return: how often the environment was made"""
    return len((paths.venv / "made").read_text().split())


def test_made_once_and_pointed_at_the_host(clone, program):
    program("uv", MAKE)
    venv.ensure_venv(clone, HOST)
    venv.ensure_venv(clone, HOST)
    assert made(clone) == 1
    pth = clone.venv / "lib/python3.11/site-packages/customer_service_host.pth"
    assert pth.read_text() == f"/some/host\n{clone.root}\n"


def test_half_made_is_made_again(clone, program):
    program("uv", MAKE)
    venv.ensure_venv(clone, HOST)
    (clone.venv / venv.STAMP).unlink()
    venv.ensure_venv(clone, HOST)
    assert made(clone) == 2


def test_another_lock_file_makes_it_again(clone, program):
    program("uv", MAKE)
    venv.ensure_venv(clone, HOST)
    (clone.root / "uv.lock").write_text("two")
    venv.ensure_venv(clone, HOST)
    assert made(clone) == 2


def test_a_vanished_python_makes_it_again(clone, program):
    program("uv", MAKE)
    venv.ensure_venv(clone, HOST)
    clone.python.unlink()
    venv.ensure_venv(clone, HOST)
    assert made(clone) == 2


def test_another_python_that_is_asked_for_makes_it_again(clone, program, monkeypatch):
    program("uv", MAKE)
    venv.ensure_venv(clone, HOST)
    stamp = json.loads((clone.venv / venv.STAMP).read_text())
    (clone.venv / venv.STAMP).write_text(json.dumps({**stamp, "python": "3.9"}))
    venv.ensure_venv(clone, HOST)
    assert made(clone) == 1
    monkeypatch.setenv("DEV_PYTHON", sys.executable)
    venv.ensure_venv(clone, HOST)
    assert made(clone) == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error sending request: dns error", "^No network: the Python packages"),
        ("failed to copy file: No space left on device (os error 28)", "^The disk is full"),
    ],
)
def test_failures_are_sentences_and_leave_no_finished_environment(clone, program, said, sentence):
    program("uv", f'case "$1" in --version) echo "uv 0.9.1"; exit 0;; esac; echo "{said}"; exit 2')
    with pytest.raises(DevError, match=sentence):
        venv.ensure_venv(clone, HOST)
    assert not venv.is_current(clone)


def test_an_old_uv_is_not_taken(clone, program, monkeypatch):
    program("uv", 'echo "uv 0.2.0"')
    own = clone.dev / "uv/bin"
    own.mkdir(parents=True)
    (own / "uv").write_text('#!/bin/sh\necho "uv 0.9.0"\n')
    (own / "uv").chmod(0o755)
    assert venv.find_uv(clone) == [str(own / "uv")]

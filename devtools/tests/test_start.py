"""The file ./dev: which Python it takes, and what it says when there is none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOO_OLD = 'case "$*" in --version) echo "Python 3.8.18";; *) exit 1;; esac'


def call(folder, *arguments, **environ):
    """Call ./dev with nothing on PATH but what is in a folder and a few basic programs."""
    for name in ("sh", "dirname", "readlink", "env"):
        if not (folder / name).exists():
            (folder / name).symlink_to(shutil.which(name))
    variables = {"PATH": str(folder), "HOME": str(folder), **environ}
    return subprocess.run(
        [str(ROOT / "dev"), *arguments], env=variables, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path):
    """A folder for programs."""
    path = tmp_path / "programs"
    path.mkdir()
    return path


def write(folder, name, script):
    """Write a program."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_an_old_python_is_told_in_one_sentence(folder):
    write(folder, "python3", TOO_OLD)
    done = call(folder, "run")
    assert done.returncode == 1
    assert "needs Python 3.10, 3.11, 3.12 or 3.13 and here is Python 3.8.18" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_no_python_at_all_is_told_too(folder):
    done = call(folder, "run")
    assert done.returncode == 1
    assert "here is no Python" in done.stderr


def test_a_newer_python_beside_the_old_one_is_taken(folder):
    write(folder, "python3", TOO_OLD)
    write(folder, "python3.12", 'case "$1" in -c) exit 0;; esac; echo "3.12 got $* $PYTHONPATH"')
    done = call(folder, "test", "-k", "x")
    assert done.stdout.strip() == f"3.12 got -m devtools test -k x {ROOT}"


def test_a_python_can_be_named(folder):
    write(folder, "python3", 'case "$1" in -c) exit 0;; esac; echo wrong')
    write(folder, "mine", 'case "$1" in -c) exit 0;; esac; echo mine')
    assert call(folder, "run", DEV_PYTHON=str(folder / "mine")).stdout.strip() == "mine"


@pytest.mark.parametrize("version", ["3.8", "3.9"])
def test_really_old_pythons(folder, version):
    found = [*Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python3")]
    python = str(found[0]) if found else shutil.which(f"python{version}")
    works = python and subprocess.run([python, "-c", ""], check=False).returncode == 0
    if not works:
        pytest.skip(f"no Python {version} here")
    done = call(folder, "run", DEV_PYTHON=python)
    assert done.returncode == 1
    assert f"here is Python {version}" in done.stderr


def test_unknown_commands_are_refused():
    done = subprocess.run(
        [str(ROOT / "dev"), "fly"],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 2
    assert "invalid choice: 'fly'" in done.stderr

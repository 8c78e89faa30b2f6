"""Clones, servers and programs that are not the real ones."""

import stat

import pytest

from devtools.paths import Paths


@pytest.fixture
def paths(tmp_path):
    """An empty clone."""
    paths = Paths(tmp_path / "clone")
    paths.dev.mkdir(parents=True)
    return paths


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program on PATH that does what the given shell script says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def write(name, script):
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IEXEC)
        return file

    return write

"""Failures become one sentence that says what to do."""

import errno
import socket

import pytest

from devtools import cli
from devtools.errors import CommandError, DevError, explain_os_error
from devtools.ports import choose, free_ports, is_free
from devtools.process import run


def test_a_full_disk(tmp_path):
    error = explain_os_error(OSError(errno.ENOSPC, "No space left on device"), tmp_path)
    assert str(error).startswith("The disk is full: free some space")


def test_a_folder_of_somebody_else(tmp_path):
    error = explain_os_error(OSError(errno.EACCES, "Permission denied", "/x/.dev"), tmp_path)
    assert "/x/.dev cannot be written (Permission denied)" in str(error)


def test_other_errors_are_not_hidden(tmp_path):
    assert explain_os_error(OSError(errno.EIO, "broken"), tmp_path) is None


def test_a_taken_port_that_was_asked_for():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(DevError, match=f"Port {port} is taken"):
            choose(8069, port)


def test_a_taken_usual_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert choose(port) > port


def test_free_ports_are_all_different():
    assert len(set(free_ports(20))) == 20


def test_a_program_that_fails_is_quoted(tmp_path):
    log = tmp_path / "log" / "it.log"
    with pytest.raises(CommandError, match="it failed with status 3") as caught:
        run(["sh", "-c", "echo why; exit 3"], log=log, what="it")
    assert "| why" in str(caught.value)
    assert log.read_text() == "why\n"


def test_a_program_that_is_missing_is_named():
    with pytest.raises(CommandError, match="no-such-program could not be started"):
        run(["no-such-program"])


@pytest.mark.parametrize("error", [DevError("do this"), OSError(errno.ENOSPC, "full")])
def test_the_command_ends_with_status_1(monkeypatch, error, capsys):
    def fail(*_):
        raise error

    monkeypatch.setattr(cli, "_enter", fail)
    monkeypatch.setattr(cli.sys, "prefix", "/elsewhere")
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    assert cli.main(["run"]) == 1

"""Running other programs: their output kept, their failures told, none left behind."""

import collections
import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from devtools.errors import CommandError, DevError

NOBODY = 65534


def run(command, *, log=None, on_line=None, what=None, **options):
    """Run a program to its end, writing what it says to a log file.

    :param list command: the program and its arguments
    :param Path log: where its output goes, None for nowhere
    :param on_line: called with every line of its output
    :param str what: how to call the program in an error
    :return: the last 20,000 lines of its output
    :raise CommandError: when it cannot be started or ends with another status than 0
    """
    command = [str(part) for part in command]
    lines = collections.deque(maxlen=20000)
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(open_log(log)) if log else None
        try:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                **{"stdin": subprocess.DEVNULL, **options},
            )
        except OSError as error:
            raise CommandError(
                f"{command[0]} could not be started: {error.strerror}.", str(error)
            ) from error
        stack.callback(stop, process)
        for line in process.stdout:
            lines.append(line)
            if sink:
                sink.write(line)
            if on_line:
                on_line(line.rstrip("\n"))
        status = process.wait()
    output = "".join(lines)
    if status:
        raise CommandError(
            _failure(what or Path(command[0]).name, status, lines, log), output, status
        )
    return output


def _failure(what, status, lines, log):
    """:return: the sentence for a program that failed, with its last words"""
    last = "".join(f"\n  | {line.rstrip()}" for line in list(lines)[-12:] if line.strip())
    where = f" The whole of its output is in {log}." if log else ""
    return f"{what} failed with status {status}.{where}{last}"


def open_log(path):
    """:return: a log file opened for writing, its folder made"""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("w", encoding="utf-8", errors="replace")


def stop(process, signals=(signal.SIGTERM, signal.SIGKILL), patience=10.0):
    """End a process that we started, politely first, and wait for it."""
    for number in signals:
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    if process.poll() is None:
        raise DevError(f"Process {process.pid} does not end; end it by hand.")


def start_server(command, log, **options):
    """Start a program that goes on by itself, in a session of its own; see :func:`stop_group`.

    :param list command: the program and its arguments
    :param Path log: where its output is added
    :param options: more for ``subprocess.Popen``
    :return: the running process
    """
    with open(log, "ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **options,
        )


def stop_group(process, patience=15.0):
    """End a process that was started in a session of its own, with all its children."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        if wait_for(lambda: process.poll() is not None and not group_alive(process.pid), patience):
            return


def group_alive(group):
    """:return: whether a process of this group is left (the dead that nobody waited for do not
    count)
    """
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, of_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state != "Z":
                return True
    return False


def die_with_parent():
    """Ask the kernel to end this child when its parent is killed (Linux's PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)


def wait_for(condition, seconds, pause=0.05):
    """:return: whether ``condition()`` came true within ``seconds``"""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def unprivileged(folder):
    """Servers such as PostgreSQL refuse to run as root: as root they run as the system's "nobody".

    When nobody may not enter the folder (a clone under /root), the process keeps the one right to
    look past that.

    :param Path folder: where the server's files are
    :return: what to put before the command; nothing for an ordinary user
    """
    if os.getuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise DevError(
            "The program setpriv is missing: install the package util-linux, or work as an"
            " ordinary user."
        )
    prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if not _reachable_by_others(folder):
        rights = "+dac_override"
        prefix += [
            f"--inh-caps={rights}",
            f"--ambient-caps={rights}",
            "--securebits=+no_setuid_fixup",
        ]
    return prefix


def _reachable_by_others(folder):
    """:return: whether every folder on the way may be entered by anybody"""
    folder = Path(folder).resolve()
    return all(part.stat().st_mode & 0o001 for part in [folder, *folder.parents] if part.exists())


def give_to_unprivileged(folder):
    """Make a folder that the unprivileged server may write."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    folder.chmod(0o700)


@contextlib.contextmanager
def locked(path, *, shared=False, waiting=None):
    """Hold a file lock during the block; it goes when the process goes, however that ends.

    :param Path path: the lock file
    :param bool shared: whether others may hold it too
    :param waiting: called once when somebody else holds it
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                waiting()
            fcntl.flock(handle, kind)
        yield handle

"""The commands of ./dev."""

import argparse
import importlib
import os
import signal
import sys

from devtools.console import console
from devtools.errors import DevError, explain_os_error
from devtools.host import ensure_host
from devtools.paths import clone_paths
from devtools.venv import ensure_venv

#: name: (module, what it does)
COMMANDS = {
    "run": ("serve", "serve a demo on this machine: the app with demo data and a mail system"),
    "test": ("testing", "run the tests; arguments are pytest's"),
    "lint": ("lint", "run every linter; --fix mends what can be mended"),
    "bench": ("bench", "run the benchmarks, or the one named"),
    "odoo": ("shell", "call Odoo's own command line with this clone's settings"),
    "send": ("send", "deliver a mail file to the demo's mailbox"),
    "i18n": ("i18n", "write the translation files anew from the source"),
}


def main(arguments):
    """Prepare what is missing and carry out a command.

    :param list arguments: of the command line
    :return: the exit status
    """
    os.umask(0o022)
    paths = clone_paths()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)  # also where a shell started us with it ignored
    try:
        command, rest = _parse(arguments)
        if os.path.realpath(sys.prefix) != os.path.realpath(paths.venv):
            _enter(paths, arguments)
        module = importlib.import_module(f"devtools.{COMMANDS[command][0]}")
        return module.main(paths, ensure_host(paths), rest)
    except DevError as error:
        console.say(f"dev: {error}")
    except KeyboardInterrupt:
        console.say("stopped")
        return 130
    except OSError as error:
        explained = explain_os_error(error, paths.dev)
        if not explained:
            raise
        console.say(f"dev: {explained}")
    return 1


def _parse(arguments):
    """:return: the command and its own arguments"""
    lines = "\n".join(f"  {name:6} {text}" for name, (_module, text) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="./dev",
        usage="./dev COMMAND [ARGUMENTS]",
        epilog=f"commands:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, help=argparse.SUPPRESS)
    if not arguments or arguments[0] in ("-h", "--help"):
        parser.print_help()
        raise SystemExit(0 if arguments else 2)
    return parser.parse_args(arguments[:1]).command, arguments[1:]


def _enter(paths, arguments):
    """Make the host and the environment, then go on in the environment's Python, as the same
    process.
    """
    paths.dev.mkdir(exist_ok=True)
    host = ensure_host(paths)
    ensure_venv(paths, host)
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    sys.stdout.flush()
    os.execve(paths.python, [str(paths.python), "-m", "devtools", *arguments], environ)


def _interrupt(*_):
    """Treat a request to end like Ctrl-C: everything that was started is stopped."""
    raise KeyboardInterrupt

"""Calling the host: its settings file, its command line."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from devtools.addons import installable
from devtools.console import console
from devtools.errors import CommandError, explain
from devtools.host import Host
from devtools.paths import Paths
from devtools.postgres import Connection
from devtools.process import run

LAUNCHER = Path(__file__).resolve().parent / "launcher.py"
MODULE_LINE = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
#: the environment variables by which Odoo takes settings, so that none of the user's own gets in
ODOO_VARIABLES = (
    "ODOO_RC",
    "OPENERP_SERVER",
    "PGDATABASE",
    "PGAPPNAME",
    "PGDATABASE_TEMPLATE",
    "PGHOST_REPLICA",
    "ODOO_DEV",
)


@dataclass(frozen=True)
class Odoo:
    """The host with this clone's settings and database server."""

    paths: Paths
    host: Host
    connection: Connection

    @property
    def modules(self):
        """Our add-ons that can be installed here."""
        return installable(self.paths.root, self.host.addons)

    def settings(self, name, *, own_addons=True, **options):
        """Write a settings file.

        :param str name: the file, below .dev/conf
        :param bool own_addons: whether this repository is in the addons path
        :param options: further settings
        :return: the file
        """
        folders = [*self.host.addons]
        if own_addons and self.modules:
            folders.append(self.paths.root)
        values = {
            "addons_path": ",".join(str(folder) for folder in folders),
            "data_dir": self.paths.data,
            "db_host": self.connection.host,
            "db_port": self.connection.port,
            "db_user": self.connection.user,
            "db_password": self.connection.password,
            "http_interface": "127.0.0.1",
            "limit_time_cpu": 3600,
            "limit_time_real": 3600,
            "max_cron_threads": 0,
            **options,
        }
        folder = self.paths.dev / "conf"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.conf"
        fresh = folder / f".{name}.{os.getpid()}"
        with open(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as stream:
            stream.write(
                "[options]\n"
                + "".join(f"{key} = {value}\n" for key, value in values.items() if value != "")
            )
        fresh.replace(file)
        return file

    def environ(self, settings):
        """:return: the environment for a call of the host"""
        environ = {key: value for key, value in os.environ.items() if key not in ODOO_VARIABLES}
        environ.pop("PYTHONPATH", None)
        environ.update(self.connection.environ(), ODOO_RC=str(settings), PYTHONUNBUFFERED="1")
        return environ

    def command(self, *arguments):
        """:return: the command line for the host"""
        return [str(self.paths.python), str(LAUNCHER), *(str(argument) for argument in arguments)]

    def install(
        self, database, modules, *, log, update=False, demo=False, own_addons=True, languages=()
    ):
        """Install or update modules in a database, made where it is missing.

        :param str log: the name of the log file below .dev/log
        """
        settings = self.settings(f"install-{database}", own_addons=own_addons)
        arguments = [
            "-d",
            database,
            "-u" if update else "-i",
            ",".join(modules),
            "--stop-after-init",
            "--no-http",
        ]
        if demo:
            arguments.append("--with-demo")
        if languages:
            arguments.append(f"--load-language={','.join(languages)}")
        try:
            run(
                self.command(*arguments),
                log=self.paths.log / log,
                env=self.environ(settings),
                what="The installation",
                on_line=_show_module,
            )
        except CommandError as error:
            raise explain(error, "nothing", self.paths.dev) from error
        finally:
            settings.unlink(missing_ok=True)

    def script(self, database, code, *arguments, what="The script"):
        """Run a Python file inside ``odoo shell`` (with ``env``), its arguments in the variable
        SCRIPT_ARGUMENTS.

        :param Path code: the file
        :return: what it printed
        """
        settings = self.settings(f"shell-{database}-{os.getpid()}")
        environ = {
            **self.environ(settings),
            "SCRIPT_ARGUMENTS": "\n".join(str(argument) for argument in arguments),
        }
        command = self.command("shell", "-d", database, "--no-http", "--log-level=warn")
        try:
            with code.open() as source:
                return run(
                    command,
                    env=environ,
                    what=what,
                    log=self.paths.log / f"{code.stem}.log",
                    stdin=source,
                )
        finally:
            settings.unlink(missing_ok=True)

    def interactive(self, arguments, settings):
        """Run the host's command line in the foreground.

        :return: its exit status
        """
        process = subprocess.Popen(self.command(*arguments), env=self.environ(settings))
        return wait_in_foreground(process)


def wait_in_foreground(process):
    """Wait for a child that shares our terminal: a Ctrl-C is its to answer.

    :return: its exit status
    """
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, previous)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with contextlib.suppress(ProcessLookupError):
            if process.poll() is None:
                process.kill()
        sys.stdout.flush()


def _show_module(line):
    """Show which module is being installed."""
    found = MODULE_LINE.search(line)
    if found:
        console.detail(f"module {found[2]} of {found[3]}: {found[1]}")

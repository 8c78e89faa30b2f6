"""./dev test: every test of this repository, in fresh copies of a prepared database."""

import os
import shutil
import subprocess
from pathlib import Path

from devtools import system
from devtools.console import console
from devtools.database import Databases
from devtools.odoo import Odoo, wait_in_foreground
from devtools.postgres import postgres, programs

#: more at once would wait for the database server and for memory
MOST_WORKERS = 4


def main(paths, host, arguments):
    """Run pytest.

    :param list arguments: pytest's own; without a path, all tests are run, by as many processes
        as the machine has cores (``-n 0``: by one)
    :return: pytest's exit status
    """
    system.install_missing(paths)
    with postgres(paths) as connection:
        odoo = Odoo(paths, host, connection)
        databases = Databases(odoo)
        modules = odoo.modules
        with databases.temporary("test") as name:
            with databases.template(modules) as template, console.step("Copying the test database"):
                databases.copy(template, name)
            return run_pytest(odoo, name, arguments)


def run_pytest(odoo, database, arguments):
    """Run pytest with pytest-odoo on a database.

    :return: its exit status
    """
    paths = odoo.paths
    artifacts = paths.artifacts / database
    settings = odoo.settings(
        database,
        db_name=database,
        dbfilter=f"^{database}$",
        screenshots=artifacts,
        logfile=paths.log / "test.log",
        http_port=0,
        gevent_port=0,
    )
    command = [
        str(paths.python),
        "-m",
        "pytest",
        f"--odoo-config={settings}",
        "--odoo-http",
        "--odoo-log-level=info",
    ]
    environ = odoo.environ(settings)
    # the workers copy the database with them
    environ["PATH"] = os.pathsep.join([str(programs()), environ["PATH"]])
    environ["DEV_ARTIFACTS"] = str(artifacts)
    (paths.log / "test.log").unlink(missing_ok=True)
    try:
        process = subprocess.Popen(
            [*command, *sharing(arguments), *arguments], cwd=paths.root, env=environ
        )
        return wait_in_foreground(process)
    finally:
        settings.unlink(missing_ok=True)
        if artifacts.exists() and not any(files for _folder, _folders, files in os.walk(artifacts)):
            shutil.rmtree(artifacts, ignore_errors=True)


def sharing(arguments):
    """Share all tests among processes, each with a copy of the database of its own; a few tests
    are sooner done by one.

    :param list arguments: pytest's own
    :return: further ones; the tests of a class stay together, for they share what it set up
    """
    if any(Path(argument.partition("::")[0]).exists() for argument in arguments):
        return []
    return [f"--numprocesses={workers()}", "--dist=loadscope"]


def workers():
    """:return: how many processes share the tests"""
    return min(os.cpu_count() or 1, MOST_WORKERS)

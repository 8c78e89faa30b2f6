"""./dev test: every test of this repository, in a fresh copy of a prepared database."""

import os
import shutil
import subprocess

from devtools import system
from devtools.console import console
from devtools.database import Databases
from devtools.odoo import Odoo, wait_in_foreground
from devtools.postgres import postgres


def main(paths, host, arguments):
    """Run pytest.

    :param list arguments: pytest's own; without a path, all tests are run
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
    environ["DEV_ARTIFACTS"] = str(artifacts)
    (paths.log / "test.log").unlink(missing_ok=True)
    try:
        process = subprocess.Popen([*command, *arguments], cwd=paths.root, env=environ)
        return wait_in_foreground(process)
    finally:
        settings.unlink(missing_ok=True)
        if artifacts.exists() and not any(files for _folder, _folders, files in os.walk(artifacts)):
            shutil.rmtree(artifacts, ignore_errors=True)

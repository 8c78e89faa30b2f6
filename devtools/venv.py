"""The virtual environment .dev/venv, made by uv out of uv.lock."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from devtools.apt import Apt, unpack
from devtools.console import console
from devtools.errors import CommandError, DevError, explain
from devtools.process import locked, run

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
STAMP = "customer-service.json"
#: the first uv that knows dependency groups and this lock file's format
OLDEST_UV = (0, 8)


def ensure_venv(paths, host):
    """Make the virtual environment where it is missing, half made or out of date, and point it at
    the host.
    """
    if not is_current(paths):
        with locked(
            paths.locks / "venv",
            waiting=lambda: console.say("waiting for another ./dev that makes .dev/venv"),
        ):
            if not is_current(paths):
                _make(paths)
    _write_pth(paths, host)


def is_current(paths):
    """:return: whether the environment was made to its end out of today's lock file, and its
    Python is still there
    """
    try:
        stamp = json.loads((paths.venv / STAMP).read_text())
    except (OSError, ValueError):
        return False
    asked = os.environ.get("DEV_PYTHON")
    return (
        stamp.get("lock") == _lock_hash(paths)
        and paths.python.exists()
        and (not asked or stamp.get("python") == _version_name())
    )


def _lock_hash(paths):
    """:return: what the environment depends on"""
    return hashlib.sha256((paths.root / "uv.lock").read_bytes()).hexdigest()


def _version_name():
    """:return: e.g. "3.11" """
    return "{}.{}".format(*sys.version_info[:2])


def _make(paths):
    """Fill .dev/venv; the stamp is written last."""
    uv = find_uv(paths)
    (paths.venv / STAMP).unlink(missing_ok=True)
    environ = {
        key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")
    }
    environ["UV_PROJECT_ENVIRONMENT"] = str(paths.venv)
    environ["UV_PYTHON_DOWNLOADS"] = "never"
    if CERTIFICATES.exists():  # uv brings its own, which know nothing of a company's proxy
        environ.setdefault("SSL_CERT_FILE", str(CERTIFICATES))
    command = [*uv, "sync", "--frozen", "--python", _base_python(), "--project", paths.root]
    with console.step(f"Installing the Python packages for Python {_version_name()}"):
        try:
            run(
                command,
                log=paths.log / "venv.log",
                env=environ,
                cwd=paths.root,
                what="uv sync",
                on_line=console.detail,
            )
        except CommandError as error:
            raise explain(error, "the Python packages", paths.venv) from error
    stamp = {"lock": _lock_hash(paths), "python": _version_name()}
    (paths.venv / STAMP).write_text(json.dumps(stamp))


def _base_python():
    """:return: the interpreter that runs this, not the one of a virtual environment around it"""
    return getattr(sys, "_base_executable", sys.executable) or sys.executable


def _write_pth(paths, host):
    """Put the host and this repository on the environment's sys.path; replaced at once, for others
    may be reading.
    """
    site = next(paths.venv.glob("lib/python3*/site-packages"))
    content = f"{host.python_folder}\n{paths.root}\n"
    target = site / "customer_service_host.pth"
    if not target.exists() or target.read_text() != content:
        fresh = site / f".customer_service_host.{os.getpid()}"
        fresh.write_text(content)
        fresh.replace(target)


def find_uv(paths):
    """:return: the command for uv: the one on PATH, else our own, installed with whatever pip
    there is
    """
    own = paths.dev / "uv"
    for candidate in (shutil.which("uv"), own / "bin" / "uv"):
        if candidate and _recent(candidate):
            return [str(candidate)]
    with console.step("Installing uv, which installs the Python packages"):
        _install_uv(paths, own)
    return [str(own / "bin" / "uv")]


def _recent(uv):
    """:return: whether this uv runs and is new enough"""
    try:
        said = subprocess.run(
            [uv, "--version"], capture_output=True, text=True, timeout=60, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    numbers = re.search(r"(\d+)\.(\d+)", said)
    return bool(numbers) and (int(numbers[1]), int(numbers[2])) >= OLDEST_UV


def _install_uv(paths, folder):
    """Install uv into a folder of its own; finished or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="uv.", dir=folder.parent))
    command = [*_find_pip(paths), "install", "--quiet", "--no-input", "--target", fresh, "uv"]
    try:
        environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        run(command, log=paths.log / "uv.log", env=environ, what="pip install uv")
    except CommandError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise explain(error, "uv", paths.dev) from error
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    if not _recent(folder / "bin" / "uv"):
        raise DevError(
            "uv was installed but does not run here; see .dev/log/uv.log, or put a uv of your own"
            " on PATH."
        )


def _find_pip(paths):
    """:return: a command for pip: this Python's own, else the one in Debian's and Ubuntu's package
    of its wheel
    """
    probe = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return [sys.executable, "-m", "pip"]
    apt = Apt(paths.dev / "apt-pip", paths.log / "apt-pip.log")
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise DevError("This Python has no pip: install pip, or uv, and start again.")
    folder = paths.dev / "pip"
    shutil.rmtree(folder, ignore_errors=True)
    for package in apt.fetch(["python3-pip-whl/sid"]):
        unpack(package, folder)
    wheel = next(folder.glob("usr/share/python-wheels/pip-*.whl"))
    return [sys.executable, str(wheel / "pip")]

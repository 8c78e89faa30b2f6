"""Programs of the machine that the tests use: browser, mail server, fonts."""

import os
import shutil
import subprocess
from pathlib import Path

from devtools.console import console
from devtools.errors import DevError
from devtools.process import run

DOVECOT_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/sbin")


def chromium():
    """:return: the browser that Odoo's tours would use, or None"""
    names = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def dovecot():
    """:return: the program dovecot, or None"""
    return shutil.which(
        "dovecot", path=os.pathsep.join([os.environ.get("PATH", ""), *DOVECOT_FOLDERS])
    )


def has_pop3():
    """:return: whether Dovecot's POP3 part is there"""
    return any(
        Path(folder, "dovecot/pop3").exists()
        for folder in ("/usr/lib", "/usr/libexec", "/usr/local/libexec")
    )


def has_cjk_fonts():
    """:return: whether Japanese text is drawn as more than boxes"""
    program = shutil.which("fc-list")
    if not program:
        return False
    return bool(
        subprocess.run([program, ":lang=ja"], capture_output=True, check=False).stdout.strip()
    )


def missing_packages():
    """:return: the Debian packages that the tests could use and that are not there"""
    have = {
        "chromium": chromium(),
        "dovecot-imapd": dovecot(),
        "dovecot-pop3d": has_pop3(),
        "fonts-noto-cjk": has_cjk_fonts(),
    }
    return [package for package, there in have.items() if not there]


def is_debian():
    """:return: whether this is Debian itself (Ubuntu has its Chromium elsewhere)"""
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text().split()


def install_missing(paths):
    """As root on Debian install what the tests use; elsewhere say what will be skipped."""
    missing = missing_packages()
    if not missing:
        return
    names = " ".join(missing)
    if os.getuid() != 0 or not is_debian() or not shutil.which("apt-get"):
        console.say(f"not installed here, tests that need them are skipped: {names}")
        return
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = {"env": environ, "log": paths.log / "apt-install.log", "what": "apt-get"}
    with console.step(f"Installing {names} (used by the tests)"):
        try:
            run(["apt-get", "-q", "update"], **options)
            run(["apt-get", "-q", "install", "-y", "--no-install-recommends", *missing], **options)
        except DevError as error:
            console.say(f"could not install {names}, tests that need them are skipped: {error}")

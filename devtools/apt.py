"""Downloading Debian packages without installing them: apt with folders, sources and keys of our
own.
"""

import os
import re
import shutil
from pathlib import Path

from devtools.errors import CommandError, DevError, explain
from devtools.process import run

#: where Debian's packages come from when this machine's own apt sources name no Debian mirror;
#: DEV_DEBIAN_MIRROR overrides both
DEBIAN_MIRROR = "http://deb.debian.org/debian"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
#: packages are taken from here unless they say otherwise
SUITE = "sid"
OLD_SUITE = "bookworm"


class Apt:
    """A private apt in one folder.

    :param Path folder: where its lists, downloads and settings go
    :param Path log: what apt says
    """

    def __init__(self, folder, log, etc=Path("/etc"), keyring=KEYRING):
        self.folder = folder
        self.log = log
        self.etc = etc
        self.system_keyring = keyring

    def fetch(self, packages):
        """Download packages (``name/suite``), verified by apt against Debian's signatures.

        :return: the files
        """
        self.check_tools()
        self._update(self._keyring())
        downloads = self.folder / "debs"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        self._run("download", *packages, cwd=downloads)
        return sorted(downloads.glob("*.deb"))

    @staticmethod
    def check_tools():
        """Say what to do where there is no apt."""
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise DevError(
                "This machine is neither Debian nor Ubuntu (apt-get and dpkg-deb are missing), so"
                " Odoo cannot be"
                " downloaded: get Odoo 19 from its makers and start again with"
                " ODOO_HOME=/path/to/odoo."
            )

    def mirror(self):
        """:return: the Debian mirror to use: the one asked for, else this machine's own, else the
        default
        """
        return os.environ.get("DEV_DEBIAN_MIRROR") or self._own_mirror() or DEBIAN_MIRROR

    def _own_mirror(self):
        """:return: the first address of Debian's main archive in this machine's sources, if it is
        a Debian
        """
        release = self.etc / "os-release"
        if not release.exists() or not re.search(
            r'^ID="?debian"?$', release.read_text(), re.MULTILINE
        ):
            return None
        sources = [
            self.etc / "apt/sources.list",
            *sorted((self.etc / "apt/sources.list.d").glob("*")),
        ]
        for source in sources:
            if source.is_file():
                for address in re.findall(
                    r"https?://[^\s\]]+", re.sub("#.*", "", source.read_text())
                ):
                    if re.search(r"/debian/?$", address):
                        return address.rstrip("/")
        return None

    def _keyring(self):
        """:return: the file with Debian's keys, from this machine or out of its archive's package
        of them
        """
        if self.system_keyring.exists():
            return self.system_keyring
        folder = self.folder / "keyring"
        found = folder / "usr/share/keyrings/debian-archive-keyring.gpg"
        if not found.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            own = [
                *self._folders("own"),
                f"Dir::Etc={self.etc / 'apt'}/",
                "Dir::State::status=/var/lib/dpkg/status",
            ]
            self._apt(own, "update")
            self._apt(own, "download", "debian-archive-keyring", cwd=folder)
            unpack(next(folder.glob("*.deb")), folder)
        return self._newest_keyring(found)

    def _newest_keyring(self, keyring):
        """An older Ubuntu's keys do not know today's sid: let them vouch for the keys of a
        released Debian.

        :return: both, as apt wants them
        """
        folder = self.folder / "keyring-new"
        found = folder / "usr/share/keyrings/debian-archive-keyring.gpg"
        if not found.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self._write_sources(keyring, [OLD_SUITE])
            self._run("update")
            self._run("download", f"debian-archive-keyring/{OLD_SUITE}", cwd=folder)
            unpack(next(folder.glob("*.deb")), folder)
        return f"{keyring},{found}"

    def _update(self, keyring):
        """Fetch the lists of packages."""
        self._write_sources(keyring, [SUITE, OLD_SUITE])
        self._run("update")

    def _write_sources(self, keyring, suites):
        """Write our own sources.list."""
        lines = [f"deb [signed-by={keyring}] {self.mirror()} {suite} main\n" for suite in suites]
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "sources.list").write_text("".join(lines))

    def _folders(self, name):
        """:return: apt options for private folders"""
        for part in ("lists/partial", "cache/archives/partial", "state"):
            (self.folder / name / part).mkdir(parents=True, exist_ok=True)
        return [
            f"Dir::State={self.folder / name / 'state'}",
            f"Dir::State::lists={self.folder / name / 'lists'}",
            f"Dir::Cache={self.folder / name / 'cache'}",
            "Acquire::Languages=none",
            "Acquire::Retries=3",
            "Acquire::http::Timeout=30",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
            "APT::Update::Error-Mode=any",
            "APT::Sandbox::User=root",
            "Debug::NoLocking=1",
        ]

    def _run(self, *arguments, **options):
        """Call apt-get with nothing of this machine's but its proxy settings."""
        settings = [
            *self._folders("debian"),
            "Dir::State::status=/dev/null",
            f"Dir::Etc::sourcelist={self.folder / 'sources.list'}",
            "Dir::Etc::sourceparts=/dev/null",
            "Dir::Etc::preferences=/dev/null",
            "Dir::Etc::preferencesparts=/dev/null",
        ]
        return self._apt(settings, *arguments, **options)

    def _apt(self, settings, *arguments, **options):
        """Call apt-get with these settings."""
        command = [
            "apt-get",
            "-q",
            *(word for setting in settings for word in ("-o", setting)),
            *arguments,
        ]
        environ = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
        try:
            return run(command, log=self.log, env=environ, what="apt-get", **options)
        except CommandError as error:
            raise explain(error, "the packages of Odoo", self.folder) from error


def unpack(package, folder):
    """Unpack a package's files into a folder, installing nothing."""
    try:
        run(["dpkg-deb", "-x", package, folder], what=f"dpkg-deb -x {package.name}")
    except CommandError as error:
        raise explain(error, package.name, folder) from error

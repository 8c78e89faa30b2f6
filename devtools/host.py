"""The host: an Odoo 19 tree, downloaded from Debian or named by ODOO_HOME."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from devtools.apt import OLD_SUITE, SUITE, Apt, unpack
from devtools.console import console
from devtools.errors import DevError, explain_os_error
from devtools.process import locked

SERIES = "19.0"
#: Odoo itself and what its package links to; two of them moved their files in later suites
PACKAGES = {
    "odoo-19": SUITE,
    "libjs-jquery": SUITE,
    "libjs-jquery-form": SUITE,
    "libjs-underscore": SUITE,
    "fonts-roboto-unhinted": SUITE,
    "fonts-montserrat": SUITE,
    "fonts-ocr-b": SUITE,
    "fonts-font-awesome": OLD_SUITE,
    "fonts-inconsolata": OLD_SUITE,
}
PYTHON_FOLDER = "usr/lib/python3/dist-packages"
#: named by the web client's bundles and left out of the package
EMPTY_FILES = ("odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
#: without these no page is drawn
NEEDED_FILES = (
    "odoo/release.py",
    "odoo/addons/base/__manifest__.py",
    "odoo/addons/web/static/lib/jquery/jquery.js",
)
RECORD = "host.json"
ATTEMPTS = 3


@dataclass(frozen=True)
class Host:
    """An Odoo tree that can be used.

    :ivar Path python_folder: the folder that holds the Python package ``odoo``
    :ivar list addons: the host's own addons folders
    :ivar str version: what identifies this host, e.g. "19.0 (odoo-19_19.0.0+dfsg-1_all)"
    """

    python_folder: Path
    addons: tuple
    version: str


def ensure_host(paths):
    """:return: the :class:`Host` of ``ODOO_HOME``, else the one of this clone, downloaded where
    missing
    """
    home = os.environ.get("ODOO_HOME")
    if home:
        return host_at(Path(home).expanduser())
    if not (paths.host / RECORD).exists():
        with locked(
            paths.locks / "host",
            waiting=lambda: console.say("waiting for another ./dev that downloads Odoo"),
        ):
            if not (paths.host / RECORD).exists():
                download(paths)
    record = json.loads((paths.host / RECORD).read_text())
    folder = paths.host / PYTHON_FOLDER
    return Host(folder, (folder / "odoo/addons",), f"{SERIES} ({' '.join(record['packages'])})")


def host_at(home):
    """:return: the :class:`Host` of an Odoo that the user has: a source tree or the folder of an
    installed one
    """
    release = home / "odoo/release.py"
    series = _series(release)
    if series != SERIES:
        found = f"it holds Odoo {series}" if series else "odoo/release.py is not in it"
        raise DevError(
            f"ODOO_HOME={home} is no Odoo {SERIES} ({found}): set it to the folder of an Odoo"
            f" {SERIES} that holds odoo/"
            " and addons/, or unset it to have Odoo downloaded."
        )
    folders = [home / "addons", home / "odoo/addons"]
    addons = tuple(folder for folder in folders if any(folder.glob("*/__manifest__.py")))
    changed = max(
        path.stat().st_mtime_ns for path in (release, home / "odoo/orm/models.py") if path.exists()
    )
    return Host(home, addons, f"{SERIES} ({home} {changed})")


def _series(release):
    """:return: the series that a release.py tells, e.g. "19.0"; nothing when it tells none"""
    if not release.is_file():
        return None
    found = re.search(
        r"^version_info\s*=\s*\(\s*['\"]?([\w~]+)['\"]?\s*,\s*(\d+)",
        release.read_text(),
        re.MULTILINE,
    )
    return f"{found[1]}.{found[2]}" if found else None


def download(paths, apt=None):
    """Download and unpack the host; what a crash leaves is never taken for a finished one."""
    apt = apt or Apt(paths.dev / "apt", paths.log / "apt.log")
    apt.check_tools()
    remove_leftovers(paths)
    with console.step("Downloading Odoo 19 (about 130 MB)"):
        packages = _fetch(apt)
    fresh = paths.dev / f"host.unpacking.{os.getpid()}"
    try:
        with console.step("Unpacking Odoo 19"):
            _unpack_all(packages, fresh)
        shutil.rmtree(paths.host, ignore_errors=True)
        fresh.rename(paths.host)
    except OSError as error:
        raise explain_os_error(error, fresh) or error from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(paths.dev / "apt", ignore_errors=True)


def remove_leftovers(paths):
    """Remove what an interrupted unpacking left."""
    for folder in paths.dev.glob("host.unpacking.*"):
        shutil.rmtree(folder, ignore_errors=True)


def _fetch(apt):
    """Download the packages, trying again with fresh lists (sid moves while one looks).

    :return: the files, checked to be all there
    """
    wanted = [f"{name}/{suite}" for name, suite in PACKAGES.items()]
    for attempt in range(1, ATTEMPTS + 1):
        try:
            files = apt.fetch(wanted)
        except DevError:
            if attempt == ATTEMPTS:
                raise
            console.detail(f"attempt {attempt} failed, trying again")
            continue
        missing = set(PACKAGES) - {file.name.partition("_")[0] for file in files}
        if not missing:
            return files
    raise DevError(
        f"apt-get downloaded no {', '.join(sorted(missing))}; see .dev/log/apt.log and start again."
    )


def _unpack_all(packages, folder):
    """Unpack the packages into one tree, mend what Debian left open, check it and record what it
    is.
    """
    folder.mkdir(parents=True)
    for package in packages:
        unpack(package, folder)
    python_folder = folder / PYTHON_FOLDER
    for name in EMPTY_FILES:
        path = python_folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    _verify(folder)
    record = {
        "packages": [package.stem for package in packages if package.name.startswith("odoo-")]
    }
    record["all"] = [package.name for package in packages]
    (folder / RECORD).write_text(json.dumps(record, indent=1))


def _verify(folder):
    """Refuse a tree that lacks a file or holds a link to nowhere."""
    python_folder = folder / PYTHON_FOLDER
    missing = [name for name in NEEDED_FILES if not (python_folder / name).is_file()]
    dangling = [str(path.relative_to(folder)) for path in dangling_links(python_folder)]
    series = _series(python_folder / "odoo/release.py")
    if missing or dangling or series != SERIES:
        what = ", ".join([*missing, *dangling][:5]) or f"series {series}"
        raise DevError(
            f"Debian's package of Odoo has changed and cannot be used as it is ({what}): take an"
            f" Odoo {SERIES} from its"
            " makers and start again with ODOO_HOME=/path/to/odoo, and please report this."
        )


def dangling_links(folder):
    """:return: every symbolic link below ``folder`` that leads nowhere"""
    found = []
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(parent, name)
            if os.path.islink(path) and not os.path.exists(path):
                found.append(Path(path))
    return found

"""The add-ons of this repository, and how one knows that they changed."""

import ast
import hashlib
from pathlib import Path

APP = "customer_service"
#: files of an add-on that no database depends on
IGNORED_FOLDERS = {"tests", "__pycache__", "i18n", "readme", "doc", "docs"}
IGNORED_STATIC = {"src", "tests", "lib"}
IGNORED_SUFFIXES = {".pyc", ".rst", ".md", ".pot"}


def manifest(folder):
    """:return: the manifest of the add-on in ``folder``"""
    return ast.literal_eval((folder / "__manifest__.py").read_text(encoding="utf-8"))


def own_addons(root):
    """:return: the folders of this repository's installable add-ons by name"""
    found = {path.parent.name: path.parent for path in sorted(root.glob("*/__manifest__.py"))}
    return {
        name: folder for name, folder in found.items() if manifest(folder).get("installable", True)
    }


def installable(root, host_folders):
    """Those of our add-ons whose dependencies are all there.

    :param Path root: the repository
    :param host_folders: the host's addons folders
    :return: names, in alphabetical order
    """
    own = own_addons(root)

    def available(name, seen=()):
        if name in seen:
            return False
        if name in own:
            return all(
                available(other, (*seen, name))
                for other in manifest(own[name]).get("depends", ["base"])
            )
        return any((folder / name / "__manifest__.py").exists() for folder in host_folders)

    return [name for name in own if available(name)]


def host_dependencies(root, names):
    """:return: what our add-ons ask for that is not ours"""
    own = own_addons(root)
    wanted = {other for name in names for other in manifest(own[name]).get("depends", [])}
    return sorted(wanted - set(own))


def fingerprint(root, names, *, demo=False):
    """What an installed database depends on: manifests, models, data, views, security and the like.

    Tests, scripts and styles of the web client, translations and descriptions are read when they
    are needed.

    :param bool demo: whether demo data and translations count too
    :return: a hexadecimal digest
    """
    digest = hashlib.sha256()
    for name in names:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and _matters(path.relative_to(root / name), demo):
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _matters(relative, demo):
    """:return: whether a database depends on this file of an add-on"""
    folders = relative.parts[:-1]
    if demo and relative.suffix == ".po":
        return True
    if IGNORED_FOLDERS.intersection(folders) or relative.suffix in IGNORED_SUFFIXES:
        return False
    if not demo and "demo" in folders:
        return False
    return not (folders[:1] == ("static",) and IGNORED_STATIC.intersection(folders[1:2]))


def path_of(root, name):
    """:return: the folder of one of our add-ons"""
    return Path(root) / name

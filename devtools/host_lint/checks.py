"""The host's own test_lint, over this repository's add-ons only; run by ./dev lint."""

import os
from pathlib import Path

import pytest

from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.tools import config

import odoo.addons
from odoo.addons.test_lint.tests import (
    test_docstring,
    test_dunderinit,
    test_index,
    test_jstranslate,
    test_manifests,
    test_markers,
    test_naming,
    test_onchange_domains,
    test_override_signatures,
    test_pofile,
    test_pylint,
    test_routes,
    test_test_holes,
)

OWN = os.environ["LINTED_MODULES"].split(",")
MANIFESTS = [manifest for name in OWN if (manifest := Manifest.for_addon(name))]


class OwnRegistry:
    """Stands in for the registry: shows only the models that our add-ons made or extended."""

    def __new__(cls, name):
        """:return: a dictionary of them"""
        own = tuple(f"odoo.addons.{module}." for module in OWN)
        return {
            model: definition
            for model, definition in Registry(name).items()
            if any(part.__module__.startswith(own) for part in definition.mro())
        }


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    """Let the host's checks see no add-ons but ours."""
    monkeypatch.setattr(Manifest, "all_addon_manifests", lambda: MANIFESTS)
    monkeypatch.setattr(test_pofile, "get_modules", lambda: OWN)
    for module in (test_naming, test_override_signatures, test_docstring):
        monkeypatch.setattr(module, "Registry", OwnRegistry)
    folders = [str(Path(manifest.path)) for manifest in MANIFESTS]
    monkeypatch.setattr(odoo.addons, "__path__", folders)


@pytest.fixture(autouse=True)
def only_our_files(monkeypatch, request):
    """Keep pylint from reading the whole framework again."""
    if request.node.name == "test_pylint":
        monkeypatch.setattr(type(config), "root_path", property(lambda _self: MANIFESTS[0].path))


class TestManifests(test_manifests.ManifestLinter):
    """Manifest keys and values."""


class TestDunderinit(test_dunderinit.TestDunderinit):
    """Every add-on is a package."""


class TestHoles(test_test_holes.TestTestHoles):
    """No test file is forgotten."""


class TestOnchange(test_onchange_domains.TestOnchangeDomains):
    """No domains from onchange."""


class TestMarkers(test_markers.TestConflictMarkers):
    """No marks of an unfinished merge."""


class TestIndex(test_index.TestIndex):
    """Every inverse of a one2many has an index."""


class TestPot(test_pofile.PotLinter):
    """No term is exported twice."""


class TestJsTranslate(test_jstranslate.TestJsTranslations):
    """No text glued together in the web client."""


class TestNaming(test_naming.TestNaming):
    """Parameter names that remote calls can use."""


class TestSignatures(test_override_signatures.TestLintOverrideSignatures):
    """Overrides take what the original takes."""


class TestDocstring(test_docstring.TestDocstring):
    """Docstrings name parameters that exist."""


class TestRoutes(test_routes.RoutesLinter):
    """Inherited routes repeat nothing."""


class TestPylint(test_pylint.TestPyLint):
    """SQL injection, gettext and the like."""

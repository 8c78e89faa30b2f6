"""Which add-ons there are, and when a prepared database is out of date."""

import polib
import pytest

from devtools import i18n
from devtools.addons import fingerprint, host_dependencies, installable


@pytest.fixture
def repository(tmp_path):
    """An app, a bridge that can be installed, one that cannot, one that is switched off."""
    manifests = {
        "app": {"depends": ["sale"]},
        "app_stock": {"depends": ["app", "stock"]},
        "app_gone": {"depends": ["app", "no_such_module"]},
        "app_off": {"depends": ["app"], "installable": False},
    }
    for name, manifest in manifests.items():
        (tmp_path / "own" / name / "tests").mkdir(parents=True)
        (tmp_path / "own" / name / "__manifest__.py").write_text(repr(manifest))
    for name in ("sale", "stock"):
        (tmp_path / "host" / name).mkdir(parents=True)
        (tmp_path / "host" / name / "__manifest__.py").write_text("{}")
    return tmp_path


def test_bridges_whose_dependencies_are_there(repository):
    names = installable(repository / "own", [repository / "host"])
    assert names == ["app", "app_stock"]
    assert host_dependencies(repository / "own", names) == ["sale", "stock"]


@pytest.mark.parametrize(
    ("name", "renews"),
    [
        ("models/case.py", True),
        ("views/case.xml", True),
        ("security/ir.model.access.csv", True),
        ("data/stage.xml", True),
        ("static/description/icon.png", True),
        ("tests/test_case.py", False),
        ("static/src/app.js", False),
        ("static/tests/tours/tour.js", False),
        ("i18n/pl.po", False),
        ("demo/case.xml", False),
        ("README.rst", False),
        ("models/__pycache__/case.cpython-311.pyc", False),
    ],
)
def test_what_renews_the_test_database(repository, name, renews):
    root = repository / "own"
    before = fingerprint(root, ["app"])
    file = root / "app" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("changed")
    assert (fingerprint(root, ["app"]) != before) == renews


@pytest.mark.parametrize("name", ["demo/case.xml", "i18n/pl.po", "models/case.py"])
def test_what_renews_the_demo(repository, name):
    root = repository / "own"
    before = fingerprint(root, ["app"], demo=True)
    file = root / "app" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("changed")
    assert fingerprint(root, ["app"], demo=True) != before


def catalogue(*texts):
    """:return: a catalogue of these terms"""
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    made.extend(
        polib.POEntry(msgid=text, occurrences=[("code:addons/app/x.py", "1")]) for text in texts
    )
    return made


def test_translations_keep_what_they_have_and_drop_what_is_gone(tmp_path):
    folder = tmp_path / "app" / "i18n"
    folder.parent.mkdir()
    i18n.update(folder, "app", catalogue("Case", "Old"))
    polish = polib.pofile(str(folder / "pl.po"))
    polish.find("Case").msgstr = "Sprawa"
    polish.save()
    i18n.update(folder, "app", catalogue("Case", "New"))
    polish = polib.pofile(str(folder / "pl.po"))
    assert {entry.msgid: entry.msgstr for entry in polish} == {"Case": "Sprawa", "New": ""}


def test_an_old_template_and_missing_translations_are_findings(tmp_path):
    folder = tmp_path / "app" / "i18n"
    folder.parent.mkdir()
    assert "missing" in i18n.check_module(folder, "app", catalogue("Case"))[0]
    i18n.update(folder, "app", catalogue("Case"))
    findings = i18n.check_module(folder, "app", catalogue("Case", "New"))
    assert "app.pot is not current" in findings[0]
    assert any("ja.po lacks 2" in finding for finding in findings)

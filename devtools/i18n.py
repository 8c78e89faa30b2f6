"""./dev i18n: the translation files, written anew from the source."""

import tempfile
from pathlib import Path

import polib

from devtools.console import console
from devtools.database import Databases
from devtools.odoo import Odoo
from devtools.postgres import postgres
from devtools.process import run

LANGUAGES = ("ja", "pl")


def main(paths, host, arguments):
    """Export the terms of every add-on and merge them into its translations.

    :param list arguments: add-ons; all of them when there are none
    :return: the exit status
    """
    with postgres(paths) as connection:
        odoo = Odoo(paths, host, connection)
        with console.step("Exporting terms"):
            exported = export(odoo, arguments or odoo.modules)
        for module, catalogue in exported.items():
            update(paths.root / module / "i18n", module, catalogue)
    return 0


def export(odoo, modules):
    """:return: today's terms of each module, as catalogues"""
    databases = Databases(odoo)
    with databases.temporary("test") as name, tempfile.TemporaryDirectory() as folder:
        with databases.template(odoo.modules) as template:
            databases.copy(template, name)
        settings = odoo.settings(name)
        catalogues = {}
        for module in modules:
            target = Path(folder) / f"{module}.pot"
            command = odoo.command(
                "i18n", "export", "-c", settings, "-d", name, "-l", "pot", "-o", target, module
            )
            run(
                command,
                env=odoo.environ(settings),
                log=odoo.paths.log / "i18n.log",
                what="The export of terms",
            )
            catalogues[module] = polib.pofile(str(target)) if target.exists() else polib.POFile()
        settings.unlink(missing_ok=True)
    return catalogues


def terms(catalogue):
    """:return: what a catalogue says, without dates and line numbers"""
    return {
        (entry.msgctxt, entry.msgid, tuple(sorted({place for place, _line in entry.occurrences})))
        for entry in catalogue
        if not entry.obsolete
    }


def update(folder, module, catalogue):
    """Write a module's .pot and merge it into its translations; what did not change is not
    touched.
    """
    folder.mkdir(exist_ok=True)
    template = folder / f"{module}.pot"
    if template.exists() and terms(polib.pofile(str(template))) == terms(catalogue):
        console.say(f"{template.name} is current")
    else:
        catalogue.save(str(template))
        console.say(f"{template.name} has {len(catalogue)} terms")
    for language in LANGUAGES:
        merge(folder / f"{language}.po", catalogue)


def merge(path, catalogue):
    """Give a translation today's terms: kept where it has them, dropped where they are gone."""
    if path.exists():
        translation = polib.pofile(str(path))
    else:
        translation = polib.POFile()
        translation.metadata = {**catalogue.metadata, "Language": path.stem}
    before = terms(translation)
    translation.merge(catalogue)
    translation[:] = [entry for entry in translation if not entry.obsolete]
    if terms(translation) != before or not path.exists():
        translation.save(str(path))
    missing = len(translation.untranslated_entries()) + len(translation.fuzzy_entries())
    console.say(
        f"{path.parent.parent.name}/{path.name}: {missing} of {len(translation)} terms lack a"
        " translation"
    )


def check(odoo):
    """:return: what is not current or not complete, one finding a line"""
    findings = []
    for module, catalogue in export(odoo, odoo.modules).items():
        folder = odoo.paths.root / module / "i18n"
        findings += check_module(folder, module, catalogue)
    return "\n".join(findings)


def check_module(folder, module, catalogue):
    """:return: the findings of one module"""
    if not len(catalogue):
        return []
    template = folder / f"{module}.pot"
    if not template.exists():
        return [f"{module}: {template.name} is missing; ./dev i18n writes it"]
    findings = []
    known = terms(polib.pofile(str(template)))
    now = terms(catalogue)
    if known != now:
        example = next(iter(sorted(now ^ known, key=repr)))[1][:60]
        findings.append(
            f"{module}: {template.name} is not current ({len(now ^ known)} differences, e.g."
            f" {example!r}):"
            " ./dev i18n"
        )
    for language in LANGUAGES:
        findings += check_translation(folder / f"{language}.po", module, now)
    return findings


def check_translation(path, module, now):
    """:return: the findings of one translation"""
    if not path.exists():
        return [f"{module}: {path.name} is missing; ./dev i18n writes it"]
    translation = polib.pofile(str(path))
    wanted = {(context, text) for context, text, _places in now}
    have = {(entry.msgctxt, entry.msgid) for entry in translation.translated_entries()}
    missing = sorted(text for _context, text in wanted - have)
    if not missing:
        return []
    return [f"{module}: {path.name} lacks {len(missing)} translations, e.g. {missing[0][:60]!r}"]

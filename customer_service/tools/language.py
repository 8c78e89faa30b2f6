"""Which language is this text in?"""

import functools
import threading

from odoo.tools import html2plaintext

#: Below this many letters a guess is worth less than the shop's own default. Scripts that need
#: few characters for a sentence (Japanese, Chinese, Korean) are told apart long before.
MINIMUM_LETTERS = 12

#: How sure the detector must be, from 0 to 1, before its word replaces the default.
MINIMUM_CONFIDENCE = 0.8

_lock = threading.Lock()


@functools.cache
def _identifier(languages):
    """Return a detector that chooses among ``languages`` only (loaded once a process and set).

    :param frozenset languages: ISO 639-1 codes
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    with _lock:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(languages.intersection(identifier.labels) or None)
    return identifier


def detect_language(text, codes):
    """Tell in which of the given languages a text is written.

    :param str text: plain text or HTML as a customer wrote it
    :param list codes: the host's language codes to choose from, such as ``["en_US", "ja_JP"]``
    :return: one of ``codes``, or False when the text is too short or the answer too unsure
    """
    plain = html2plaintext(text or "").strip()[:2000]
    letters = sum(character.isalpha() for character in plain)
    wide = sum(ord(character) > 0x2E7F for character in plain)
    if letters + 3 * wide < MINIMUM_LETTERS or not codes:
        return False
    by_iso = {}
    for code in codes:
        by_iso.setdefault(code.split("_")[0], code)
    if len(by_iso) < 2:
        return False
    language, confidence = _identifier(frozenset(by_iso)).classify(plain)
    return by_iso.get(language, False) if confidence >= MINIMUM_CONFIDENCE else False

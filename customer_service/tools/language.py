"""Which language is this text in?"""

import functools

from odoo.tools import html2plaintext

#: Below this many letters a guess is worth less than the shop's own default. A letter of a script
#: that needs few of them for a sentence (Japanese, Chinese, Korean) counts for several.
_FEWEST_LETTERS = 12
_LETTERS_OF_A_WIDE_ONE = 4
_FIRST_WIDE_LETTER = "\u2e80"

#: How much of a text is looked at, in characters.
_LONGEST_SAMPLE = 2000

#: How sure the detector must be, from 0 to 1, among all the languages it knows.
_LEAST_CONFIDENCE = 0.5


@functools.cache
def _identifier():
    """Return the detector; it takes about a second to load, once a process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text, codes):
    """Tell in which of the given languages a text is written.

    All languages the detector knows compete: asked for the nearest of a few, it would call an
    English text Polish where English is not among them.

    :param str text: plain text or HTML as a customer wrote it
    :param list codes: the host's language codes to choose from, such as ``["en_US", "ja_JP"]``
    :return: one of ``codes``, or False when the text is too short, too unsure or in another
        language
    """
    plain = html2plaintext(text or "").strip()[:_LONGEST_SAMPLE]
    if _weight(plain) < _FEWEST_LETTERS:
        return False
    language, confidence = _identifier().classify(plain)
    if confidence < _LEAST_CONFIDENCE:
        return False
    return next((code for code in codes if code.split("_")[0] == language), False)


def _weight(text):
    """Return how much a text tells, counted in letters of the Latin script."""
    letters = [character for character in text if character.isalpha()]
    wide = sum(character >= _FIRST_WIDE_LETTER for character in letters)
    return len(letters) + (_LETTERS_OF_A_WIDE_ONE - 1) * wide

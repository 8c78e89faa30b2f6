"""Texts made short enough for a list."""

import unicodedata


def first_words(text, length):
    """Return the beginning of a text on one line, cut between two words where there are spaces.

    :param str text: plain text
    :param int length: most characters to return
    :return: the text, or its beginning and "…"
    """
    words = " ".join((text or "").split())
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    whole = cut.rpartition(" ")[0]
    # Japanese has few spaces: there a cut at the last one would leave next to nothing.
    return f"{whole if len(whole) > length // 2 else cut}…"


def postcode_key(text):
    """Return what is the same for all ways to write one postcode: 〒100-0001, 1000001, 00‐950.

    :param str text: a postcode
    :return: its letters and digits; "" where there are none
    """
    text = unicodedata.normalize("NFKC", text or "").upper()
    return "".join(character for character in text if character.isalnum())

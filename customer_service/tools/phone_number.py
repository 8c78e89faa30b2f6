"""Telephone numbers however they were written.

A text becomes the numbers in it, each as nothing but digits: the international ones where we know
the country, else what was written without the zeros in front. So a number in national notation
is the *end* of the same number in international notation, whatever the country::

    phone_keys("(03) 1234-5678 ext. 12", "JP")   # ["81312345678"]
    phone_keys("03-1234-5678", None)             # ["312345678"]
    phone_keys("601 234 567 / 22 555 00 00", "PL")  # ["48601234567", "48225550000"]

Keep the digits turned around (``reversed_key``): an index finds beginnings, not ends.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

#: Fewer digits than these are an extension when another number is in the same text.
_FEWEST_DIGITS = 5

#: What has no country and more digits than this is no number. (The standard allows 15.)
_MOST_DIGITS = 20

#: More of a text than this is not looked at: a field for numbers, not for essays.
_LONGEST_TEXT = 250

#: Between two numbers, or before something that is none of the number.
_BETWEEN = re.compile(r"[^\d+()\s./\-]+|(?<=\d)(?=\s*\(?\+)|\s{2,}|[\n\t]")

#: What follows these is the way on in the house, not a number of its own.
_EXTENSION = re.compile(
    r"(?:\b(?:ext|extn|extension|wew|wewn|int|interno|intern|poste|dw|durchwahl|nst|anexo|ramal|"
    r"linka|kl|klapka|mell|toestel|tst|dahili)\b|\bx(?=[\s.:]*\d)|(?<=\d)x(?=\d)|доб|вн|"
    r"内線|内线|内|分机|转|轉|내선|#|\*|,,+)[\s.:=)]*\d{1,6}(?!\d)",
    re.IGNORECASE,
)

#: Parameters and the machine in ``tel:`` and ``sip:`` addresses.
_URI = re.compile(r"@\S*|;\s*[a-z-]+=[^;\s]*", re.IGNORECASE)

#: Strokes that are no hyphen for Unicode, but are for those who write: among them the
#: Japanese sign for a long vowel, which lies on the key of the hyphen.
_STROKES = re.compile(r"[\u2010-\u2015\u2212\u2043\u30fc\u2500\u2501\u4e00_・·•]")


class PhoneNumber(NamedTuple):
    """One number out of a text."""

    digits: str  #: international where valid, else as written without the zeros in front
    is_valid: bool  #: whether such a number can exist in its country
    is_international: bool  #: whether the country was written, not guessed


def phone_keys(text, country_code=None):
    """Return the digits of each number in a text.

    :param str text: what stands in a field for numbers, or what a telephone system passes on
    :param str country_code: two letters; where numbers without a country belong
    :return: list of strings of digits, none twice, in the order of the text
    """
    return [number.digits for number in phone_numbers(text, country_code)]


def reversed_key(digits):
    """Return the digits turned around, so that the end of a number is a beginning."""
    return digits[::-1]


def readable_number(digits):
    """Return a valid number for people to read, in international notation.

    :param str digits: of a ``PhoneNumber`` that is valid
    """
    number = phonenumbers.parse(f"+{digits}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def written_digits(text):
    """Return the digits of a text as they were written, without the zeros in front.

    What somebody dials at home is the end of the international number.
    """
    return re.sub(r"\D", "", _without_extensions(_plain(text))).lstrip("0")


def phone_numbers(text, country_code=None):
    """Return the numbers in a text, with what is known of them.

    :param str text: see :func:`phone_keys`
    :param str country_code: see :func:`phone_keys`
    :return: list of ``PhoneNumber``, none twice, in the order of the text
    """
    country_code = (country_code or "").upper() or None
    found = {}
    for piece in _pieces(text):
        for number in _numbers_of_piece(piece, country_code):
            found.setdefault(number.digits, number)
    return list(found.values())


def looks_like_phone(text):
    """Tell whether a text is a number, or the end of one, and nothing else.

    :param str text: what somebody typed into a field for anything
    """
    plain = _plain(text)
    written = re.fullmatch(r"[\d+()\s.,/\-]+", _without_extensions(plain))
    return bool(written) and _count(plain) > 0


def _plain(text):
    """Return a text with ASCII digits and hyphens, without invisible characters."""
    text = (text or "")[:_LONGEST_TEXT]
    if text.isascii():
        return text.replace("_", "-")
    text = unicodedata.normalize("NFKC", text)
    characters = []
    for character in text:
        if unicodedata.category(character) == "Cf":  # marks of direction, copied along
            continue
        digit = unicodedata.decimal(character, None)
        characters.append(character if digit is None else str(digit))
    return _STROKES.sub("-", "".join(characters))


def _pieces(text):
    """Return the parts of a text that may be a number, without extensions and words."""
    text = _without_extensions(_URI.sub(" ", _plain(text)))
    pieces = [piece for piece in _BETWEEN.split(text) if piece and re.search(r"\d", piece)]
    if len(pieces) > 1:
        pieces = [piece for piece in pieces if _count(piece) >= _FEWEST_DIGITS] or pieces[:1]
    return pieces


def _without_extensions(text):
    """Return a text where a comma stands for each extension behind a number."""

    def cut(match):
        behind_a_number = _count(text[: match.start()]) >= _FEWEST_DIGITS
        return " , " if behind_a_number else match.group()

    return _EXTENSION.sub(cut, text)


def _numbers_of_piece(piece, country_code):
    """Return the numbers in a part of a text; a stroke or a space may stand between two."""
    whole = _number(piece, country_code, guess="/" not in piece)
    if whole and whole.is_valid:
        return [whole]
    for separator in ("/", " "):
        parts = [part for part in piece.split(separator) if _count(part) >= _FEWEST_DIGITS]
        numbers = [_number(part, country_code) for part in parts]
        if numbers and piece.count(separator) and all(n and n.is_valid for n in numbers):
            return numbers
    if _count(piece) > _MOST_DIGITS or not whole:
        return []
    return [whole]


@lru_cache(maxsize=4096)
def _number(piece, country_code, guess=True):
    """Return the number that a part of a text is.

    :param str piece: digits and what may stand between them
    :param str country_code: two capital letters, or None
    :param bool guess: whether a number without a sign for it may be international
    :return: ``PhoneNumber``, or None where there are no digits but zeros
    """
    written_international = piece.lstrip(" (").startswith("+")
    for candidate, is_international in _readings(piece, country_code, guess):
        digits = _valid_digits(candidate, country_code)
        if digits:
            return PhoneNumber(digits, True, is_international)
    digits = re.sub(r"\D", "", piece).lstrip("0")
    return PhoneNumber(digits, False, written_international) if digits else None


def _readings(piece, country_code, guess):
    """Yield what a part of a text may mean, likeliest first, and whether it names its country."""
    digits = re.sub(r"\D", "", piece)
    without_trunk = re.sub(r"\D", "", re.sub(r"\(\s*0\s*\)", "", piece))
    if piece.lstrip(" (").startswith("+"):
        for variant in (digits, without_trunk):
            yield "+" + variant.lstrip("0"), True
        return
    dialled = re.sub(r"^00+", "", digits) if digits.startswith("00") else ""
    own = str(phonenumbers.country_code_for_region(country_code)) if country_code else ""
    if dialled and own and dialled.startswith(own):
        yield "+" + dialled, True
        yield "+" + re.sub(r"^00+", "", without_trunk), True
    if country_code:
        yield digits, False
        yield digits.lstrip("0"), False
    if dialled:
        yield "+" + dialled, True
        yield "+" + re.sub(r"^00+", "", without_trunk), True
    elif guess and not digits.startswith("0"):
        yield "+" + digits, True
        yield "+" + without_trunk, True


def _valid_digits(candidate, country_code):
    """Return the international digits of a number, or None where there is no such number."""
    try:
        number = phonenumbers.parse(candidate, country_code)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).lstrip("+")


def _count(text):
    return sum(character.isdigit() for character in text)

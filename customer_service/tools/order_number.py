"""Numbers of orders in a text: by the pattern in which a sequence counts, else by their look."""

import re
import unicodedata
from typing import NamedTuple

#: What may be the number of an order that no sequence of ours gave: letters, then digits,
#: perhaps with separators.
_ANY_NUMBER = re.compile(r"[A-Z]{1,5}[-/]?\d[\d/-]{2,}", re.IGNORECASE)

#: What a sequence puts into its prefix or suffix, as ``%(year)s``.
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")

#: How that looks in a number. Whatever is not named here is two digits.
_PLACEHOLDERS = {"year": r"\d{4}", "doy": r"\d{3}", "sec": r"\d{2}", "weekday": r"\d"}

#: Dates of the period and of the day on which a number was drawn look like those of today.
_PERIODS = re.compile("^(?:range_|current_)")

#: What goes on a word or number of Latin script, accents included.
_LATIN = "A-Za-z0-9\u00c0-\u024f"

#: More than this of a text is not looked through.
_LONGEST_TEXT = 200_000


class NumberPattern(NamedTuple):
    """How the numbers of one sequence look."""

    regex: re.Pattern
    literals: tuple  #: what stands in place of each group: a literal text, or None where digits
    is_telling: bool  #: no other number looks so: it has a letter


def number_pattern(prefix, suffix, padding):
    """Return the pattern of the numbers that a sequence gives.

    :param str prefix: as the sequence has it, with ``%(year)s`` and the like
    :param str suffix: likewise
    :param int padding: digits that the number has at least
    """
    parts = [*_parts(prefix), (rf"\d{{{max(padding, 1)},}}", None), *_parts(suffix)]
    regex = "".join(f"({regex})" for regex, _literal in parts)
    literals = tuple(literal for _regex, literal in parts)
    is_telling = any(letter.isalpha() for literal in literals for letter in literal or "")
    return NumberPattern(_bounded(regex), literals, is_telling)


def _parts(text):
    """Return the regular expressions of the parts of a prefix, and those that are literal."""
    parts, end = [], 0
    for found in _PLACEHOLDER.finditer(text or ""):
        parts.append(text[end : found.start()])
        parts.append(found)
        end = found.end()
    parts.append((text or "")[end:])
    return [
        (re.escape(unicodedata.normalize("NFKC", part)), part)
        if isinstance(part, str)
        else (_PLACEHOLDERS.get(_PERIODS.sub("", part[1]), r"\d{2}"), None)
        for part in parts
        if part
    ]


def _bounded(regex):
    """Return a regular expression for whole words; scripts without spaces bound them too."""
    return re.compile(rf"(?<![{_LATIN}])(?:{regex})(?![{_LATIN}])", re.IGNORECASE)


_ANY_NUMBER = _bounded(_ANY_NUMBER.pattern)


def order_numbers(text, patterns=()):
    """Find what may be numbers of orders in a text.

    :param str text: plain text
    :param patterns: ``NumberPattern`` of the sequences
    :return: dict from number, as it is stored, to whether it can hardly be anything else, in the
        order in which they stand in the text
    """
    text = unicodedata.normalize("NFKC", (text or "")[:_LONGEST_TEXT])
    found = []
    for pattern in patterns:
        for match in pattern.regex.finditer(text):
            pairs = zip(match.groups(), pattern.literals, strict=True)
            number = "".join(said if literal is None else literal for said, literal in pairs)
            found.append((match.start(), number, pattern.is_telling))
    found += [(match.start(), match[0].upper(), True) for match in _ANY_NUMBER.finditer(text)]
    numbers = {}
    for _start, number, is_telling in sorted(found, key=lambda hit: (hit[0], not hit[2])):
        numbers[number] = numbers.get(number, False) or is_telling
    return numbers

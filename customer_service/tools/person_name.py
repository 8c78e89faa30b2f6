"""Names of people in any script, any order and any spelling, made comparable.

Two texts name the same person as far as one can tell when their first keys are equal::

    name_keys("Pani Anna Kowalska")  # ["anna kowalska", "anna", "kowalska"]
    name_keys("KOWALSKA, Anna")[0]   # "anna kowalska"
    name_keys("山田 太郎様")           # ["太郎 山田", "山田太郎", "太郎山田", "太郎", "山田"]
"""

import re
import unicodedata
from functools import lru_cache

#: More of a name than this is not looked at.
_LONGEST_NAME = 200
_MOST_WORDS = 10

#: Before or after a name, and no part of it; as they are after folding.
_TITLES = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "rev", "esq", "jr"),
        *("phd", "md", "pan", "pani", "panna", "panstwo", "mgr", "inz", "hab", "herr", "frau"),
        *("dott", "ing", "hr", "mme", "mlle", "monsieur", "madame", "senor", "senora", "srta"),
        *("signor", "signora", "господин", "госпожа", "san", "sama", "サン", "サマ", "クン"),
        *("チャン", "様", "殿", "氏", "君", "先生", "御中"),
    )
)

#: Behind a Japanese name without a space. In hiragana only: スーサン is Susan.
_HONORIFIC = re.compile(
    r"(?<=.)(?:様方|様|さま|さん|殿|先生|御中|ちゃん|くん|(?<=..)氏|(?<=..)君)$"
)

#: Before or behind the name of a Japanese company.
_COMPANY = re.compile(r"株式会社|有限会社|合同会社|\((?:株|有|同|合)\)")

#: Letters that Unicode does not take apart, and marks that a name has or has not.
_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "e",
        "'": None, "’": None, "‘": None, "ʼ": None, "`": None, "´": None, "ʹ": None, "′": None,
    }
)  # fmt: skip

#: How those write who have no such key.
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

#: Old forms of characters in Japanese names, and those that are mistaken for each other.
_KANJI = str.maketrans(
    "髙﨑邊邉齋齊斎濱濵澤廣國眞德櫻嶋嶌龍瀧冨舘曾惠榮條藏靜壽渕淵",
    "高崎辺辺斉斉斉浜浜沢広国真徳桜島島竜滝富館曽恵栄条蔵静寿淵淵",
)

#: Marks over and under letters, among them the vowels of Hebrew and Arabic, which few write.
#: The two marks of kana are none of these: か is not が.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff]")

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

#: Scripts that are written without spaces and put the family name first.
_FAMILY_FIRST = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)

#: They belong to the family name that follows.
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "da", "dos", "del", "della", "di", "ten", "ter", "zu", "zur")
)

#: In characters; in kana there are more.
_LONGEST_FAMILY_NAME = 5

#: Of Japanese characters, written without a space.
_SHORTEST_WHOLE_NAME = 3

#: No word begins with these.
_NEVER_FIRST = frozenset("ーンァィゥェォッャュョヮヵヶ")


def name_keys(text):
    """Return what a name is found by, the most telling first.

    The first is the whole name, its words sorted. Then what a name in a script without spaces
    is when it is written together, then each word. Titles are left out. A name in brackets, as
    the reading of a Japanese name, has keys of its own behind.

    :param str text: a name as somebody wrote it
    :return: list of strings, none twice; empty where the text holds no letter
    """
    keys = {}
    for part in _parts(text):
        for spelling in _spellings(part):
            words = _words(spelling)
            if words:
                keys[" ".join(sorted(words))] = True
                keys.update(dict.fromkeys(_written_together(words)))
                keys.update(dict.fromkeys(_telling_words(words)))
    return list(keys)


def name_words(text):
    """Return the words of a name as they are compared, in the order they were written.

    :param str text: a name, or the beginning of one
    :return: list of strings without titles
    """
    return next(iter(name_spellings(text)), [])


def name_spellings(text):
    """Return the words of a name in each way that it is written: Müller, Mueller.

    :param str text: a name, or the beginning of one
    :return: list of lists of words, see :func:`name_words`; empty where the text holds no letter
    """
    parts = _parts(text)
    spellings = map(_words, _spellings(parts[0])) if parts else ()
    return [words for words in spellings if words]


def whole_name_keys(text):
    """Return those of the keys of a name that stand for all of it, not for a word of it.

    :param str text: a name as somebody wrote it
    :return: list of strings; empty for a single word, unless it is as long as a whole name
        in a script without spaces
    """
    keys = {}
    for words in name_spellings(text):
        if len(words) > 1:
            keys.update(dict.fromkeys([" ".join(sorted(words)), *_written_together(words)]))
        elif _FAMILY_FIRST.fullmatch(words[0]) and len(words[0]) >= _SHORTEST_WHOLE_NAME:
            keys[words[0]] = True
    return list(keys)


def split_name(text):
    """Tell the first names from the family name, as far as the writing shows it.

    A comma stands behind the family name; Japanese, Chinese and Korean names begin with it, others
    end with it.

    :param str text: a name as somebody wrote it
    :return: tuple of first names and family name in the spelling of the text, titles left out;
        a single word is a first name
    """
    parts = _parts(text)
    if not parts:
        return "", ""
    family, comma, first = parts[0].partition(",")
    if comma and _written_words(family) and _written_words(first):
        return " ".join(_written_words(first)), " ".join(_written_words(family))
    words = _written_words(parts[0])
    if len(words) < 2:
        return "".join(words), ""
    if _is_family_first(words, text):
        return " ".join(words[1:]), words[0]
    start = len(words) - 1
    while start > 1 and _fold(words[start - 1]) in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _is_family_first(words, text):
    """Tell whether a name begins with the family name; foreign ones have a dot: ジョン・スミス."""
    return "・" not in text and all(_FAMILY_FIRST.fullmatch(word) for word in words)


def _parts(text):
    """Return the name without what stands in brackets, then what stands in brackets."""
    text = unicodedata.normalize("NFKC", (text or "")[:_LONGEST_NAME])
    text = _COMPANY.sub(" ", re.sub(r"\S*@\S*", " ", text))
    inside = re.findall(r"[(\[〔【<]([^()\[\]〔〕【】<>]*)[)\]〕】>]", text)
    outside = re.sub(r"[(\[〔【<][^()\[\]〔〕【】<>]*[)\]〕】>]", " ", text)
    return [part for part in (outside, *inside) if part.strip()]


def _spellings(text):
    """Return a name as it is, and as it is written without umlauts where it has some."""
    composed = unicodedata.normalize("NFC", text.casefold())
    other = composed.translate(_GERMAN)
    return [text] if other == composed else [text, other]


def _words(text):
    """Return the words of a name as they are compared, without titles."""
    return [word for word in map(_fold, _written_words(text)) if word]


def _written_words(text):
    """Return the words of a name in their spelling, without titles and honorifics."""
    text = "".join(
        character if character in "'’‘ʼ`´" or _is_of_a_word(character) else " "
        for character in text
    )
    words = [_HONORIFIC.sub("", word) for word in text.split()[:_MOST_WORDS]]
    words = [word for word in words if _fold(word)]
    return [word for word in words if _fold(word) not in _TITLES] or words


def _is_of_a_word(character):
    return unicodedata.category(character)[0] in "LMN"


@lru_cache(maxsize=8192)
def _fold(word):
    """Return a word without case, accents and the difference of the two kana."""
    word = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    word = unicodedata.normalize("NFC", _MARKS.sub("", word).translate(_LETTERS))
    word = word.translate(_HIRAGANA_TO_KATAKANA).translate(_KANJI)
    word = re.sub(r"(.)々", r"\1\1", word)
    return "".join(character for character in word if _is_of_a_word(character))


def _written_together(words):
    """Return what the words are in one, where the script has no spaces, and its ends.

    Where somebody wrote no space nobody knows where the family name ends. Each end of the name
    may be the first name; the family name is found as a beginning.
    """
    if not all(_FAMILY_FIRST.fullmatch(word) for word in words):
        return []
    if len(words) == 1:
        return _ends(words[0])
    return ["".join(words), "".join(reversed(words))]


def _ends(word):
    """Return the ends of a name written without a space that may be a first name."""
    shortest = 1 if len(word) < 4 else 2
    starts = range(1, min(_LONGEST_FAMILY_NAME, len(word) - shortest) + 1)
    return [word[start:] for start in starts if word[start] not in _NEVER_FIRST]


def _telling_words(words):
    """Return the words by which somebody can be found: not "van" alone."""
    return [word for word in words if word not in _PARTICLES] or words

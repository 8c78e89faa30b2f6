"""Which words of an answer are to be checked, and where they stand.

Text and HTML give the same kind of result: words with their place in the text as a browser
counts it (UTF-16 units of the text, or of ``textContent`` of the element).
"""

import re
import unicodedata
from dataclasses import dataclass

import lxml.html
from lxml import etree

#: A new line of text begins and ends with these.
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure"),
    *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p"),
    *("pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "img"),
}

#: What is not the agent's own writing.
_UNCHECKED_TAGS = {"blockquote", "code", "pre", "samp", "kbd", "script", "style"}
_UNCHECKED_CLASSES = {"o-signature-container", "o_mail_redirect", "o_channel_redirect"}
_UNCHECKED_ATTRIBUTES = {"data-o-mail-quote", "data-o-mail-quote-node", "data-oe-model"}

_QUOTED_LINE = re.compile(r"\s*>")
_CHUNK = re.compile(r"\S+")
_LETTERS = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*"
_WORD = re.compile(rf"{_LETTERS}(?:['’ʼ‘\-‐‑]{_LETTERS})*")
_ADDRESS = re.compile(r"://|@|^www\.|^[#/\\~]|\\", re.IGNORECASE)
#: ``invoice.pdf``, ``shop.example/returns``; a full stop without a space is followed by a capital
_FILE_OR_DOMAIN = re.compile(
    r"^[\w\-]+(?:[./][\w\-]+)*\.[a-z]{2,4}$|^\w[\w\-]*(?:\.[\w\-]+)+/\S*$|^\w+\.\w+\.[a-z]{2,8}$"
)
_AROUND = "()[]{}<>«»„“”\"'’‘,;:!?.…*"

#: No word of a mail is longer than this.
_LONGEST_WORD = 60
#: How much is shown around a word.
_CONTEXT = 40


@dataclass(frozen=True)
class Word:
    """A word that is to be checked: as written, where, and what stands around it."""

    text: str
    offset: int
    length: int
    before: str
    after: str


def words(content, *, html):
    """The words of an answer that are to be checked, in their order.

    Left out are quoted text, addresses, file names, whatever has a digit in it, codes in
    capitals, names with capitals inside and words in a script other than Latin.

    :param str content: text, or HTML
    :param bool html: which of the two
    :return: iterator of :class:`Word`
    """
    for offset, text in _html_runs(content) if html else _text_runs(content):
        yield from _words_of_run(offset, text)


def normal(word):
    """:return: a word as dictionaries write it: composed letters, straight apostrophe"""
    word = unicodedata.normalize("NFC", word).replace("\u00ad", "")
    return re.sub("[’ʼ‘]", "'", re.sub("[‐‑]", "-", word))


def key(word):
    """:return: what two spellings of a word in capitals and small letters have in common"""
    return normal(word).casefold()


def names(*texts):
    """:return: the set of keys of all words in some names"""
    return {key(part) for text in texts for part in re.findall(_LETTERS, text or "")}


def _text_runs(text):
    """Yield (offset, line) of the lines that are not quoted."""
    offset = 0
    for line in text.splitlines(keepends=True):
        if not _QUOTED_LINE.match(line):
            yield offset, line
        offset += _units(line)


def _html_runs(content):
    """Yield (offset, text) of what stands on one line between two blocks and is not quoted."""
    try:
        root = lxml.html.fragment_fromstring(content, create_parent="div")
    except (etree.ParserError, ValueError):
        return
    run = []
    start = offset = 0
    for text, checked, breaks in _html_texts(root):
        if breaks or not checked:
            if run:
                yield start, "".join(run)
            run = []
        if checked and text:
            if not run:
                start = offset
            run.append(text)
        offset += _units(text)
    if run:
        yield start, "".join(run)


def _html_texts(root):
    """Yield (text, whether it is checked, whether a new line begins) in the document's order."""
    unchecked = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield node.tail or "", not unchecked, False
            continue
        breaks = node.tag in _BLOCKS
        if event == "start":
            unchecked += _is_unchecked(node)
            yield node.text or "", not unchecked, breaks
        else:
            unchecked -= _is_unchecked(node)
            if node is not root:
                yield node.tail or "", not unchecked, breaks


def _is_unchecked(node):
    return (
        node.tag in _UNCHECKED_TAGS
        or not _UNCHECKED_ATTRIBUTES.isdisjoint(node.attrib)
        or not _UNCHECKED_CLASSES.isdisjoint((node.get("class") or "").split())
        or node.get("contenteditable") == "false"
    )


def _words_of_run(offset, text):
    """Yield the words of a line that begins at ``offset``."""
    for chunk in _CHUNK.finditer(text):
        if _is_address(chunk[0]):
            continue
        for match in _WORD.finditer(chunk[0]):
            word = match[0]
            if len(word) < 2 or len(word) > _LONGEST_WORD or _is_code(word):
                continue
            start = chunk.start() + match.start()
            end = start + len(word)
            yield Word(
                word,
                offset + _units(text[:start]),
                _units(word),
                _before(text, start),
                _after(text, end),
            )


def _before(text, start):
    """:return: the whole words that stand before a place, as far as they are shown"""
    shown = text[max(0, start - _CONTEXT) : start]
    return "… " + shown.partition(" ")[2] if start > _CONTEXT else shown.lstrip()


def _after(text, end):
    """:return: the whole words that stand after a place, as far as they are shown"""
    shown = text[end : end + _CONTEXT]
    return shown.rpartition(" ")[0] + " …" if end + _CONTEXT < len(text) else shown.rstrip()


def _is_address(chunk):
    """:return: whether what stands between two spaces is an address, a file or a number"""
    bare = chunk.strip(_AROUND)
    return bool(
        _ADDRESS.search(bare)
        or any(character.isdigit() or character == "_" for character in bare)
        or _FILE_OR_DOMAIN.match(bare)
    )


def _is_code(word):
    """:return: whether a word is none of a language: a code, a name with capitals inside it"""
    letters = [character for character in word if character.isalpha()]
    if all(character.isupper() for character in letters):
        return True
    parts = re.split("['’ʼ‘\\-‐‑]", word)
    if any(re.search(r"[^\W\d_A-Z][A-Z]", part) for part in parts):
        return True
    return not all(
        unicodedata.name(character, "").startswith("LATIN") for character in letters
    )


def _units(text):
    """:return: how long a browser says that this text is"""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

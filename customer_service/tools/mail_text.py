"""Text out of bytes: declared charsets that are wrong, unknown or missing, and encoded words."""

import base64
import binascii
import codecs
import encodings.aliases
import functools
import pkgutil
import re
from contextlib import contextmanager, suppress
from contextvars import ContextVar

#: Names that mail programs write, and what they mean by them. Where a charset has an extended
#: sister (Windows' letters in the place of unused controls), the sister reads both.
_ALIASES = {
    "ansi": "cp1252",
    "ansix341968": "ascii",
    "ascii": "ascii",
    "big5": "big5hkscs",
    "cnbig5": "big5hkscs",
    "cp932": "cp932",
    "default": "",
    "euckr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "iso2022jp": "iso2022_jp_ext",
    "iso88591": "cp1252",
    "iso88598e": "iso8859_8",
    "iso88598i": "iso8859_8",
    "iso88599": "cp1254",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "latin1": "cp1252",
    "mac": "mac_roman",
    "macintosh": "mac_roman",
    "none": "",
    "mskanji": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "tis620": "cp874",
    "unicode11utf7": "utf-7",
    "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8",
    "unknown": "",
    "unknown8bit": "",
    "us": "ascii",
    "usascii": "ascii",
    "utf": "utf-8",
    "utf8mb4": "utf-8",
    "windows31j": "cp932",
    "xeuckr": "cp949",
    "xsjis": "cp932",
    "xunknown": "",
}

#: Codecs of Python that make something else than text out of text.
_NO_CHARSETS = {
    "aliases",
    "base64",
    "base64_codec",
    "bz2_codec",
    "hex_codec",
    "idna",
    "mbcs",
    "oem",
    "punycode",
    "quopri_codec",
    "raw_unicode_escape",
    "rot_13",
    "undefined",
    "unicode_escape",
    "unicode_internal",
    "uu_codec",
    "zlib_codec",
}

#: Charsets of one byte a letter: they decode anything, so that decoding proves nothing.
_ONE_BYTE = re.compile(r"(?:cp125\d|iso8859[-_]\d+|latin|mac|koi8|cp(?:437|85\d|86\d|874))")

#: What undeclared text may be, for the detector. Rare ones would win on short texts by chance.
_LIKELY = (
    "cp1250",
    "iso8859_2",
    "cp1251",
    "koi8_r",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "cp949",
)

#: The letters beyond English of languages that share a charset, and what may stand among them.
#: A text fits a charset when all that it holds belongs to one of its languages.
_CENTRAL_EUROPEAN = (
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "čćđšž",
    "ăâîşţ",
)
_ALPHABETS = {
    "cp1252": (
        "äöüß",
        "àâæçéèêëîïôœùûüÿ",
        "áéíñóúüºª",
        "ãáàâçéêíóôõúºª",
        "àèéìíîòóùú",
        "åäöéæø",
        "áäéèëïíóöüú",
        "áðéíóúýþæö",
    ),
    "cp1250": _CENTRAL_EUROPEAN,
    "iso8859_2": _CENTRAL_EUROPEAN,
    "cp1254": ("çğıöşüâî\u0307",),
}
_AMONG_LETTERS = set("„”“‚’‘–—…€£«»‹›¿¡§°©®•´·\xa0\xad")

#: Where more of the letters than this are no English ones, the script is another.
_MOST_ACCENTS = 0.4

#: How much undeclared text is looked at, in bytes.
_SAMPLE = 16 * 1024

#: Letters beyond ASCII; and two of them side by side, as every script of two bytes has them.
_HIGH = re.compile(rb"[\x80-\xff]")
_NEIGHBOURS = re.compile(rb"[\x80-\xff]{2}")

#: With fewer letters beyond ASCII a guess is worth less than the most frequent charset.
_FEWEST_LETTERS = 4

#: How often the detector may still be asked; it takes about a millisecond, and a mail can hold
#: thousands of names and parts whose charset nobody knows.
_guesses_left = ContextVar("guesses_left", default=None)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: How many pieces of base64 that each end by themselves are put together; what has more is left
#: as it is.
_MOST_PADDINGS = 10_000

_WIDE = ("utf-16", "utf_16", "utf-32", "utf_32")
_META = re.compile(rb"<meta\b[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w:.-]{2,40})", re.I)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_CONTROLS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{0,80})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?=")


def known_charset(name):
    """Return the codec for the name of a charset as people write it, "" where nobody knows it."""
    name = (name or "").split("*")[0].strip(" \t'\"<>;,").lower()
    squeezed = re.sub(r"[^a-z0-9]", "", name)
    if squeezed in _ALIASES:
        return _ALIASES[squeezed]
    for attempt in (name, squeezed, re.sub(r"^x-?", "", name)):
        attempt = encodings.normalize_encoding(attempt)
        if attempt in _codecs():
            codec = codecs.lookup(attempt).name
            return _ALIASES.get(re.sub(r"[^a-z0-9]", "", codec), codec)
    return ""


@functools.cache
def _codecs():
    """Return the names that Python knows; asked for others it searches the disk, each time."""
    modules = {module.name for module in pkgutil.iter_modules(encodings.__path__)}
    aliases = encodings.aliases.aliases.items()
    names = {alias for alias, module in aliases if module not in _NO_CHARSETS}
    return frozenset((modules | names) - _NO_CHARSETS)


def decode_text(payload, declared="", html=False):
    """Decode text by the best evidence there is; nothing is refused and no letter dropped.

    :param bytes payload: the text as it was sent, free of its transfer encoding
    :param str declared: the charset that the sender names, however wrongly
    :param bool html: look for a charset in the document too
    :return: the text, without characters that cannot be stored, and the codec that read it
    """
    for codec in _candidates(payload, declared, html):
        text = _strictly(payload, codec)
        if text is not None:
            return _CONTROLS.sub("", text.lstrip("\ufeff")), codec
    text = payload.decode("cp1252", "surrogateescape")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub("", text), "cp1252"


def decode_line(payload, declared=""):
    """Decode text that has its place on one line: line breaks and controls become a space."""
    return one_line(decode_text(payload, declared)[0])


def one_line(text):
    """Return a text on one line, without characters that break what is made of it."""
    return " ".join(_LINE_CONTROLS.sub(" ", text).split())


def _candidates(payload, declared, html):
    """Yield codecs to try, the best evidence first."""
    yield from (codec for mark, codec in _MARKS if payload.startswith(mark))
    declared = known_charset(declared)
    if b"\x1b$" in payload and not declared.startswith("iso2022"):
        yield "iso2022_jp_ext"
    is_utf8 = _strictly(payload, "utf-8") is not None
    if declared and not payload.isascii() and _ONE_BYTE.match(declared):
        # It decodes anything, so that decoding proves nothing; these two prove something.
        if is_utf8:
            yield "utf-8"
        elif declared == "cp1252" and _is_another_script(payload):
            yield detected_charset(payload)
    if declared.startswith(_WIDE) and b"\x00" not in payload:
        declared = ""  # a relay wrote it anew and left the declaration
    if declared:
        yield declared
    if declared.startswith("iso2022_jp"):
        yield "iso2022_jp_cp"
    yield _charset_of_document(payload) if html else ""
    yield "utf-8"
    if declared == "utf-8" and _mostly_utf8(payload):
        yield "utf-8 with errors"
    yield detected_charset(payload)


def _charset_of_document(payload):
    """Return what HTML says about its charset."""
    meta = _META.search(payload[:4096])
    return known_charset(meta[1].decode("ascii", "replace")) if meta else ""


def _strictly(payload, codec):
    """Return the text, or None when not all of the bytes belong to the charset."""
    try:
        if codec == "iso2022_jp_cp":
            # Letters that only Windows has (circled numbers) are in this newer set too.
            return payload.replace(b"\x1b$B", b"\x1b$(Q").decode("iso2022_jp_2004")
        if codec == "utf-8 with errors":
            return payload.decode("utf-8", "replace")
        text = payload.decode(codec)
    except (LookupError, ValueError, UnicodeError, AssertionError):
        return None
    return text if isinstance(text, str) else None


def _mostly_utf8(payload):
    """Tell whether a text is UTF-8 with a few broken letters, such as one cut in two."""
    text = payload.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for letter in text if letter > "\x7f") - broken
    return whole > 4 * broken


def _telling(payload):
    """Return the lines of a text that tell its charset."""
    lines = [line for line in payload.splitlines() if not line.isascii()]
    return b"\n".join(lines)[:_SAMPLE] or payload[:_SAMPLE]


def _is_another_script(payload):
    """Tell whether too many letters are no English ones for a text in Latin script."""
    sample = _telling(payload)
    high = sum(1 for byte in sample if byte > 0x7F)
    letters = sum(1 for byte in sample if bytes((byte,)).isalpha())
    return high >= 4 and high > _MOST_ACCENTS * (high + letters)


@contextmanager
def few_guesses(most=100):
    """Let the detector be asked this often only; what comes later is taken for Western European."""
    token = _guesses_left.set([most])
    try:
        yield
    finally:
        _guesses_left.reset(token)


def detected_charset(payload):
    """Guess the charset of text that nobody declares, from its letters.

    :param bytes payload: text
    :return: a codec of Python that decodes at least the beginning
    """
    from charset_normalizer import from_bytes  # loads tables: only where there is a doubt

    left = _guesses_left.get()
    if left:
        left[0] -= 1
        if left[0] < 0:
            return "cp1252"

    sample = _telling(payload)
    if not _is_another_script(sample):
        for codec, alphabets in _ALPHABETS.items():
            letters = {letter for letter in _strictly(sample, codec) or "?" if letter > "\x7f"}
            letters = set("".join(letters).lower()) - _AMONG_LETTERS
            if letters and any(letters <= set(alphabet) for alphabet in alphabets):
                return codec
    if not _NEIGHBOURS.search(sample) and len(_HIGH.findall(sample)) < _FEWEST_LETTERS:
        return "cp1252"  # single accents: too little to guess from, and no script of two bytes
    best = from_bytes(
        sample, cp_isolation=list(_LIKELY), preemptive_behaviour=False, enable_fallback=False
    ).best()
    return best.encoding if best else "cp1252"


def decode_words(text):
    """Return a header's text with encoded words as people read them.

    :param str text: a header's value in which each 8-bit character has been decoded already
    :return: the text on one line
    """
    if "=?" not in text:
        return one_line(text)
    pieces, pending, position = [], None, 0
    for match in _ENCODED_WORD.finditer(text):
        between = text[position : match.start()]
        charset, payload = match[1], _word_payload(match[2], match[3])
        if pending and not between.strip() and pending[0].lower() == charset.lower():
            pending[1].append(payload)  # a letter may have been cut in two
        else:
            _flush(pieces, pending)
            if between.strip() or not pending:
                pieces.append(between)
            pending = (charset, [payload])
        position = match.end()
    _flush(pieces, pending)
    pieces.append(text[position:])
    return one_line("".join(pieces))


def _flush(pieces, pending):
    if pending:
        pieces.append(decode_text(b"".join(pending[1]), pending[0])[0])


def _word_payload(encoding, text):
    """Return the bytes of one encoded word."""
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return decode_base64(raw)


def decode_base64(raw):
    """Decode base64 with missing padding, padding in the middle and foreign characters."""
    if b"=" not in raw.rstrip(b"= \t\r\n") and b"-" not in raw and b"_" not in raw:
        with suppress(ValueError):
            return base64.b64decode(raw)
    if raw.count(b"=") > _MOST_PADDINGS:
        return raw
    raw = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw.replace(b"-", b"+").replace(b"_", b"/"))
    decoded = []
    for chunk in re.split(rb"=+", raw):
        if len(chunk) % 4 == 1:
            chunk = chunk[:-1]  # six bits of a letter that never came
        decoded.append(base64.b64decode(chunk + b"=" * (-len(chunk) % 4)))
    return b"".join(decoded)

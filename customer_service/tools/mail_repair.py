"""Make a mail readable that its sender wrote down wrongly."""

import re
from email.header import decode_header
from email.utils import formataddr, parseaddr

#: What undeclared or misdeclared text most often is, tried in this order. The last one decodes
#: anything, so that text is never lost, at worst a few letters are odd.
_LIKELY_CHARSETS = ("utf-8", "windows-1252", "latin-1")

#: Headers that are stored or sent on, where a line break or NUL would break what follows.
_STORED_HEADERS = ("Subject", "From", "Reply-To", "Sender", "To", "Cc")

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def repair(message):
    """Make good what would make the host refuse a mail, or lose letters of it.

    :param email.message.EmailMessage message: the incoming mail, changed in place
    """
    repair_headers(message)
    repair_charsets(message)


def repair_headers(message):
    """Take line breaks and NUL out of headers, where they were hidden by an encoding.

    The host raises on them, now or when the mail is answered.

    :param email.message.EmailMessage message: the incoming mail, changed in place
    """
    for name in _STORED_HEADERS:
        try:
            value = str(message.get(name) or "")
            if not _CONTROL.search(value):
                continue
        except ValueError:  # the line break is in a name, and the address cannot even be read
            value = _rescued_address(message, name)
        message.replace_header(name, _CONTROL.sub(" ", value))


def _rescued_address(message, name):
    """Return the first address of a header that cannot be read as a whole, with its name."""
    raw = next(value for key, value in message.raw_items() if key.lower() == name.lower())
    person, address = parseaddr(_CONTROL.sub(" ", raw))
    return formataddr((_CONTROL.sub(" ", _decoded_words(person)), address))


def _decoded_words(text):
    """Return text with encoded words as people read it, whatever charset they name."""
    words = []
    for word, charset in decode_header(text):
        if isinstance(word, bytes):
            likely = (charset or "ascii", *_LIKELY_CHARSETS)
            word = word.decode(next(name for name in likely if _decodes(word, name)))
        words.append(word)
    return "".join(words)


def repair_charsets(message):
    """Declare for each text part a charset that fits it, where the declared one does not.

    The host raises on an unknown charset, and replaces what a known one cannot decode.

    :param email.message.EmailMessage message: the incoming mail, changed in place
    """
    for part in message.walk():
        if part.get_content_maintype() != "text":
            continue
        payload = part.get_payload(decode=True) or b""
        if not _decodes(payload, part.get_param("charset", "ascii")):
            charset = next(name for name in _LIKELY_CHARSETS if _decodes(payload, name))
            part.del_param("charset")  # an empty one would stay in front of ours
            part.set_param("charset", charset)


def _decodes(payload, charset):
    """Tell whether all of these bytes can be decoded from a charset."""
    if not isinstance(charset, str):
        charset = charset[2]  # with the language beside it, as RFC 2231 has it
    try:
        # Nothing at all would decode from any charset, even from one that nobody knows.
        (payload or b"x").decode(charset)
    except (LookupError, ValueError):
        return False
    return True

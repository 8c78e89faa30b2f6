"""Addresses out of headers, however they were written."""

import re

from .mail_text import decode_words, one_line

#: What we take for an address: good enough to be answered. Letters of any script are allowed.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,253}")
_QUOTED_LOCAL = re.compile(r"\"[^\"\r\n]{1,62}\"@[^\s@<>()\[\],;:\"\\]{1,253}")
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_NAME_SPECIALS = re.compile(r"[^\w\s!#$%&'*+/=?^`{|}~-]")
_TOKEN = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"?|\((?:[^()\\]|\\.)*\)?|<[^<>]*>?|[,;]|[^\",;(<]+|.", re.S
)


def read_addresses(value):
    """Return the addresses of a header.

    :param str value: the header's value with its encoded words still encoded
    :return: list of (name, address); the name may be "", the address never is
    """
    found = [pair for pair in map(_read_one, _pieces(value)) if pair[1]]
    if not found and "=?" in value:
        # somebody encoded the whole header, address and all
        found = [pair for pair in map(_read_one, _pieces(decode_words(value))) if pair[1]]
    return found


def format_address(pair):
    """Return ``Name <address>`` on one line, the address alone where there is no name."""
    name, address = pair
    if not name:
        return address
    if _NAME_SPECIALS.search(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{address}>"


def _pieces(value):
    """Yield what is between the commas that are no part of a name, as lists of tokens."""
    piece = []
    for match in _TOKEN.finditer(value):
        token = match[0]
        if token in ",;":
            yield piece
            piece = []
        else:
            piece.append(token)
    yield piece


def _read_one(tokens):
    """Return (name, address) of one piece, address "" where it has none."""
    angle = [token for token in tokens if token.startswith("<") and _address_in(token)]
    names, comments, address = [], [], _address_in(angle[-1]) if angle else ""
    for token in tokens:
        if token.startswith("("):
            comments.append(token.strip("()"))
        elif not token.startswith("<") or not angle:
            names.append(token)
    text = "".join(names)
    if not address:
        address = _address_in(text)
        text = text.replace(address, " ", 1) if address else text
    if not address:
        return "", ""
    name = _clean_name(text) or _clean_name(" ".join(comments))
    return ("" if name.lower() == address.lower() else name), address


def _address_in(text):
    match = _QUOTED_LOCAL.search(text) or _ADDRESS.search(text)
    if not match and "(" in text and "@" in text:
        match = _ADDRESS.search(_COMMENT.sub("", text))
    return one_line(match[0].strip(".'")) if match else ""


def _clean_name(text):
    """Return a name as people read it: encoded words, quotes and groups resolved."""
    text = re.sub(r"\\(.)", r"\1", text.replace('"', " "))
    name = decode_words(text)
    if name.count(":") == 1 and name.endswith(":"):
        name = name[:-1]
    return name.strip(" '\"<>,;")

"""A mail taken apart into its parts, without raising on what is wrong with it.

The standard library reads line by line and calls itself for each level, so that many lines, parts
or levels stop a worker, and it leaves a mail whose separators are wrong without any text. Here a
part is a stretch of the bytes of the mail: nothing is copied before it is asked for.
"""

import binascii
import re
from urllib.parse import unquote_to_bytes

from .mail_limits import MailLimitError
from .mail_text import decode_base64, decode_line, decode_text, decode_words, known_charset

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN_HEADER = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path"
    rb"|reply-to|sender|references|in-reply-to|x-[!-9;-~]+)[ \t]*:",
    re.I,
)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LINE_BREAK = re.compile(rb"[\r\n]")
_TYPE = re.compile(r"\s*[\"']?([\w!#$&^.+*-]+)\s*/\s*([\w!#$&^.+*-]+)")
_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.S)
_UU_END = re.compile(rb"(?m)^end[ \t]*\r?$")

#: How many files in a text are taken out of it; further ones stay in it.
_MOST_UU_FILES = 50

#: How much of a part is searched for a separator that nobody declares, in bytes.
_SEARCHED = 64 * 1024

#: How much of a header is decoded to be shown, in characters.
_LONGEST_SHOWN = 16_000
_GUESSED_SEPARATOR = re.compile(
    rb"(?:\A|[\r\n])--([^\r\n]{1,200}?)[ \t]*(?:\r\n|\r|\n)content-[a-z-]+:", re.I
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]|[^\s] +[^\s]")


class MailHeaders:
    """The headers of a mail or a part, in their order."""

    def __init__(self, items=()):
        self.items = list(items)
        self._by_name = {}
        for name, value in self.items:
            self._by_name.setdefault(name.lower(), []).append(value)

    def get_all(self, name, default=None):
        """Return all values of a header as text on one line, encoded words still encoded."""
        values = self._by_name.get(name.lower())
        return default if values is None else [decode_line(value) for value in values]

    def get(self, name, default=None):
        """Return the first value of a header, encoded words still encoded."""
        values = self._by_name.get(name.lower())
        return default if values is None else decode_line(values[0])

    def text(self, name):
        """Return the first value of a header as people read it, "" where there is none."""
        return decode_words(self.get(name, "")[:_LONGEST_SHOWN])

    def raw_all(self, name):
        """Return all values of a header as the bytes that were sent."""
        return self._by_name.get(name.lower(), [])

    def get_content_type(self):
        """Return the declared type, as far as it is one."""
        return content_type(self.get("Content-Type", ""))


class Part:
    """A part of a mail, or the mail itself: headers and a stretch of bytes."""

    def __init__(self, headers, buffer, start, end, default_type="text/plain"):
        self.headers = headers
        self.buffer = buffer
        self.start = start
        self.end = end
        self.children = []
        self._payload = None
        declared = headers.get("Content-Type", "")
        self.type = content_type(declared) if declared.strip() else default_type
        self.parameters = parameters(declared)
        disposition = headers.get("Content-Disposition", "")
        self.disposition = disposition.split(";")[0].strip().lower()
        self.disposition_parameters = parameters(disposition)

    @property
    def raw(self):
        """The bytes of the body, still in their transfer encoding."""
        return self.buffer[self.start : self.end]

    @property
    def encoding(self):
        return self.headers.get("Content-Transfer-Encoding", "").lower()

    @property
    def charset(self):
        return self.parameters.get("charset", "").split(" ")[0]

    @property
    def content_id(self):
        return self.headers.get("Content-Id", "").strip(" <>")

    @property
    def filename(self):
        """The name that the sender gives the file, "" where there is none."""
        name = self.disposition_parameters.get("filename") or self.parameters.get("name") or ""
        name = decode_words(name).replace("\\", "/").rpartition("/")[2].strip(" .\"'")
        if len(name) > 200:
            stem, dot, extension = name.rpartition(".")
            name = (stem[: 199 - len(extension)] + dot + extension)[:200]
        return name

    def payload(self):
        """Return the bytes of the body, free of their transfer encoding."""
        if self._payload is None:
            self._payload = decode_transfer(self.raw, self.encoding)
        return self._payload

    def text(self, most, payload=None):
        """Return the body as text, of a very long one the beginning.

        :param int most: bytes to read
        :param bytes payload: the body, where something has been taken out of it
        """
        is_html = self.type == "text/html"
        payload = self.payload() if payload is None else payload
        if len(payload) > most:
            payload = payload[: payload.rfind(b"\n", 0, most) + 1 or most]
        text = decode_text(payload, self.charset, html=is_html)[0]
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def walk(self):
        """Yield this part and all parts in it, in their order."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def read_structure(raw, limits):
    """Take a mail apart.

    :param bytes raw: the mail
    :param MailLimits limits: what is read of it
    :return: the mail as a Part, its parts as its children
    :raises MailLimitError: when it is too large or has too many parts
    """
    if len(raw) > limits.size:
        raise MailLimitError("size", limits.size, len(raw))
    headers, start = read_head(raw, 0, len(raw), limits)
    root = Part(headers, raw, start, len(raw))
    waiting, count = [(root, 1)], 1
    while waiting:
        part, depth = waiting.pop()
        if not part.type.startswith("multipart/"):
            continue
        _split(part, limits, limits.parts - count)
        count += len(part.children)
        if part.children and depth >= limits.depth:
            raise MailLimitError("depth", limits.depth)
        waiting.extend((child, depth + 1) for child in part.children)
    return root


def read_head(buffer, start, end, limits):
    """Read headers.

    :return: MailHeaders and where the body begins
    """
    items, position = [], start
    while position < end:
        if position - start > limits.head:
            raise MailLimitError("head", limits.head, position - start)
        match = _LINE_END.search(buffer, position, end)
        line_end, following = (match.start(), match.end()) if match else (end, end)
        if line_end - start > limits.head + 1000 and not _is_body(buffer, position, items):
            raise MailLimitError("head", limits.head, line_end - start)
        line = buffer[position:line_end]
        if not line.strip():
            position = following
            if items or start:
                break
            continue  # blank lines before a mail
        header = _HEADER.match(line)
        if line[:1] in b" \t" and items:
            items[-1][1].append(line)
        elif header:
            items.append((header[1].decode("latin-1"), [line[header.end() :]]))
        elif not items and line.startswith((b"From ", b">From ")):
            pass  # the line before a mail in a mailbox file
        elif items and _more_headers_follow(buffer, following, end):
            items[-1][1].append(line)  # a folded line that lost its indentation
        else:
            break
        position = following
    return MailHeaders((name, b" ".join(lines)) for name, lines in items), position


def _is_body(buffer, position, items):
    line = buffer[position : position + 300]
    return not _HEADER.match(line) and not (items and line[:1] in b" \t")


def _more_headers_follow(buffer, position, end):
    """Tell whether known headers come before the next blank line."""
    block = re.split(rb"\r?\n[ \t]*\r?\n", buffer[position : min(end, position + 4000)], maxsplit=1)
    return any(_KNOWN_HEADER.match(line) for line in _LINE_END.split(block[0]))


def _split(part, limits, allowed):
    """Find the parts of a part, or say that it is text after all."""
    spans = _spans(part, limits, allowed)
    if not spans and ("base64" in part.encoding or "quoted" in part.encoding):
        part.buffer = part.payload()
        part.start, part.end = 0, len(part.buffer)
        part.headers = MailHeaders(
            item for item in part.headers.items if item[0].lower() != "content-transfer-encoding"
        )
        spans = _spans(part, limits, allowed)
    if len(spans) > allowed:
        raise MailLimitError("parts", limits.parts)
    default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    for start, end in spans:
        headers, body = read_head(part.buffer, start, end, limits)
        part.children.append(Part(headers, part.buffer, body, end, default))
    if not part.children:
        beginning = part.buffer[part.start : part.start + 1000].lower()
        part.type = "text/html" if b"<html" in beginning or b"<body" in beginning else "text/plain"


def _spans(part, limits, allowed):
    """Return where the parts of a part begin and end."""
    boundary = part.parameters.get("boundary", "").rstrip()
    for attempt in dict.fromkeys((boundary, boundary.split(" ")[0], boundary.strip("'"))):
        if attempt:
            name = attempt.encode("utf-8", "surrogateescape")
            spans = _spans_between(part, name, limits, allowed)
            if spans:
                return spans
    guess = _GUESSED_SEPARATOR.search(
        part.buffer, max(0, part.start - 1), min(part.end, part.start + _SEARCHED)
    )
    if guess:
        name = guess[1].rstrip()
        return _spans_between(part, name, limits, allowed)
    return []


def _spans_between(part, boundary, limits, allowed):
    """Return the stretches between the lines that hold a separator."""
    buffer, separator = part.buffer, b"--" + boundary
    spans, begun, position, near = [], None, part.start, 0
    while True:
        hit = buffer.find(separator, position, part.end)
        if hit < 0:
            break
        after = hit + len(separator)
        is_line = hit == part.start or buffer[hit - 1] in b"\r\n"
        match = _LINE_BREAK.search(buffer, after, part.end)
        line_end = match.start() if match else part.end
        rest = buffer[after : min(line_end, after + 1000)].strip(b" \t") if is_line else None
        if rest not in (b"", b"--"):
            position, near = line_end, near + 1
            if near > limits.near_separators:
                raise MailLimitError("time")
            continue
        following = line_end + (2 if buffer[line_end : line_end + 2] == b"\r\n" else 1)
        if begun is not None:
            spans.append((begun, _before_line_end(buffer, begun, hit)))
            if len(spans) > allowed:
                raise MailLimitError("parts", limits.parts)
        begun = None if rest == b"--" else following
        position = following
    if begun is not None and begun < part.end:
        spans.append((begun, part.end))
    return spans


def _before_line_end(buffer, start, position):
    """Return the position before the line end that belongs to the separator."""
    if position > start and buffer[position - 1 : position] == b"\n":
        position -= 1
    if position > start and buffer[position - 1 : position] == b"\r":
        position -= 1
    return position


def content_type(value):
    """Return a type and subtype in lower case for what a header says."""
    match = _TYPE.match(value)
    if match and "*" not in match[0]:
        return f"{match[1]}/{match[2]}".lower()
    word = re.split(r"[\s;/]", value.strip().lower(), maxsplit=1)[0]
    return {
        "": "text/plain",
        "text": "text/plain",
        "plain": "text/plain",
        "html": "text/html",
        "pdf": "application/pdf",
        "multipart": "multipart/mixed",
    }.get(word, "application/octet-stream")


def parameters(value):
    """Return the parameters of a header such as Content-Type, names in lower case."""
    found, continued = {}, {}
    for match in _PARAMETER.finditer(value):
        name, text = match[1].lower(), match[2].strip()
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:].removesuffix('"'))
        if "*" in name:
            base, _star, section = name.partition("*")
            continued.setdefault(base, []).append((section, text))
        else:
            found.setdefault(name, text)
    for name, sections in continued.items():
        found[name] = _continued(sections) or found.get(name, "")
    return found


def _continued(sections):
    """Join the sections of a parameter (RFC 2231), and decode those that are encoded."""
    pieces, charset = [], ""

    def place(section):
        number = section[0].strip("*")
        return int(number) if number.isdecimal() and number.isascii() else 0

    for section, text in sorted(sections, key=place):
        raw = text.encode("utf-8", "surrogateescape")
        if section.endswith("*") or not section:
            if not pieces and text.count("'") >= 2:
                charset, _language, text = text.split("'", 2)
                raw = text.encode("utf-8", "surrogateescape")
            raw = unquote_to_bytes(raw)
        pieces.append(raw)
    return decode_line(b"".join(pieces), known_charset(charset))


def decode_transfer(raw, encoding):
    """Return bytes free of their transfer encoding, as they are where it is none."""
    if "base64" in encoding:
        beginning = raw[:2000]
        if len(_NOT_BASE64.findall(beginning)) * 20 > len(beginning):
            return raw  # declared by mistake: this is text
        return decode_base64(raw)
    if "quoted" in encoding:
        return binascii.a2b_qp(raw)
    if "uu" in encoding:
        files = uuencoded_files(raw)
        return files[0][1] if files else raw
    return raw


def uuencoded_files(raw):
    """Return the files in a text that are written the old way.

    :return: list of (name, content, start, end) with the place in the text
    """
    files = []
    room = 4 * len(raw)  # thousands of beginnings before one end are no files
    for begin in re.finditer(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", raw):
        if files and begin.start() < files[-1][3]:
            continue
        end = _UU_END.search(raw, begin.end())
        room -= end.end() - begin.end() if end else 0
        if not end or room < 0 or len(files) >= _MOST_UU_FILES:
            break
        content, good = [], True
        for line in raw[begin.end() : end.start()].splitlines():
            if not line:
                continue
            try:
                content.append(binascii.a2b_uu(line))
            except binascii.Error:
                size = (((line[0] - 32) & 63) * 4 + 5) // 3
                try:
                    content.append(binascii.a2b_uu(line[:size]))
                except binascii.Error:
                    good = False
                    break
        if good and content:
            files.append((decode_line(begin[1]), b"".join(content), begin.start(), end.end()))
    return files

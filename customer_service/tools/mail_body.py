"""The text of a mail as HTML, and its attachments: the sender's own words first."""

import mimetypes
import re
from html import escape, unescape

from lxml import etree, html

from odoo.tools import html_sanitize

from .mail_quotes import fold_text, is_costly_to_mark, mark_html, unmark_if_alone
from .mail_structure import uuencoded_files
from .mail_text import decode_base64

#: Types of text that are read by programs, not by people.
_FILE_TYPES = {
    "text/calendar",
    "text/css",
    "text/csv",
    "text/directory",
    "text/ecmascript",
    "text/javascript",
    "text/rfc822-headers",
    "text/rtf",
    "text/tab-separated-values",
    "text/vcard",
    "text/x-amp-html",
    "text/x-diff",
    "text/x-patch",
    "text/x-vcalendar",
    "text/x-vcard",
    "text/xml",
}

_EXTENSIONS = {
    "application/ics": ".ics",
    "application/ms-tnef": ".dat",
    "application/octet-stream": ".bin",
    "application/pgp-encrypted": ".asc",
    "application/pgp-keys": ".asc",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-mime": ".p7m",
    "application/x-pkcs7-signature": ".p7s",
    "audio/mpeg": ".mp3",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/pjpeg": ".jpg",
    "image/tiff": ".tif",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/directory": ".vcf",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/rtf": ".rtf",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/xml": ".xml",
}

_NAMES = {
    "application/ms-tnef": "winmail.dat",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "text/calendar": "invite.ics",
    "text/rfc822-headers": "headers.txt",
}

_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2060-\u2064\u2800\ufeff]+"
)
_HIDDEN = re.compile(r"<(?:(!--)|(script|style|head|title)\b)", re.I)
_HIDDEN_ENDS = {
    "!--": re.compile("-->"),
    "head": re.compile(r"</head\b[^<>]{0,99}>|<body\b", re.I),
    "script": re.compile(r"</script\b[^<>]{0,99}>", re.I),
    "style": re.compile(r"</style\b[^<>]{0,99}>", re.I),
    "title": re.compile(r"</title\b[^<>]{0,99}>", re.I),
}
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d|/table|/blockquote)\b[^>]*>", re.I)
_TAG = re.compile(r"<[^<>]{0,5000}>")
_IMAGE = re.compile(r"<img\b([^<>]{0,5000})>", re.I)
_WRITTEN_IMAGE = re.compile(
    rb"(\bsrc\s{0,9}=\s{0,9}[\"']?)data:(image/[\w.+-]{1,40});base64,([A-Za-z0-9+/=\s]+(?=[\"'>]))",
    re.I,
)
_MOST_WRITTEN_IMAGES = 100
_TINY = re.compile(r"(?:width|height)\s*[=:]\s*[\"']?\s*[01](?:px)?\b", re.I)
#: In how many parts of a mail the history is looked for.
_MOST_FOLDED = 20


#: Where the cleaner begins to search, and how many characters it may look at in all.
_SEARCHED = re.compile(r"url\(|expression|data:image/|/\*|@import", re.I)
_NO_WORD = re.compile(r"[^\w-]+")
_MOST_SEARCHED_AT_ONCE = 2_000_000
_MOST_SEARCHED = 20_000_000

_DECLARATION = re.compile(r"<\?xml\b[^<>]{0,300}>", re.I)
_CID = re.compile(r"^\s*cid:(.*)$", re.I | re.S)


class Body:
    """Collects what a mail shows and what hangs on it.

    :ivar list pieces: HTML of the parts that are shown
    :ivar list attachments: (name, content, info)
    """

    def __init__(self, root, limits):
        self.limits = limits
        self.pieces = []
        self.attachments = []
        self._decoded = {}
        self._room = {"text": limits.text, "html": limits.html}
        self._tags_left = limits.html_tags
        for part in self._shown(root):
            self.pieces.append(self._as_html(part, folds=len(self.pieces) < _MOST_FOLDED))

    def html(self):
        """Return the body, its images joined to the attachments."""
        return "\n".join(piece for piece in self.pieces if piece)

    def _shown(self, root):
        """Return the parts whose text is shown, and take the others as attachments."""
        if not root.children and root.type.startswith("text/") and not root.filename:
            return [root]  # whatever it calls itself, it is all there is
        shown = self._parts_shown(root)
        if not any(self._is_filled(part) for part in shown):
            shown += self._named_texts(root, shown)
        return shown

    def _parts_shown(self, part):
        if part.type == "multipart/alternative":
            return self._best_of([self._parts_shown(child) for child in part.children])
        if part.children:
            return [shown for child in part.children for shown in self._parts_shown(child)]
        if self._is_text(part):
            return [part]
        self._attach(part)
        return []

    def _best_of(self, alternatives):
        """Return the richest alternative that says anything."""
        filled = [parts for parts in alternatives if any(self._is_filled(part) for part in parts)]
        formatted = [parts for parts in filled if any(part.type == "text/html" for part in parts)]
        best = formatted or filled or [parts for parts in alternatives if parts]
        return best[-1] if best else []

    def _named_texts(self, root, shown):
        """Return texts that are attached by their name only, where the mail has no other words."""
        return [
            part
            for part in root.walk()
            if part.type in ("text/plain", "text/html")
            and not part.children
            and part not in shown
            and part.disposition != "attachment"
        ][:1]

    def _is_text(self, part):
        return (
            part.type.startswith("text/")
            and part.type not in _FILE_TYPES
            and part.disposition != "attachment"
            and not part.filename
        )

    def _text(self, part):
        """Return the text of a part, as much of it as there is room for."""
        if id(part) not in self._decoded:
            kind = "html" if part.type == "text/html" else "text"
            payload = part.payload()
            if kind == "html":
                payload = self._without_images(payload)
            room = self._room[kind]
            self._decoded[id(part)] = part.text(room, payload) if room else ""
            self._room[kind] = max(0, room - len(payload))
            if not self._room[kind]:
                self._attach(part)  # what is shown is its beginning, or nothing of it
        return self._decoded[id(part)]

    def _without_images(self, payload):
        """Turn images that are written into HTML into attachments, as other mails have them."""
        if b";base64," not in payload:
            return payload

        def attach(match):
            number = len(self.attachments) + 1
            kind = match[2].decode().lower()
            extension = _EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ".bin"
            cid = f"image-{number}@inline"
            content = decode_base64(match[3])
            self.attachments.append((f"image-{number}{extension}", content, {"cid": cid}))
            return b"%scid:%s" % (match[1], cid.encode())

        return _WRITTEN_IMAGE.sub(attach, payload, count=_MOST_WRITTEN_IMAGES)

    def _is_filled(self, part):
        """Tell whether a part shows anything: words, or a picture larger than a tracking pixel."""
        text = self._text(part)
        if part.type != "text/html":
            return bool(_INVISIBLE.sub("", text))
        if _INVISIBLE.sub("", plain_text(text)):
            return True
        return any(not _TINY.search(match[1]) for match in _IMAGE.finditer(text))

    def _as_html(self, part, folds):
        text = self._text(part)
        if part.type == "text/html":
            return self._clean_html(text, folds)
        if part.type in ("text/enriched", "text/richtext"):
            text = plain_text(text)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
        return self._as_pre(self._without_files(text), folds)

    def _as_pre(self, text, folds=True):
        text = text.strip("\n").rstrip()
        if not text.strip():
            return ""
        return f"<pre>{fold_text(text) if folds else escape(text, quote=False)}</pre>"

    def _without_files(self, text):
        """Take uuencoded files out of a text."""
        if "\nbegin " not in "\n" + text[:1_000_000] or "\nend" not in text:
            return text
        raw = text.encode()
        files = uuencoded_files(raw)
        for name, content, start, end in reversed(files):
            raw = raw[:start] + raw[end:]
            self.attachments.insert(0, (name, content, {}))
        return raw.decode()

    def _clean_html(self, text, folds=True):
        """Return HTML as the host stores it, or its text where it is too much to be cleaned."""
        self._tags_left -= text.count("<")
        if self._tags_left < 0 or is_costly(text):
            return self._as_pre(plain_text(text), folds)
        try:
            document = html.document_fromstring(_DECLARATION.sub("", text))
            take_out_traps(document)
            if folds:
                mark_html(document)
            if is_costly_to_mark(document.iter(etree.Element)):
                return self._as_pre(plain_text(text), folds)
            marked = html.tostring(document, encoding="unicode")
            clean = html_sanitize(marked, silent=False, sanitize_tags=False, strip_classes=True)
            root = html.fragment_fromstring(str(clean), create_parent="div")
        except (etree.LxmlError, ValueError, AssertionError, RecursionError):
            return self._as_pre(plain_text(text), folds)
        if _letters(root.text_content()) * 2 < _letters(plain_text(text)):
            return self._as_pre(plain_text(text), folds)  # the parser gave up on it
        for element in root.iter():
            element.attrib.pop("data-o-mail-quote-container", None)
        unmark_if_alone(root)
        self._name_images(root)
        content = html.tostring(root, encoding="unicode")
        return content.removeprefix("<div>").removesuffix("</div>").strip()

    def _name_images(self, root):
        """Write on each image the name of its attachment, as the host does."""
        names = {info["cid"]: name for name, _content, info in self.attachments if "cid" in info}
        for image in root.iter("img"):
            match = _CID.match(image.get("src") or "")
            if match and match[1].strip("<> ") in names:
                image.set("src", "cid:" + match[1].strip("<> "))
                image.set("data-filename", names[match[1].strip("<> ")])

    def _attach(self, part):
        content = part.payload()
        info = {"encoding": part.charset} if part.charset else {}
        if part.content_id:
            info["cid"] = part.content_id
        self.attachments.append((attachment_name(part, content), content, info))


def attachment_name(part, content):
    """Return the name of an attachment, one with the right ending where the sender gives none."""
    if part.filename:
        return part.filename
    if part.type in _NAMES:
        return _NAMES[part.type]
    if part.type in ("message/rfc822", "message/global"):
        return _subject_of(content) + ".eml"
    extension = _EXTENSIONS.get(part.type) or mimetypes.guess_extension(part.type) or ".bin"
    return ("image" if part.type.startswith("image/") else "attachment") + extension


def _subject_of(content):
    """Return the subject of an attached mail as the stem of a file name."""
    from .mail_limits import LIMITS
    from .mail_structure import read_head

    headers, _start = read_head(content[: LIMITS.head // 2], 0, LIMITS.head // 2, LIMITS)
    subject = re.sub(r"[\\/:*?\"<>|]+", "_", headers.text("Subject")).strip(" .")
    return subject[:120] or "message"


def take_out_traps(document):
    """Take out what the cleaner would search for hours, and what no browser shows anyhow.

    The cleaner looks for the end of each of these words anew, to the end of the text: a hundred
    thousand of them that never end, in one attribute, would hold up all mail.

    :param document: the parsed HTML, which is changed
    """
    room = _MOST_SEARCHED
    for element in list(document.iter(etree.Element)):
        if element.tag == "meta" and element.getparent() is not None:
            element.drop_tree()  # only its charset says anything, and that has been read
            continue
        if element.tag == "style":
            cost = _cost_of_search(element.text or "")
            room -= cost
            if cost > _MOST_SEARCHED_AT_ONCE or room < 0:
                element.text = None
        for name, value in element.items():
            cost = _cost_of_search(value, is_style=name == "style")
            room -= cost
            if cost > _MOST_SEARCHED_AT_ONCE or (cost and room < 0):
                del element.attrib[name]


def _cost_of_search(text, is_style=False):
    """Return how many characters the cleaner looks at, searching a text for what may run."""
    if len(text) < 100:
        return 0
    words = len(_SEARCHED.findall(text))
    longest = max(map(len, _NO_WORD.split(text))) if is_style else 0
    return (words + longest if words > 1 or longest > 100 else 0) * len(text)


def is_costly(text):
    """Tell whether HTML is made in a way that takes long to parse or to clean.

    The host looks for the end of each open bracket again; the parser compares all attributes of
    an element with each other, and keeps an account of each letter that should be escaped.

    :param str text: HTML
    """
    if text.count("&") > 50_000:
        return True
    cost = 0
    for piece in text.split(">"):
        brackets = piece.count("<")
        cost += len(piece) * brackets if brackets > 1 else 0
        if cost > 20_000_000 or (brackets and len(piece.split(None, 2000)) > 2000):
            return True
    return False


def plain_text(text):
    """Return the text of HTML in one pass, for what must not be parsed."""
    text = _BREAK.sub("\n", "".join(_visible(text)))
    return unescape(_TAG.sub("", text)).replace("\xa0", " ")


def _visible(text):
    """Yield HTML without what no browser shows: comments, scripts, styles."""
    position, endless = 0, set()
    while match := _HIDDEN.search(text, position):
        name = match[1] or match[2].lower()
        end = None if name in endless else _HIDDEN_ENDS[name].search(text, match.end())
        if end:
            yield text[position : match.start()] + " "
            position = end.start() if end[0].lower().startswith("<body") else end.end()
        else:
            endless.add(name)
            yield text[position : match.end()]
            position = match.end()
    yield text[position:]


def _letters(text):
    return len(_INVISIBLE.sub("", text))


def unflowed(text, delete_space):
    """Join the lines that a mail program broke by itself (RFC 3676).

    :param str text: text with ``format=flowed``
    :param bool delete_space: the space at a soft break is no part of the text
    """
    paragraphs, depth_before, is_soft = [], 0, False
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content[1:] if content.startswith(" ") else content
        if not is_soft or depth != depth_before:
            paragraphs.append([">" * depth + " " if depth else ""])
        is_soft = content.endswith(" ") and content != "-- "
        paragraphs[-1].append(content[:-1] if is_soft and delete_space else content)
        depth_before = depth
    return "\n".join("".join(pieces) for pieces in paragraphs)

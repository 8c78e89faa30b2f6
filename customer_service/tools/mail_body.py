"""The text of a mail as HTML, and its attachments: the sender's own words first."""

import mimetypes
import re
from html import unescape

from lxml import etree, html

from odoo.tools import html_sanitize

from .mail_quotes import fold_html, fold_text
from .mail_structure import uuencoded_files

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
_SKIPPED = re.compile(r"<(script|style|head|title)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d|/table|/blockquote)\b[^>]*>", re.I)
_TAG = re.compile(r"<[^<>]{0,5000}>")
_IMAGE = re.compile(r"<img\b([^<>]{0,5000})>", re.I)
_TINY = re.compile(r"(?:width|height)\s*[=:]\s*[\"']?\s*[01](?:px)?\b", re.I)
_CID = re.compile(r"^\s*cid:(.*)$", re.I | re.S)
_DEEPEST = 200


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
        for part in self._shown(root):
            self.pieces.append(self._as_html(part))

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
        if id(part) not in self._decoded:
            self._decoded[id(part)] = part.text()
        return self._decoded[id(part)]

    def _is_filled(self, part):
        """Tell whether a part shows anything: words, or a picture larger than a tracking pixel."""
        text = self._text(part)
        if part.type != "text/html":
            return bool(_INVISIBLE.sub("", text))
        if _INVISIBLE.sub("", plain_text(text)):
            return True
        return any(not _TINY.search(match[1]) for match in _IMAGE.finditer(text))

    def _as_html(self, part):
        text = self._text(part)
        if part.type == "text/html":
            return self._clean_html(text)
        if part.type in ("text/enriched", "text/richtext"):
            text = plain_text(text)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
        return self._as_pre(self._without_files(text))

    def _as_pre(self, text):
        text = text.strip("\n").rstrip()
        return f"<pre>{fold_text(text)}</pre>" if text.strip() else ""

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

    def _clean_html(self, text):
        """Return HTML as the host stores it, or its text where it is too much to be cleaned."""
        if is_too_much(text, self.limits):
            return self._as_pre(plain_text(text))
        try:
            clean = html_sanitize(text, silent=False, sanitize_tags=False, strip_classes=True)
            root = html.fragment_fromstring(str(clean), create_parent="div")
        except (etree.LxmlError, ValueError, AssertionError, RecursionError):
            return self._as_pre(plain_text(text))
        if _letters(root.text_content()) * 2 < _letters(plain_text(text)):
            return self._as_pre(plain_text(text))  # the parser gave up on it
        self._name_images(root)
        fold_html(root)
        content = html.tostring(root, encoding="unicode")
        return content.removeprefix("<div>").removesuffix("</div>")

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


def is_too_much(text, limits):
    """Tell whether HTML would take too long to be parsed and cleaned."""
    if len(text) > limits.html or text.count("<") > limits.html_tags:
        return True
    # An opening bracket without its end makes the host look for it from each one again.
    cost = sum(piece.count("<") * len(piece) for piece in text.split(">") if piece.count("<") > 1)
    return cost > 20_000_000


def plain_text(text):
    """Return the text of HTML in one pass, for what must not be parsed."""
    if text.count("<") > 1 and text.lower().count("</") < 200_000:
        text = _SKIPPED.sub(" ", text)
    text = _BREAK.sub("\n", text)
    return unescape(_TAG.sub("", text)).replace("\xa0", " ")


def _letters(text):
    return len(_INVISIBLE.sub("", text))


def unflowed(text, delete_space):
    """Join the lines that a mail program broke by itself (RFC 3676).

    :param str text: text with ``format=flowed``
    :param bool delete_space: the space at a soft break is no part of the text
    """
    joined, depth_before, is_soft = [], 0, False
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content[1:] if content.startswith(" ") else content
        if is_soft and depth == depth_before:
            joined[-1] += content
        else:
            joined.append((">" * depth + " " if depth else "") + content)
        is_soft = content.endswith(" ") and content != "-- "
        if is_soft and delete_space:
            joined[-1] = joined[-1][:-1]
        depth_before = depth
    return "\n".join(joined)

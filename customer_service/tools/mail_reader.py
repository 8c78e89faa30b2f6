"""A mail as cases want to have it, however its sender wrote it down.

``read_mail`` never raises but for ``MailLimitError``, and drops nothing: what is not shown is an
attachment. ``peek`` never raises at all.
"""

import email.policy
import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import parsedate_tz

from dateutil import parser as date_parser

from .mail_addresses import format_address, read_addresses
from .mail_body import Body
from .mail_bounce import read_bounces
from .mail_headers import machine_kind
from .mail_limits import LIMITS, MailLimitError
from .mail_structure import MailHeaders, read_head, read_structure
from .mail_text import decode_words, few_guesses, one_line

#: Who may have written a mail, in the order in which they are believed.
_SENDERS = ("From", "Reply-To", "Sender")

#: Headers that name whom a mail was for, besides To and Cc.
_ENVELOPE = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "Resent-To",
    "Resent-Cc",
)

#: Headers that the host, or a rule of the shop, may look at.
_KEPT_HEADERS = (
    "Auto-Submitted",
    "Precedence",
    "Return-Path",
    "X-Odoo-Message-Id",
    "X-Odoo-Objects",
    "X-Spam-Flag",
    "X-Spam-Status",
)

_HEAD_READ = 256 * 1024
_MESSAGE_ID = re.compile(r"<[^<>]{1,900}>")
_YEAR = re.compile(r"\b(?:19|20)\d\d(?!\d)")
_LONGEST_LINE = 1000


@dataclass(frozen=True)
class MailHead:
    """What the beginning of a mail says, as far as it can be read."""

    message_id: str = ""
    sender: str = ""
    subject: str = ""
    recipients: tuple = ()
    references: tuple = ()


@dataclass(frozen=True)
class ReadMail:
    """A mail that has been read; addresses are written ``Name <address>``."""

    message_id: str
    sender: str
    sender_name: str
    sender_address: str
    sender_header: str
    reply_to: list
    to: list
    cc: list
    recipients: list
    subject: str
    date: datetime | None
    in_reply_to: str
    references: list
    body: str
    attachments: list
    machine: str
    bounces: list
    returned_message_ids: list
    return_path: str
    authentication_results: list
    digest: str
    headers: MailHeaders = field(repr=False, compare=False, default_factory=MailHeaders)

    def as_message(self):
        """Return the headers as the host reads them; no access to them raises."""
        message = EmailMessage(policy=email.policy.SMTP)
        values = {
            "Message-Id": self.message_id,
            "From": self.sender,
            "Reply-To": ", ".join(self.reply_to),
            "To": ", ".join(self.to),
            "Cc": ", ".join(self.cc),
            "Delivered-To": ", ".join(_addresses(self.headers, _ENVELOPE[:4])),
            "Subject": self.subject,
            "In-Reply-To": self.in_reply_to,
            "References": " ".join(self.references),
            "Date": self.date and self.date.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        }
        for name in _KEPT_HEADERS:
            values[name] = one_line(self.headers.get(name, ""))
        for name, value in values.items():
            if value:
                _set_header(message, name, value)
        message.set_content("")
        return message


def peek(raw):
    """Read the beginning of a mail, as far as it can be read; never raises.

    :param bytes raw: the mail
    :return: MailHead
    """
    try:
        head = bytes(raw[:_HEAD_READ])
        headers, _start = read_head(head, 0, len(head), LIMITS)
        with few_guesses():
            _header, pair = _sender(headers)
            return MailHead(
                message_id=_message_id(headers),
                sender=format_address(pair) if pair else "",
                subject=headers.text("Subject")[:_LONGEST_LINE],
                recipients=tuple(_addresses(headers, ("To", "Cc", *_ENVELOPE))),
                references=(*_references(headers), *filter(None, [_in_reply_to(headers)])),
            )
    except Exception:  # noqa: BLE001 - asked for what is left of a mail that could not be read
        return MailHead()


def read_mail(raw, limits=LIMITS):
    """Read a mail.

    :param bytes raw: the mail as it came
    :param MailLimits limits: the most that is read
    :return: ReadMail
    :raises MailLimitError: when the mail is beyond the limits
    """
    try:
        with few_guesses():
            return _read(bytes(raw), limits)
    except RecursionError as error:
        raise MailLimitError("depth", limits.depth) from error


def _read(raw, limits):
    root = read_structure(raw, limits)
    headers = root.headers
    _check_addresses(headers, limits)
    sender_header, pair = _sender(headers)
    machine, bounces, returned = read_bounces(root, machine_kind(headers))
    body = Body(root, limits)
    date = _date(headers)
    sender = format_address(pair) if pair else ""
    return ReadMail(
        message_id=_message_id(headers),
        sender=sender,
        sender_name=pair[0] if pair else "",
        sender_address=pair[1].lower() if pair else "",
        sender_header=sender_header,
        reply_to=_addresses(headers, ("Reply-To",)),
        to=_addresses(headers, ("To",)),
        cc=_addresses(headers, ("Cc",)),
        recipients=_addresses(headers, ("To", "Cc", *_ENVELOPE)),
        subject=headers.text("Subject")[:_LONGEST_LINE],
        date=date if date and date < _now() + timedelta(days=1) else None,
        in_reply_to=_in_reply_to(headers),
        references=_references(headers),
        body=body.html(),
        attachments=body.attachments,
        machine=machine,
        bounces=bounces,
        returned_message_ids=returned,
        return_path=headers.get("Return-Path", "").strip(),
        authentication_results=headers.get_all("Authentication-Results", []),
        digest=_digest(root, pair, headers, date, limits),
        headers=headers,
    )


def _check_addresses(headers, limits):
    names = (*_SENDERS, "To", "Cc", *_ENVELOPE)
    found = sum(value.count(b"@") for name in names for value in headers.raw_all(name))
    if found > limits.addresses:
        raise MailLimitError("addresses", limits.addresses, found)


def _sender(headers):
    """Return who wrote the mail, and the header that says so."""
    for name in _SENDERS:
        for value in headers.get_all(name, []):
            addresses = read_addresses(value)
            if addresses:
                return name, addresses[0]
    return "", None


def _addresses(headers, names):
    """Return the addresses of some headers, each once, formatted."""
    found = {}
    for name in names:
        for value in headers.get_all(name, []):
            for pair in read_addresses(value):
                found.setdefault(pair[1].lower(), pair)
    return [format_address(pair) for pair in found.values()]


def _message_id(headers):
    value = headers.text("Message-Id").strip()
    match = _MESSAGE_ID.search(value)
    if match:
        return re.sub(r"\s+", "", match[0])
    words = value.split()
    return f"<{words[0]}>"[:900] if words and len(words) == 1 else ""


def _in_reply_to(headers):
    # Decoded: some programs encode what is too long for a line, and Message-IDs are long.
    found = _MESSAGE_ID.findall(headers.text("In-Reply-To"))
    return re.sub(r"\s+", "", found[0]) if found else ""


def _references(headers):
    """Return the Message-IDs this mail names, the nearest one last."""
    text = decode_words(" ".join(headers.get_all("References", []))[-64_000:])
    found = [re.sub(r"\s+", "", match) for match in _MESSAGE_ID.findall(text)]
    return list(dict.fromkeys(found))


def _now():
    return datetime.now(timezone.utc).replace(tzinfo=None)


def _date(headers):
    """Return when the mail was written, in UTC without a zone; None where nobody can tell."""
    text = headers.get("Date", "").strip()[:200]
    if not text:
        return None
    with suppress(ValueError, TypeError, OverflowError, IndexError):
        parsed = parsedate_tz(text)
        if parsed:
            date = datetime(*parsed[:6])
            return date - timedelta(seconds=parsed[9] or 0)
    if not _YEAR.search(text):
        return None  # the parser would make up what is missing
    try:
        date = date_parser.parse(text, fuzzy=True)
        if date.tzinfo:
            date = date.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, TypeError, OverflowError, ArithmeticError, AttributeError):
        return None
    return date


def _digest(root, pair, headers, date, limits):
    """Return what two deliveries of one mail have in common, as a hash."""
    found = hashlib.sha256()

    def add(value):
        found.update(b"%d:" % len(value))
        found.update(value)

    add((pair[1].lower() if pair else "").encode("utf-8", "replace"))
    add(headers.text("Subject").encode("utf-8", "replace"))
    add((date.isoformat() if date else headers.get("Date", "")).encode("utf-8", "replace"))
    room = limits.text  # what is longer is not decoded
    for part in root.walk():
        if part.children:
            continue
        add(part.filename.encode("utf-8", "replace"))
        room -= part.end - part.start if part.type.startswith("text/") else 0
        if part.type.startswith("text/") and room >= 0:
            lines = (line.rstrip() for line in part.text(limits.text).strip().split("\n"))
            add("\n".join(lines).encode("utf-8", "replace"))
        else:
            add(part.payload())
    return found.hexdigest()


def _set_header(message, name, value):
    """Set a header, in plainer words where the standard library cannot hold it as it is."""
    pairs = read_addresses(value)
    plain = ", ".join(address for _name, address in pairs)
    for attempt in (value, plain, value.encode("ascii", "replace").decode()):
        # The library's parser raises almost anything.
        with suppress(Exception):
            message[name] = attempt
            if str(message[name]):
                message.policy.fold_binary(name, message[name])
                return
        del message[name]

"""Whom a returned mail did not reach, why, and which mail it was."""

import email
import logging
import re

from .mail_addresses import read_addresses
from .mail_headers import is_bounce_subject
from .mail_text import decode_text, decode_words, one_line

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}@[^<>\s]{1,200}>")
_ID_LINE = re.compile(r"(?im)^[>\s]*(?:x-)?(?:original-)?message-id:\s*(<[^<>\s]{1,600}>)")
_LONGEST_REASON = 300

#: How much of a bounce the detector of other people's formats is given, in bytes.
_SCANNED = 256 * 1024


def read_bounces(root, kind):
    """Tell whether a mail is a returned one, and whom it did not reach.

    :param Part root: the mail
    :param str kind: what its headers say: the kind of machine that sent it
    :return: the kind again, or "bounce" where the text is one; list of (address, permanent,
        reason); and the Message-IDs the mail is about
    """
    bounces = _from_status(root) if kind in ("bounce", "auto_reply") else []
    if not bounces and (kind == "bounce" or is_bounce_subject(root.headers)):
        bounces = _from_text(root)
    if bounces:
        kind = "bounce"
    is_about_another = kind in ("bounce", "report", "auto_reply")
    return kind, bounces, _returned_ids(root, kind) if is_about_another else []


def _from_status(root):
    """Read the machine-readable part of a delivery report (RFC 3464)."""
    found = {}
    for part in root.walk():
        if part.type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        text = decode_text(part.payload()[:_SCANNED])[0].replace("\r\n", "\n").replace("\r", "\n")
        for block in re.split(r"\n[ \t]*\n", text):
            fields = _fields(block)
            address = _recipient(fields)
            action = fields.get("action", "").lower().split(" ")[0]
            if not address or action in ("delivered", "relayed", "expanded"):
                continue
            status = re.match(r"\s*([245])\.\d{1,3}\.\d{1,3}", fields.get("status", ""))
            permanent = status[1] == "5" if status else action == "failed"
            if action == "delayed":
                permanent = False
            found.setdefault(address, (address, permanent, _reason(fields)))
    return list(found.values())


def _fields(block):
    fields = {}
    for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _recipient(fields):
    """Return the address that we wrote to; the final one where a forwarding hid ours."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = fields.get(name, "")
        addresses = read_addresses(value.partition(";")[2] or value)
        if addresses:
            return addresses[0][1].lower()
    return ""


def _reason(fields):
    diagnostic = fields.get("diagnostic-code", "")
    reason = re.sub(r"^\s*[\w-]+\s*;\s*", "", diagnostic) or fields.get("status", "")
    return one_line(decode_words(reason))[:_LONGEST_REASON]


def _from_text(root):
    """Read the formats that mail systems had before there was a standard."""
    from flufl.bounce import all_failures

    message = email.message_from_bytes(root.buffer[:_SCANNED])
    logger = logging.getLogger("flufl.bounce")
    level = logger.level
    try:
        logger.setLevel(logging.CRITICAL)  # it logs what it cannot read, and raises it
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - many formats, each read in its own way
        temporary, permanent = (), ()
    finally:
        logger.setLevel(level)
    bounces = []
    for addresses, is_permanent in ((permanent, True), (temporary, False)):
        for address in sorted(addresses):
            text = address.decode("utf-8", "replace")
            read = read_addresses(text)
            if read:
                bounces.append((read[0][1].lower(), is_permanent, _reason_near(root, text)))
    failed = read_addresses(root.headers.get("X-Failed-Recipients", ""))
    return bounces or [(address.lower(), True, "") for _name, address in failed]


def _reason_near(root, address):
    """Return the line of the text that gives a number such as 550, or a word such as unknown."""
    text = next((part.text(20_000) for part in root.walk() if part.type == "text/plain"), "")
    lines = [line.strip(" >\t") for line in text.splitlines()]
    for pattern in (r"\b[45]\d\d[ -]|\b[45]\.\d\.\d", r"unknown|no such|quota|full|does not exist"):
        line = next((line for line in lines if re.search(pattern, line, re.I)), "")
        if line:
            return one_line(line)[:_LONGEST_REASON]
    return ""


def _returned_ids(root, kind):
    """Return the Message-IDs of the mail that came back, or that was read."""
    found = {}
    for part in root.walk():
        if part.type in ("message/disposition-notification", "message/delivery-status"):
            text = decode_text(part.payload()[:_SCANNED])[0]
            found.update(
                dict.fromkeys(re.findall(r"(?im)^original-message-id:\s*(<[^<>\s]+>)", text))
            )
        elif part.type in ("message/rfc822", "text/rfc822-headers", "message/global"):
            head = decode_text(part.payload()[:_SCANNED])[0]
            head = re.split(r"\r?\n[ \t]*\r?\n", head.lstrip(), maxsplit=1)[0]
            match = _ID_LINE.search(re.sub(r"\r?\n[ \t]+", " ", head))
            if match:
                found[match[1]] = None
    if not found and kind == "bounce":
        for part in root.walk():
            if part.type.startswith("text/"):
                text = decode_text(part.payload()[:_SCANNED])[0]
                found.update(dict.fromkeys(_ID_LINE.findall(text)))
    return list(found)

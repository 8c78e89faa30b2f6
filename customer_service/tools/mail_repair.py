"""Make a mail readable that its sender wrote down wrongly."""

#: What undeclared or misdeclared text most often is, tried in this order. The last one decodes
#: anything, so that text is never lost, at worst a few letters are odd.
_LIKELY_CHARSETS = ("utf-8", "windows-1252", "latin-1")


def repair_charsets(message):
    """Replace the charsets of text parts that no decoder knows by the best evidence.

    The host raises on such a part, and the mail would be lost with it.

    :param email.message.EmailMessage message: the incoming mail, changed in place
    """
    for part in message.walk():
        if part.get_content_maintype() == "text" and not _is_known(part.get_content_charset()):
            part.set_param("charset", _likely_charset(part.get_payload(decode=True) or b""))


def _is_known(charset):
    """Tell whether text can be decoded from this charset; none at all means ASCII."""
    if charset is None:
        return True
    try:
        b"x".decode(charset)  # nothing at all would decode from any charset
    except (LookupError, ValueError):
        return False
    return True


def _likely_charset(payload):
    """Return the first of the likely charsets that fits these bytes."""
    for charset in _LIKELY_CHARSETS:
        try:
            payload.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return _LIKELY_CHARSETS[-1]

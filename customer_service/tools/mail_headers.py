"""What the headers of a mail say about who, or what, sent it."""

#: ``Precedence`` values of mail that no person wrote for us.
_MACHINE_PRECEDENCE = {"bulk", "list", "junk", "auto_reply"}

#: Headers that only automatic answers carry, whatever their value.
_MACHINE_HEADERS = ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe")


def is_automatic(message):
    """Tell whether a machine sent this mail: a vacation notice, a bounce, a list, a report.

    The rules are those of RFC 3834 (``Auto-Submitted``), RFC 3464 and 3798 (delivery and
    reading reports) and of the headers that mail systems used before them.

    :param email.message.EmailMessage message: the incoming mail
    :return: True for a machine, False for a person
    """
    submitted = _value(message, "Auto-Submitted")
    if submitted and submitted.split(";")[0].strip() != "no":
        return True
    if _value(message, "Precedence") in _MACHINE_PRECEDENCE:
        return True
    if message.get_content_type() == "multipart/report":
        return True
    if _value(message, "Return-Path") == "<>":
        return True
    return any(message.get(name) is not None for name in _MACHINE_HEADERS)


def _value(message, name):
    """Return one header as lower-case text, "" where the mail has none."""
    return str(message.get(name) or "").strip().lower()

"""Whether a mail comes from whom it says, as the shop's own mail server found (RFC 8601)."""

import re

#: No mail server says more than this, in characters; reading it takes the square of its length.
_LONGEST_RESULT = 20_000

_SERVER = re.compile(r"^\s*([^\s;]+)")


def check_sender(read, trusted_servers):
    """Tell whether the sender of a mail is proven.

    Only the topmost result of a trusted server counts: anybody can write further ones into a mail.

    :param ReadMail read: the mail
    :param trusted_servers: names (``authserv-id``) of the servers whose results are believed
    :return: "verified", "failed", or "unverified" where nobody trusted says either
    """
    trusted = {name.strip().lower() for name in trusted_servers or () if name.strip()}
    domain = read.sender_address.rpartition("@")[2].strip(".").lower()
    if not trusted or not domain or read.sender_header != "From":
        return "unverified"
    for value in read.authentication_results:
        server = _SERVER.match(value)
        if server and server[1].lower() in trusted:
            return _verdict(value, domain) if len(value) < _LONGEST_RESULT else "unverified"
    return "unverified"


def _verdict(value, domain):
    """Return what one header says about mail from a domain."""
    results = _results(value)
    dmarc = [entry.result for entry in results if entry.method == "dmarc"]
    about = [_property(entry, "header", "from") for entry in results if entry.method == "dmarc"]
    if any(name and not _aligned(name, domain) for name in about):
        return "unverified"  # it speaks of another From than the one we read
    if "pass" in dmarc:
        return "verified"
    if "fail" in dmarc:
        return "failed"
    dkim = [(entry.result, _dkim_domain(entry)) for entry in results if entry.method == "dkim"]
    spf = [(entry.result, _spf_domain(entry)) for entry in results if entry.method == "spf"]
    aligned = [result for result, name in dkim + spf if name and _aligned(name, domain)]
    if "pass" in aligned:
        return "verified"
    if "fail" in aligned:
        return "failed"
    methods = ({result for result, _name in dkim}, {result for result, _name in spf})
    return "failed" if all("fail" in method for method in methods) else "unverified"


def _results(value):
    from authres import AuthenticationResultsHeader, AuthResError

    try:
        header = AuthenticationResultsHeader.parse("Authentication-Results: " + value)
    except (AuthResError, ValueError, IndexError, AttributeError, TypeError, RecursionError):
        return []
    for entry in header.results:
        entry.method = (entry.method or "").lower()
        entry.result = (entry.result or "").lower()
    return header.results


def _property(entry, kind, name):
    return next(
        (
            (found.value or "").strip().lower()
            for found in entry.properties
            if (found.type or "").lower() == kind and (found.name or "").lower() == name
        ),
        "",
    )


def _dkim_domain(entry):
    return _property(entry, "header", "d") or _property(entry, "header", "i").rpartition("@")[2]


def _spf_domain(entry):
    return _property(entry, "smtp", "mailfrom").rpartition("@")[2]


def _aligned(name, domain):
    """Tell whether two domains belong together: one is the other's parent, or the same.

    A public suffix such as co.uk is nobody's parent: a single label is none, and neither are two
    of which the first is short and the last a country's.
    """
    name = name.rpartition("@")[2].strip(".").lower()
    shorter, longer = sorted((name, domain), key=len)
    if shorter == longer:
        return True
    labels = shorter.split(".")
    is_suffix = len(labels) < 2 or (
        len(labels) == 2 and len(labels[0]) <= 3 and len(labels[1]) == 2
    )
    return not is_suffix and longer.endswith("." + shorter)

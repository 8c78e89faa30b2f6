"""One mail address in all the ways it can be written."""

import unicodedata

import idna
from idna import IDNAError

from odoo.tools import email_normalize


def email_key(text):
    """Return what is the same for all ways to write one address.

    Upper and lower case are one, in every script. The domain is in ASCII, whether it was written
    with its umlauts or encoded (``xn--…``).

    :param str text: an address, with or without a name
    :return: the key, "" where the text holds no address or several
    """
    address = email_normalize(unicodedata.normalize("NFKC", text or ""))
    if not address:
        return ""
    local, _at, domain = address.rpartition("@")
    return f"{local.lower()}@{_ascii_domain(domain)}"


def email_spellings(text):
    """Return the ways in which the host may have stored one address as normalized.

    For columns of the host, which keep the domain as it was written. Letters other than ASCII
    keep their case there; all in lower case and as written here are both returned.

    :param str text: an address, with or without a name
    :return: a list of addresses, empty where the text holds no address or several
    """
    address = email_normalize(unicodedata.normalize("NFKC", text or ""))
    if not address:
        return []
    local, _at, domain = address.rpartition("@")
    return [
        f"{written}@{name}"
        for written in dict.fromkeys((local, local.lower()))
        for name in dict.fromkeys((domain, _ascii_domain(domain), _readable_domain(domain)))
    ]


def _ascii_domain(domain):
    """Return a domain as the network knows it; as it is where that is impossible."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except IDNAError:
        return domain.lower()


def _readable_domain(domain):
    """Return a domain as people write it."""
    if "xn--" not in domain:
        return domain
    try:
        return idna.decode(domain)
    except IDNAError:
        return domain

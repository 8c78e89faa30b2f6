"""How much mail is read at all: what is beyond is kept whole and unread, and ends no worker."""

from dataclasses import dataclass

MIB = 1024 * 1024

#: What each limit says when it is passed. Whoever shows it to people translates it by its code.
SENTENCES = {
    "size": "The mail has %(found)s bytes, more than the %(limit)s that are read.",
    "head": "The headers of the mail have %(found)s bytes, more than the %(limit)s that are read.",
    "addresses": "The mail names %(found)s addresses, more than the %(limit)s that are read.",
    "parts": "The mail has more than the %(limit)s parts that are read.",
    "depth": "The parts of the mail are nested deeper than the %(limit)s levels that are read.",
    "time": "The mail is made in a way that takes too long to read.",
}


@dataclass(frozen=True)
class MailLimits:
    """The most that is read of one mail."""

    #: bytes of the whole mail
    size: int = 40 * MIB
    #: bytes of the headers of the mail, or of one part
    head: int = MIB
    #: addresses in all headers of the mail
    addresses: int = 10_000
    #: parts of the mail, its containers included
    parts: int = 1_000
    #: levels of parts in parts
    depth: int = 50
    #: lines that look like a separator between parts and are none
    near_separators: int = 200_000
    #: bytes of a text that are shown; what has more is an attachment too
    text: int = MIB
    #: bytes of HTML that are shown, likewise
    html: int = 2 * MIB
    #: tags of HTML that is shown as such; what has more is shown as its text
    html_tags: int = 20_000


LIMITS = MailLimits()


class MailLimitError(ValueError):
    """A mail that is too large, too deep or too manifold to be read.

    :ivar str code: which limit, a key of ``SENTENCES``
    :ivar int limit: the limit, or 0 where a number would say nothing
    :ivar int found: what the mail has, or 0 where counting it all would take too long
    """

    def __init__(self, code, limit=0, found=0):
        self.code = code
        self.limit = limit
        self.found = found
        super().__init__(SENTENCES[code] % {"limit": limit, "found": found})

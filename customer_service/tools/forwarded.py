"""What of a message may be shown to somebody who does not belong to the conversation."""

import re

from lxml import etree, html

#: Parts of links that open something in the name of whoever has them.
_SECRET = re.compile(
    r"access_token=|signup_token=|[?&]token=|/my/cases/|/mail/view|/mail/unfollow"
    r"|/web/reset_password|/web/signup",
    re.IGNORECASE,
)
_SPACE = re.compile(r"(\s+)")

_REDACTED = "[…]"


def forwardable(body):
    """Return a message without what was quoted in it, without images and without secret links.

    Customers quote our mails, and these carry the link to their own page. An image may be on
    our server, behind a link of the same kind, or count who looks at it; files go along as
    attachments.

    :param str body: HTML of the message, with quotes marked as the host marks them
    :return: HTML; when everything in it is quoted, all of it is kept, still without links
    """
    if not (body or "").strip():
        return ""
    root = html.fragment_fromstring(body, create_parent="div")
    _drop(root, "//*[@data-o-mail-quote]")
    if not root.text_content().strip():
        root = html.fragment_fromstring(body, create_parent="div")
    _drop(root, "//img|//picture|//svg|//video|//audio|//comment()")
    for element in root.iter(etree.Element):
        _redact(element)
    return etree.tostring(root, encoding="unicode", method="html")


def _drop(root, path):
    """Take the elements of a path out, but not the text behind them."""
    for element in root.xpath(path):
        if element is not root and element.getparent() is not None:
            element.drop_tree()


def _redact(element):
    """Take secret links out of one element: its attributes, its text and the text behind it."""
    for name, value in element.items():
        if _SECRET.search(value):
            del element.attrib[name]
    element.text = _redacted(element.text)
    element.tail = _redacted(element.tail)


def _redacted(text):
    """Return a text in which each word that is a secret link is replaced."""
    if not text or not _SECRET.search(text):
        return text
    return "".join(_REDACTED if _SECRET.search(word) else word for word in _SPACE.split(text))

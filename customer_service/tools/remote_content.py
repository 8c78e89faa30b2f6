"""What a mail would load from the internet is put aside, until somebody asks for it.

A picture that a mail loads tells its sender that, when and where the mail was read. So nothing is
loaded but what lies on our own server: the rule names what may stay, not what must go.
"""

import json
import re

from lxml import etree, html
from markupsafe import Markup, escape

#: Carries what was put aside, as JSON of the names and values of attributes.
BLOCKED = "data-customer-service-blocked"

#: Attributes whose address is loaded without a click, whatever the element.
_LOADING = frozenset(
    (
        *("archive", "background", "classid", "code", "codebase", "data", "dynsrc", "href", "icon"),
        *("imagesrcset", "lowsrc", "manifest", "poster", "profile", "src", "srcdoc", "srcset"),
    )
)

#: Elements whose address is loaded only when somebody clicks.
_LINKS = ("a", "area")

#: Attributes that no mail needs: they run or report something.
_REMOVED = re.compile(r"on.*|ping|formaction|http-equiv")

#: Elements whose content is no text for a reader.
_DROPPED = ("script", "style")

#: Elements that a browser reads by rules of their own, so that what is harmless to one parser may
#: load something in another: their content stays, as the plain HTML that it has been read as.
_UNWRAPPED = (
    *("animate", "applet", "base", "embed", "frame", "frameset", "iframe", "link", "listing"),
    *("math", "meta", "noembed", "noframes", "noscript", "object", "param", "plaintext", "set"),
    *("svg", "template", "textarea", "title", "xmp"),
)

#: Functions of CSS that load their argument.
_CSS_LOADS = re.compile(r"(?:url|src|image|image-set|cross-fade|element|paint)\s*\(", re.I)
_CSS_URL = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"'()\s]+))\s*\)", re.I)

#: How many tags a text may have to be nested as deeply as it likes.
_DEEPEST = 5000

#: Files of our own server. Not every path: a picture must not log the reader out.
_OWN_PATH = re.compile(r"/(?:web/(?:image|content)[/?]|\w+/static/)")


def block_remote(body, base_url="", restorable=True):
    """Take out of an HTML text what a browser would load from elsewhere.

    :param body: HTML, sanitized before
    :param str base_url: the address of our own server
    :param bool restorable: whether to keep what is taken out, in ``BLOCKED`` of its element
    :return: the HTML; the same where nothing in it could be loaded
    """
    if not body or ("=" not in body and "<style" not in body.lower()):
        return body
    try:
        tree = _parse(body)
    except (etree.LxmlError, ValueError):
        return escape(str(body))
    # A comment ends elsewhere for a browser than for this parser.
    etree.strip_elements(
        tree, etree.Comment, etree.ProcessingInstruction, *_DROPPED, with_tail=False
    )
    for element in tree.iter(etree.Element):
        _block_element(element, base_url, restorable)
    etree.strip_tags(tree, *_UNWRAPPED)
    # Markup: what was sanitized, with less in it
    return Markup(_serialize(tree))


def _parse(body):
    """Return the ``body`` element of an HTML text.

    Deep nesting costs the square of its depth, so only a text of few tags may be nested deeper
    than the parser's own limit, which what has been sanitized keeps to anyhow.
    """
    parser = html.HTMLParser(huge_tree=body.count("<") < _DEEPEST, encoding="utf-8")
    source = f"<html><body><div>{body}</div></body></html>"
    return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser).body


def _serialize(tree):
    if len(tree) == 1 and tree[0].tag == "div" and not tree.text and not tree[0].tail:
        tree = tree[0]  # the one around all
    parts = [escape(tree.text)] if tree.text else []
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in tree]
    return "".join(parts)


def _block_element(element, base_url, restorable):
    aside = {}
    for name, value in list(element.attrib.items()):
        if name == BLOCKED or _REMOVED.fullmatch(name):
            del element.attrib[name]
        elif name == "style":
            harmless = _harmless_style(value, base_url)
            if harmless != value:
                aside[name] = value
                element.set(name, harmless)
        elif _loads(element.tag, name, value, base_url):
            aside[name] = value
            del element.attrib[name]
    if aside and restorable:
        element.set(BLOCKED, json.dumps(aside))


def _loads(tag, name, value, base_url):
    """Tell whether an attribute makes the browser load something from elsewhere."""
    local_name = name.rpartition(":")[2]
    if local_name == "href" and tag in _LINKS:
        return False
    if local_name == "srcset" or local_name == "imagesrcset":
        candidates = re.split(r"[\s,]+", value)
        return not all(
            _is_own(part, base_url) or re.fullmatch(r"[\d.]+[wxh]", part) for part in candidates
        )
    if local_name in _LOADING:
        return not _is_own(value, base_url)
    # Old elements and those of drawings have attributes that are CSS.
    return bool(_CSS_LOADS.search(value)) and local_name not in ("alt", "title")


def _harmless_style(style, base_url):
    """Return a style without the declarations that load something from elsewhere."""
    if not _CSS_LOADS.search(style) and "\\" not in style:
        return style
    rest = _CSS_URL.sub(
        lambda match: "" if _is_own(next(filter(None, match.groups()), ""), base_url) else "url(",
        style,
    )
    if not _CSS_LOADS.search(rest) and "\\" not in style:
        return style
    # An escape may spell any function, so it goes as well.
    return ";".join(
        part for part in style.split(";") if "\\" not in part and not _CSS_LOADS.search(part)
    )


def _is_own(address, base_url):
    """Tell whether a browser finds an address on our own server, or in itself."""
    # A browser reads past these, and takes one slash for the other.
    address = re.sub(r"[\t\r\n]", "", address).strip("\0\x0b\x0c\x1f ").replace("\\", "/")
    if address.lower().startswith(("data:image/", "cid:")):
        return True
    base_url = base_url.rstrip("/")
    if base_url and address.startswith(f"{base_url}/"):
        address = address[len(base_url) :]
    if ".." in address or "%2e" in address.lower():
        return False
    return not address or bool(_OWN_PATH.match(address))

"""Where a text goes in a ready message: between its greeting and its closing."""

from lxml import html
from markupsafe import Markup

_OBJECTS = ".//img|.//hr|.//table|.//p|.//div"


def put_in_place(frame, body):
    """Return a ready message with a text in its first empty paragraph, else at its end.

    The composer of the web client does the same while an answer is written.

    :param str frame: HTML of the message
    :param str body: HTML of the text
    """
    root = html.fragment_fromstring(str(frame), create_parent="div")
    content = html.fragment_fromstring(str(body), create_parent="div")
    place = _first_empty(root)
    if place is None:
        root.append(content)
    else:
        content.tail = place.tail
        place.getparent().replace(place, content)
    inner = html.tostring(root, encoding="unicode")
    # What was put around it to read it is taken off again.
    return Markup(inner[len("<div>") : -len("</div>")])


def _first_empty(root):
    """Return the first block without any content, None where there is none."""
    for block in root.iterdescendants("p", "div"):
        if not block.text_content().strip() and not block.xpath(_OBJECTS):
            return block
    return None

"""Where the history that mail programs quote begins: it is marked, so that it can be folded."""

import re
from html import escape

_MARK = "data-o-mail-quote"
_SIGNATURE = re.compile(r"-- ?$")
_LONGEST_SIGNATURE = 20


def fold_text(text):
    """Return plain text as HTML for a ``<pre>``, what is quoted in it marked.

    :param str text: plain text with ``\\n`` between its lines
    """
    lines = text.split("\n")
    marks = quoted_lines(lines)
    if all(marks[number] or not line.strip() for number, line in enumerate(lines)):
        marks = [False] * len(lines)  # nothing but a quotation: that is what they want to say
    stretches = []
    for number, line in enumerate(lines):
        if stretches and stretches[-1][0] == marks[number]:
            stretches[-1][1].append(line)
        else:
            stretches.append((marks[number], [line]))
    pieces = []
    for is_quoted, block in stretches:
        content = escape("\n".join(block), quote=False)
        pieces.append(f'<span {_MARK}="1">{content}</span>' if is_quoted else content)
    return "\n".join(pieces)


def quoted_lines(lines):
    """Tell of each line whether it is quoted, or the signature at the end."""
    marks = [line.lstrip().startswith(">") for line in lines]
    for number in range(len(lines) - 1, max(-1, len(lines) - _LONGEST_SIGNATURE - 2), -1):
        if _SIGNATURE.match(lines[number]):
            marks[number:] = [True] * (len(lines) - number)
            break
    return marks


def fold_html(root):
    """Mark what is quoted in HTML.

    :param root: lxml element, changed in place
    """
    for element in root.iter():
        element.attrib.pop("data-o-mail-quote-container", None)

"""Where the history that mail programs quote begins: it is marked, so that it can be folded.

The lines that introduce a quotation are found by quotequail, and where it does not know the
language by our own table. Nothing is removed, and nothing is marked where only a quotation would
be left: whoever forwards a mail without a word wants it to be read.
"""

import re
from html import escape

from lxml import etree
from quotequail import quote

_MARK = "data-o-mail-quote"

#: How much is searched for the beginning of the history: lines, and characters of a line.
_MOST_LINES = 1000
_LONGEST_LINE = 300

#: A history is taken up again after what was written between two quotations, this often.
_MOST_HISTORIES = 20

#: A text that changes more often than this between own and quoted lines is no conversation.
_MOST_STRETCHES = 1000

_SIGNATURE = re.compile(r"--[ \u00a0]?$")
_SIGNATURE_LINE = re.compile(r"(?:^|\n)--\s?$")
_LONGEST_SIGNATURE = 20

#: What the introduction says somewhere: "On Monday Anna wrote:"
_WROTE = (
    r"(?:\b(?:wrote|writes|schrieb|geschrieben|a [eé]crit|escribi[oó]|escreveu|ha scritto|scrive"
    r"|napisa[lł](?:a|\(a\)|/a)?|nades[lł]a[lł](?:a|\(a\))?|pisze|schreef|geschreven|skrev"
    r"|nap(?:sal|ísal)(?:a|\(a\))?|kirjoitti|[ií]rta|написал(?:а|\(а\))?|писал(?:а)?|пишет|пише"
    r"|написа(?:в|ла)(?:\(ла\))?)(?!\w)|のメール|書きました|書き込みました|写道|寫道|작성)"
)
_WROTE_SOMEWHERE = re.compile(_WROTE, re.I)
_WROTE_AT_END = re.compile(_WROTE + r"[\s:：]*[:：]$", re.I)
_ADDRESS_AT_END = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}(?:>|\)|\]>?)?\s*[:：]$")
_ENCLOSED = re.compile(r"[-_]{2,}\s?.{5,250}" + _WROTE + r"\s*[-_]{2,}$", re.I)
_DATE = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\d[年년]"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,60}\.")

#: "-----Original Message-----" in more languages than the library has
_SEPARATOR = re.compile(
    r"\*?[-_=]{2,40}\s*(?:original message|forwarded message|ursprüngliche nachricht"
    r"|message d'origine|message original|mensaje original|mensagem original"
    r"|messaggio (?:originale|inoltrato)"
    r"|wiadomość oryginalna|oryginalna wiadomość|treść oryginalnej wiadomości"
    r"|wiadomość przekazana|přeposlaná zpráva|původní zpráva|oorspronkelijk bericht"
    r"|ursprungligt meddelande|oprindelig meddelelse|исходное сообщение|пересылаемое сообщение"
    r"|元のメッセージ|転送メッセージ|原始邮件|原始郵件|원본 메일)\s*[-_=]{2,40}\*?$",
    re.I,
)

#: Names of the headers that Outlook and its kind write above what they quote.
_FROM = ("from", "von", "de", "od", "da", "van", "från", "fra", "от", "від", "lähettäjä", "feladó")
_FROM_WIDE = ("差出人", "送信者", "发件人", "寄件者", "보낸 사람")
_OTHERS = (
    "sent|to|date|subject|cc|reply-to|gesendet|an|betreff|datum|kopie|envoyé|à|objet|date"
    "|enviado(?: el)?|para|asunto|fecha|wysłano|wysłane|data|do|temat|dw|inviato|a|oggetto|per"
    "|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|odesláno|komu|předmět|enviada"
    "|em|assunto|отправлено|кому|тема|дата|送信日時|宛先|件名|日時|发送时间|收件人|主题|寄件日期"
    "|收件者|主旨|보낸 날짜|받는 사람|제목"
)
_FROM_LINE = re.compile(rf"[*\s]*(?:{'|'.join(_FROM + _FROM_WIDE)})[*\s]*[:：]\s*[*\s]*\S", re.I)
_OTHER_LINE = re.compile(rf"[*\s]*(?:{_OTHERS})[*\s]*[:：]", re.I)

#: What mail programs call the elements that hold the history, or the signature.
_QUOTE_CLASSES = {
    "gmail_extra",
    "gmail_quote",
    "gmail_attr",
    "moz-cite-prefix",
    "protonmail_quote",
    "tutanota_quote",
    "yahoo_quoted",
    "zmail_extra",
}
_SIGNATURE_CLASSES = {
    "gmail_signature",
    "moz-signature",
    "ms-outlook-mobile-signature",
    "protonmail_signature_block",
}
_QUOTE_IDS = {"isforwardcontent", "mail-editor-reference-message-container"}
_SIGNATURE_IDS = {"applemailsignature", "ms-outlook-mobile-signature", "signature"}

#: Ids of elements after which nothing but history follows.
_HISTORY_FOLLOWS = {"appendonsend", "divrplyfwdmsg", "stopspelling"}
_OUTLOOK_LINE = re.compile(r"border-top:\s*(?:solid\s+#[0-9a-f]{6}|1(?:\.0)?pt\s+solid)", re.I)

_BLOCKS = {
    "address",
    "article",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
}


def fold_text(text):
    """Return plain text as HTML for a ``<pre>``, what is quoted in it marked.

    :param str text: plain text with ``\\n`` between its lines
    """
    lines = text.split("\n")
    marks = quoted_lines(lines)
    own = any(line.strip() and not mark for mark, line in zip(marks, lines, strict=True))
    if not own or sum(a != b for a, b in zip(marks, marks[1:], strict=False)) > _MOST_STRETCHES:
        marks = [False] * len(lines)
    stretches = []
    for mark, line in zip(marks, lines, strict=True):
        if stretches and stretches[-1][0] == mark:
            stretches[-1][1].append(line)
        else:
            stretches.append((mark, [line]))
    pieces = []
    for is_quoted, block in stretches:
        content = escape("\n".join(block), quote=False)
        pieces.append(f'<span {_MARK}="1">{content}</span>' if is_quoted else content)
    return "\n".join(pieces)


def quoted_lines(lines):
    """Tell of each line whether it is history, or the signature at the end."""
    marks = [line.lstrip().startswith(">") for line in lines]
    position = 0
    for _history in range(_MOST_HISTORIES):
        found = history_begins(lines, position)
        if not found:
            break
        begin, following, has_rest = found
        quoted = next((n for n in range(following, len(lines)) if lines[n].strip()), len(lines))
        if has_rest or quoted == len(lines) or not marks[quoted]:
            marks[begin:] = [True] * (len(lines) - begin)
            break
        marks[begin:quoted] = [True] * (quoted - begin)
        position = next((n for n in range(quoted, len(lines)) if not marks[n]), len(lines))
    _mark_signature(lines, marks)
    _mark_blank_lines_between(lines, marks)
    return marks


def _mark_signature(lines, marks):
    """Mark what stands below "-- ", at the end or above the history at the end."""
    end = len(lines)
    while end and (marks[end - 1] or not lines[end - 1].strip()):
        end -= 1
    for number in range(end - 1, max(-1, end - _LONGEST_SIGNATURE - 2), -1):
        if marks[number]:
            break
        if _SIGNATURE.match(lines[number]):
            marks[number:] = [True] * (len(lines) - number)
            break


def _mark_blank_lines_between(lines, marks):
    """Let blank lines between two quoted lines belong to them."""
    last = None
    for number, line in enumerate(lines):
        if marks[number]:
            if last is not None and last < number - 1:
                marks[last + 1 : number] = [True] * (number - last - 1)
            last = number
        elif line.strip():
            last = None


def history_begins(lines, position=0):
    """Find where the history begins.

    :param list lines: the lines of a text
    :param int position: the first line to look at
    :return: number of the first line of its introduction, of the first line after that, and
        whether all that follows belongs to it; None where there is none
    """
    window = [line.strip()[:_LONGEST_LINE] for line in lines[position : position + _MOST_LINES]]
    candidates = [_introduced(window), _headed(window), _introduced_for_library(window)]
    found = min(filter(None, candidates), default=None)
    return found and (found[0] + position, found[1] + position, found[2])


def _introduced_for_library(window):
    # A line that begins with ">" is marked anyway, and would count as an introduction. Of the
    # others only those are handed over that can be one: the library tries dozens of patterns.
    likely = [line.endswith((":", "：", "-", "_", ">")) for line in window] + [False]
    numbers = [
        number
        for number, line in enumerate(window)
        if (likely[number] or likely[number + 1]) and not line.startswith(">")
    ]
    lines, places = [], []
    for number in numbers:
        if places and number > places[-1] + 1:
            lines.append("")
            places.append(number - 1)
        lines.append(window[number])
        places.append(number)
    split = quote("\n".join(lines), limit=_MOST_LINES * 3, quote_intro_line=True)
    if len(split) < 2:
        return None
    begin = places[len(lines) - 1 - split[1][1].count("\n")]
    if re.match(r"[-_]", window[begin]):
        return begin, begin + 1, True
    return begin, begin + (1 if window[begin].endswith((":", "：")) else 2), False


def _introduced(window):
    """Find a line, or two or three that were broken, such as "On Monday Anna wrote:"."""
    for number, line in enumerate(window):
        if _SEPARATOR.match(line) or _ENCLOSED.match(line):
            return number, number + 1, True
        if not line.endswith((":", "：")) or line.startswith(">"):
            continue
        begin = _introduction_begins(window, number)
        if begin is not None:
            return begin, number + 1, False
    return None


def _introduction_begins(window, number):
    """Return the first line of an introduction that ends with this line, None for another line."""
    following = next((text for text in window[number + 1 : number + 4] if text), "")
    found = None
    for begin in range(number, max(-1, number - 3), -1):
        text = " ".join(window[begin : number + 1])
        if not window[begin] or window[begin].startswith(">") or len(text) > _LONGEST_LINE:
            break
        if _is_introduction(text, is_quoted=following.startswith(">")):
            found = begin
            if _DATE.search(text):
                break
    return found


def _is_introduction(text, is_quoted):
    """Tell whether a text introduces a quotation; less is asked of it where one follows."""
    has_date, has_address = _DATE.search(text), _ADDRESS.search(text)
    if is_quoted:
        return bool(_WROTE_SOMEWHERE.search(text) or (has_date and has_address))
    if _WROTE_AT_END.search(text):
        return bool(has_date or has_address)
    if _WROTE_SOMEWHERE.search(text):
        return bool(has_date and has_address)
    return bool(has_date and _ADDRESS_AT_END.search(text))


def _headed(window):
    """Find the headers that Outlook writes above what it quotes."""
    for number, line in enumerate(window):
        if not _FROM_LINE.match(line):
            continue
        block = window[number + 1 : number + 8]
        others = [other for other in block if _OTHER_LINE.match(other)]
        if len(others) >= 3 or (len(others) == 2 and _ADDRESS.search(line)):
            begin = number
            if begin and re.fullmatch(r"[-_=*]{3,}", window[begin - 1]):
                begin -= 1
            return begin, number + 1, True
    return None


def mark_html(root):
    """Mark the history in HTML whose classes are still those of the mail program.

    :param root: lxml element, changed in place
    """
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    for element in elements:
        classes = set((element.get("class") or "").lower().split())
        identity = (element.get("id") or "").lower().removeprefix("x_")
        element.attrib.pop("class", None)  # the host would read it in its own way
        if (
            classes & _QUOTE_CLASSES
            or identity in _QUOTE_IDS
            or element.tag == "blockquote"
            or (element.get("name") or "").lower() == "quote"
        ):
            element.set(_MARK, "1")
        elif classes & _SIGNATURE_CLASSES or identity in _SIGNATURE_IDS:
            element.set(_MARK, "signature")  # certain, so that it need not be folded
    begin = _history_in(root, elements)
    if begin is not None:
        _mark_from(*begin)


def is_costly_to_mark(elements, most=500):
    """Tell whether the host, which marks quotations too, would take long over wide HTML.

    Below a signature it counts all the elements beside each element again.

    :param elements: the elements of a document
    :param int most: elements side by side that it may count
    """
    return any(
        _SIGNATURE_LINE.search(element.text or "") and len(element.getparent()) > most
        for element in elements
        if len(element) and element.getparent() is not None
    )


def unmark_if_alone(root):
    """Take the marks away where they leave nothing to be read."""
    if not any(_own_content(root)):
        for element in root.iter():
            element.attrib.pop(_MARK, None)
            element.attrib.pop(f"{_MARK}-node", None)


def _own_content(root):
    """Yield what is not marked, as True for each text or picture."""
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_marked = isinstance(element.tag, str) and element.get(_MARK)
        if event == "start":
            depth += 1 if is_marked else 0
            if not depth and isinstance(element.tag, str):
                if (element.text or "").strip():
                    yield True
                if element.tag == "img":
                    yield True
        else:
            depth -= 1 if is_marked else 0
            if not depth and element is not root and (element.tail or "").strip():
                yield True


def _history_in(root, elements):
    """Return the place, as ``_lines`` has it, after which there is only history."""
    for element in elements:
        identity = (element.get("id") or "").lower().removeprefix("x_")
        if identity in _HISTORY_FOLLOWS and (element.text_content().strip() or identity[0] != "d"):
            previous = element.getprevious()
            starts = previous if previous is not None and previous.tag == "hr" else element
            return starts, False
        if _OUTLOOK_LINE.search(element.get("style") or ""):
            lines = [text for text, _place in _lines(element)]
            if _headed([line[:_LONGEST_LINE] for line in lines if line][:10]):
                return element, False
    lines = list(_lines(root))
    texts = [text for text, _place in lines]
    found = history_begins(texts)
    if not found:
        return None
    begin, following, has_rest = found
    for _text, (element, _is_tail) in lines[following : following + 3]:
        if not has_rest and _is_within_mark(element):
            _mark_line(*lines[begin][1])  # the quotation has an element of its own
            return None
    return lines[begin][1]


def _is_within_mark(element):
    while element is not None:
        if element.get(_MARK):
            return True
        element = element.getparent()
    return False


def _lines(root):
    """Return the lines of HTML as people see them, each with the place where it begins.

    :return: list of (text, (element, is_tail)); the line begins with the element's text, or with
        the text after it
    """
    lines, current, place = [], [], None
    for words, element, is_tail, breaks in _stretches(root):
        if breaks:
            line = " ".join("".join(current).split())
            if line or (lines and lines[-1][0]):
                lines.append((line, place or (root, False)))
            current, place = [], None
            if len(lines) > _MOST_LINES:
                break
        if words:
            current.append(words)
            place = place or (words.strip() and (element, is_tail)) or None
    return lines


def _stretches(root):
    """Yield the stretches of text: (text, element, is_tail, whether a new line begins)."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_element = isinstance(element.tag, str)
        breaks = is_element and (element.tag in _BLOCKS or element.tag == "br")
        if event == "start" and is_element:
            yield element.text, element, False, breaks
        elif event == "end":
            yield element is not root and element.tail, element, True, breaks
    yield "", root, False, True


def _mark_line(element, is_tail):
    """Mark the one line that begins here: an element, or the text after one."""
    if is_tail:
        _wrap_tail(element)
    else:
        _outermost_beginning(element).set(_MARK, "1")


def _mark_from(element, is_tail):
    """Mark everything from here to the end of the mail."""
    if is_tail:
        element = _wrap_tail(element)
    else:
        element = _outermost_beginning(element)
        element.set(_MARK, "1")
    while element is not None and element.getparent() is not None:
        if (element.tail or "").strip():
            _wrap_tail(element)
        for sibling in list(element.itersiblings()):
            if isinstance(sibling.tag, str):
                sibling.set(_MARK, "1")
            if (sibling.tail or "").strip() and sibling.tag != "span":
                _wrap_tail(sibling)
        element = element.getparent()


def _outermost_beginning(element):
    """Return the outermost element that begins with this one and holds nothing else before it."""
    while True:
        parent = element.getparent()
        if (
            parent is None
            or parent.getparent() is None
            or parent.tag == "body"
            or (parent.text or "").strip()
            or element.getprevious() is not None
            or parent.tag in _BLOCKS
        ):
            return element
        element = parent


def _wrap_tail(element):
    """Put the text after an element into a marked element of its own, and return that."""
    span = etree.Element("span", {_MARK: "1"})
    span.text, element.tail = element.tail, None
    element.addnext(span)
    return span

"""Connections to mailboxes over IMAP and POP3 that say in one word what is wrong with them.

A mailbox is read like this, whatever its protocol::

    client = connect("imap", "mail.shop.example", 993, SSL)
    client.login("support", password)
    mailbox = open_mailbox(client, folder="INBOX")
    for uid in mailbox.waiting():
        raw = mailbox.fetch(uid)
        ...                          # keep it, for good
        mailbox.done(uid, delete=False)
    mailbox.close()

Nothing on the server changes before ``done``: reading a mail does not mark it as read.
"""

import base64
import binascii
import contextlib
import imaplib
import poplib
import re
import socket
import ssl

#: How the way to the server is protected.
NONE, STARTTLS, SSL = "none", "starttls", "ssl"

#: Where these protocols are answered.
PORTS = {
    ("imap", NONE): 143,
    ("imap", STARTTLS): 143,
    ("imap", SSL): 993,
    ("pop", NONE): 110,
    ("pop", STARTTLS): 110,
    ("pop", SSL): 995,
}

#: How long a server may be silent, in seconds.
TIMEOUT = 30

#: The longest line of a mail that is read, in bytes. The standard asks for 998, senders do not.
_LONGEST_LINE = 32 * 1024 * 1024

#: The most that a server may say at once, in bytes: more than the largest mail that is fetched,
#: less than would bring this process down.
_LARGEST_ANSWER = 128 * 1024 * 1024

#: What a line costs besides its characters, in bytes.
_LINE_IN_MEMORY = 50

#: What OpenSSL's numbers of a refused certificate mean.
_CERTIFICATE_PROBLEMS = {
    9: "certificate_not_yet_valid",
    10: "certificate_expired",
    18: "certificate_self_signed",
    19: "certificate_unknown_authority",
    20: "certificate_unknown_authority",
    21: "certificate_unknown_authority",
    62: "certificate_wrong_host",
    64: "certificate_wrong_host",
}

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BODY = re.compile(rb"BODY\[", re.IGNORECASE)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
_UID = re.compile(rb"UID (\d+)", re.IGNORECASE)

#: What goes wrong on a connection while a mailbox is read.
_FAILURES = (OSError, EOFError, imaplib.IMAP4.error, poplib.error_proto)


class MailConnectionError(Exception):
    """What is wrong with a mailbox.

    :ivar str code: what it is, one word for a program
    :ivar str detail: the words of the server or of the system, "" without any; no credentials
    """

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def connect(protocol, host, port, encryption, *, check_certificate=True, timeout=TIMEOUT):
    """Connect to a mail server, encrypted as asked, without logging in.

    :param str protocol: "imap" or "pop"
    :param str encryption: ``NONE``; ``STARTTLS``: refused where the server does not offer it;
        ``SSL``
    :param bool check_certificate: accept only a certificate for this host, signed by an
        authority that the system trusts
    :param float timeout: how long the server may be silent, in seconds
    :return: an :class:`ImapClient` or a :class:`PopClient`
    :raise MailConnectionError: in one word why not
    """
    context = _tls_context(check_certificate)
    plain, encrypted = (
        (ImapClient, _ImapTlsClient) if protocol == "imap" else (PopClient, _PopTlsClient)
    )
    try:
        if encryption == SSL:
            return encrypted(host, port, timeout=timeout, **encrypted.tls_argument(context))
        client = plain(host, port, timeout=timeout)
    except (UnicodeError, *_FAILURES) as error:
        raise problem(error) from None
    if encryption == STARTTLS:
        try:
            client.start_tls(context)
        except (MailConnectionError, *_FAILURES) as error:
            client.drop()
            raise problem(error) from None
    return client


def _tls_context(check_certificate):
    """Return how a TLS connection is made: checked against the system's authorities, or not."""
    context = ssl.create_default_context()
    if not check_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def problem(error, secrets=()):
    """Return what is wrong as a :class:`MailConnectionError`.

    :param Exception error: what the system or the server reported
    :param secrets: what must not be repeated, whatever the server says
    """
    if isinstance(error, MailConnectionError):
        return MailConnectionError(error.code, without(error.detail, secrets))
    return MailConnectionError(_code(error), without(_words(error), secrets))


def _code(error):
    """Return in one word what an error of the system or of a server means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE_PROBLEMS.get(error.verify_code, "certificate")
    for kind, code in (
        (ssl.SSLEOFError, "lost"),
        (ssl.SSLError, "no_tls"),
        (UnicodeError, "unknown_host"),
        (socket.gaierror, "unknown_host"),
        (ConnectionRefusedError, "refused"),
        (TimeoutError, "no_answer"),
        (imaplib.IMAP4.readonly, "read_only"),
        (imaplib.IMAP4.abort, "lost"),
        (ConnectionError, "lost"),
        (EOFError, "lost"),
        (OSError, "unreachable"),
    ):
        if isinstance(error, kind):
            return code
    return "lost" if "EOF" in str(error) else "server"


def _words(error):
    """Return what the system or the server said, on one line."""
    said = getattr(error, "strerror", None) or (error.args[0] if error.args else "")
    if isinstance(error, UnicodeError):
        said = ""  # it would quote what was typed
    if isinstance(said, bytes):
        said = said.decode("utf-8", "replace")
    return " ".join(str(said).split())[:500]


def without(text, secrets):
    """Return a text with stars instead of secrets, also where they are quoted or in base64."""
    for secret in filter(None, secrets):
        raw = secret.encode()
        for form in (
            secret,
            _quoted(secret)[1:-1].decode(),
            repr(raw)[2:-1],
            base64.b64encode(raw).decode(),
        ):
            text = text.replace(form, "***")
    return text


def _quoted(text):
    """Return a quoted string of IMAP."""
    return b'"%s"' % text.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def folder_name(name):
    """Return the name of a folder as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3).

    >>> folder_name("Zażalenia & zwroty")
    'Za&AXw-alenia &- zwroty'
    """
    parts = re.split(r"([^\x20-\x7e]+)", name)
    for index, part in enumerate(parts):
        if index % 2:
            coded = binascii.b2a_base64(part.encode("utf-16-be"), newline=False).decode()
            parts[index] = f"&{coded.rstrip('=').replace('/', ',')}-"
        else:
            parts[index] = part.replace("&", "&-")
    return "".join(parts)


class ImapClient(imaplib.IMAP4):
    """An IMAP connection. Other ways to log in (OAuth) find the standard library's client."""

    protocol = "imap"

    @staticmethod
    def tls_argument(context):
        return {"ssl_context": context}

    def start_tls(self, context):
        """Go on encrypted; refused where the server does not offer it."""
        if "STARTTLS" not in self.capabilities or self.state != "NONAUTH":
            raise MailConnectionError("no_starttls")
        self.starttls(ssl_context=context)

    def login(self, user, password):
        """Log in, with any characters in name and password."""
        _refuse_control_characters(user, password)
        if "LOGINDISABLED" in self.capabilities:
            raise MailConnectionError("encryption_needed")
        try:
            if (user + password).isascii():
                answer = super().login(_quoted(user), password)
            else:
                plain = f"\0{user}\0{password}".encode()
                answer = self.authenticate("PLAIN", lambda _challenge: plain)
        except self.abort:
            raise
        except self.error as error:
            said = _words(error)
            code = "encryption_needed" if "PRIVACYREQUIRED" in said else "password"
            raise MailConnectionError(code, said) from None
        return answer

    def read(self, size):
        # The server says how much follows, and the standard library keeps all of it in memory.
        if size > _LARGEST_ANSWER:
            raise self.abort("the answer is too large")
        return super().read(size)

    def drop(self):
        """Cut the connection without a word."""
        with contextlib.suppress(*_FAILURES):
            self.shutdown()


class _ImapTlsClient(ImapClient, imaplib.IMAP4_SSL):
    """An IMAP connection that is encrypted from its first byte."""


class PopClient(poplib.POP3):
    """A POP3 connection."""

    protocol = "pop"

    #: how much more is read of the answer that is being read, in bytes
    _room = _LARGEST_ANSWER

    @staticmethod
    def tls_argument(context):
        return {"context": context}

    def start_tls(self, context):
        """Go on encrypted; refused where the server does not offer it."""
        try:
            offered = "STLS" in self.capa()
        except poplib.error_proto:
            offered = False
        if not offered:
            raise MailConnectionError("no_starttls")
        self.stls(context=context)

    def login(self, user, password):
        """Log in, with any characters in name and password."""
        _refuse_control_characters(user, password)
        try:
            self.user(user)
            self.pass_(password)
        except poplib.error_proto as error:
            said = _words(error)
            if "EOF" in said:
                raise
            code = "encryption_needed" if re.search(r"(?i)plaintext|STLS|SSL", said) else "password"
            if "IN-USE" in said:
                code = "in_use"
            raise MailConnectionError(code, said) from None

    def drop(self):
        """Cut the connection without a word."""
        with contextlib.suppress(*_FAILURES):
            self.close()

    def _getresp(self):
        self._room = _LARGEST_ANSWER
        return super()._getresp()

    def _getline(self):
        # The standard library refuses lines of more than 2 KiB and takes a CR off their front.
        line = self.file.readline(_LONGEST_LINE + 1)
        self._room -= len(line) + _LINE_IN_MEMORY
        if self._room < 0:
            raise poplib.error_proto("-ERR EOF: the answer is too large")
        if len(line) > _LONGEST_LINE:
            raise poplib.error_proto("line too long")
        if not line:
            raise poplib.error_proto("-ERR EOF")
        octets = len(line)
        return (line[:-2] if line.endswith(b"\r\n") else line.rstrip(b"\n")), octets


class _PopTlsClient(PopClient, poplib.POP3_SSL):
    """A POP3 connection that is encrypted from its first byte."""


def _refuse_control_characters(user, password):
    """Refuse what would be a command of its own; the standard library would quote it."""
    if _CONTROL.search(user) or _CONTROL.search(password):
        raise MailConnectionError("control_characters")


def open_mailbox(client, folder="INBOX", secrets=()):
    """Return the mailbox of a connection that is logged in.

    :param str folder: which folder of an IMAP mailbox
    :param secrets: what no error may repeat
    :return: an :class:`ImapMailbox` or a :class:`PopMailbox`
    """
    mailbox = (
        ImapMailbox(client, folder, secrets)
        if client.protocol == "imap"
        else PopMailbox(client, secrets)
    )
    mailbox.open()
    return mailbox


def _telling(method):
    """Let a method of a mailbox fail in the words of :class:`MailConnectionError`."""

    def told(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except (MailConnectionError, *_FAILURES) as error:
            raise problem(error, self._secrets) from None

    told.__doc__ = method.__doc__
    return told


class ImapMailbox:
    """The unread mail of one folder."""

    def __init__(self, client, folder, secrets=()):
        self._client = client
        self._folder = folder
        self._secrets = secrets
        self._validity = ""
        self._can_expunge_one = False

    def _ask(self, command, *args):
        """Send a command about mails by their lasting numbers, and return the answer's data."""
        state, data = self._client.uid(command, *args)
        if state != "OK":
            raise imaplib.IMAP4.error(data[0])
        return data

    @_telling
    def open(self):
        """Go into the folder."""
        state, data = self._client.select(_quoted(folder_name(self._folder)))
        if state != "OK":
            raise MailConnectionError("no_folder", _words(Exception(data[0])))
        _code, (validity,) = self._client.response("UIDVALIDITY")
        self._validity = (validity or b"0").decode()
        _state, told = self._client.capability()  # more of them than before the login
        self._can_expunge_one = b"UIDPLUS" in (told[-1] or b"").upper().split()

    @_telling
    def waiting(self):
        """Return the lasting numbers of all unread mail, oldest first."""
        (found,) = self._ask("SEARCH", "UNSEEN", "UNDELETED")[-1:]
        numbers = sorted(map(int, (found or b"").split()))
        return [f"{self._validity}.{number}" for number in numbers]

    @_telling
    def sizes(self, uids):
        """Return the sizes in bytes of these mails by their lasting numbers."""
        if not uids:
            return {}
        sizes = {}
        for line in self._ask("FETCH", ",".join(map(self._number, uids)), "(UID RFC822.SIZE)"):
            line = line[0] if isinstance(line, tuple) else line
            uid, size = _UID.search(line or b""), _SIZE.search(line or b"")
            if uid and size:
                sizes[f"{self._validity}.{uid[1].decode()}"] = int(size[1])
        return sizes

    @_telling
    def fetch(self, uid):
        """Return the bytes of a mail, None where somebody took it away meanwhile."""
        return self._fetch(uid, "(UID BODY.PEEK[])")

    @_telling
    def fetch_head(self, uid):
        """Return the bytes of a mail's head."""
        return self._fetch(uid, "(UID BODY.PEEK[HEADER])")

    def _fetch(self, uid, what):
        """Return a part of a mail, None where it is not there any more."""
        for part in self._ask("FETCH", self._number(uid), what):
            if isinstance(part, tuple) and _BODY.search(part[0]):
                return part[1]
            if isinstance(part, bytes) and _BODY.search(part):
                return b""
        return None

    @_telling
    def done(self, uid, *, delete):
        """Tell the server that a mail is kept here: mark it as read, or delete it."""
        number = self._number(uid)
        self._ask("STORE", number, "+FLAGS.SILENT", r"(\Deleted \Seen)" if delete else r"(\Seen)")
        if delete:
            if self._can_expunge_one:
                self._ask("EXPUNGE", number)
            else:
                self._client.expunge()

    def leave(self, uid):
        """Let a mail lie as it is, unread."""

    @_telling
    def close(self):
        """End the connection."""
        self._client.logout()

    def disconnect(self):
        """End the connection, under the host's name for it."""
        self.close()

    def drop(self):
        """Cut the connection without a word."""
        self._client.drop()

    def _number(self, uid):
        """Return the server's own number of a mail."""
        return uid.rpartition(".")[2]


class PopMailbox:
    """All mail of a POP3 mailbox. What is deleted goes when the connection is closed."""

    def __init__(self, client, secrets=()):
        self._client = client
        self._secrets = secrets
        self._numbers = {}
        self._sizes = {}

    @_telling
    def open(self):
        """Ask for the lasting numbers of all mail."""
        try:
            lines = self._client.uidl()[1]
        except poplib.error_proto as error:
            if "EOF" in str(error):
                raise
            raise MailConnectionError("no_uidl", _words(error)) from None
        for line in lines:
            number, _space, uid = line.decode("utf-8", "replace").partition(" ")
            self._numbers[uid.strip()] = int(number)
        for line in self._client.list()[1]:
            number, size = line.split()[:2]
            self._sizes[int(number)] = int(size)

    def waiting(self):
        """Return the lasting numbers of all mail, oldest first."""
        return list(self._numbers)

    def sizes(self, uids):
        """Return the sizes in bytes of these mails by their lasting numbers."""
        return {uid: self._sizes.get(self._numbers[uid], 0) for uid in uids}

    @_telling
    def fetch(self, uid):
        """Return the bytes of a mail."""
        lines = self._client.retr(self._numbers[uid])[1]
        return b"\r\n".join([*lines, b""])

    @_telling
    def fetch_head(self, uid):
        """Return the bytes of a mail's head."""
        lines = self._client.top(self._numbers[uid], 0)[1]
        return b"\r\n".join([*lines, b""])

    @_telling
    def done(self, uid, *, delete):
        """Tell the server that a mail is kept here: delete it, or let it lie."""
        if delete:
            self._client.dele(self._numbers[uid])

    def leave(self, uid):
        """Let a mail lie as it is."""

    @_telling
    def close(self):
        """End the connection; the server deletes now what was marked."""
        self._client.quit()

    def disconnect(self):
        """End the connection, under the host's name for it."""
        self.close()

    def drop(self):
        """Cut the connection without a word; nothing is deleted."""
        self._client.drop()

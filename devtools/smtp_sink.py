"""An SMTP server that takes everything and sends nothing on.

>>> with SmtpSink() as sink:          # doctest: +SKIP
...     send_something_to("127.0.0.1", sink.port)
...     sink.messages[0].recipients, sink.messages[0].parsed["Subject"]
"""

import email
import email.policy
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from devtools.ports import LOOPBACK, free_ports
from devtools.process import wait_for


@dataclass(frozen=True)
class Sent:
    """A message as it arrived.

    :ivar str sender: of the envelope (MAIL FROM)
    :ivar tuple recipients: of the envelope (RCPT TO)
    :ivar bytes raw: the message
    :ivar EmailMessage parsed: the same, parsed
    """

    sender: str
    recipients: tuple
    raw: bytes
    parsed: EmailMessage = field(repr=False)


class _Server(SMTP):
    """Takes lines of any length: many mails have longer ones than the standard allows."""

    line_length_limit = 2**24


class _Controller(Controller):
    def factory(self):
        return _Server(self.handler, **self.SMTP_kwargs)


class SmtpSink:
    """The server, in a thread of this process.

    :param int port: where to listen on the loopback address; a free one when it is not given
    :param on_message: called with every :class:`Sent`
    :param ssl.SSLContext tls: offer STARTTLS with it
    """

    def __init__(self, port=None, on_message=None, tls=None):
        self.port = port or free_ports(1)[0]
        self.messages = []
        self._on_message = on_message
        self._lock = threading.Lock()
        self._controller = _Controller(
            self,
            hostname=LOOPBACK,
            port=self.port,
            tls_context=tls,
            data_size_limit=50 * 1024 * 1024,
        )

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop(no_assert=True)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd asks for this name)
        """Keep a message."""
        raw = envelope.original_content or envelope.content
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        sent = Sent(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, parsed)
        with self._lock:
            self.messages.append(sent)
        if self._on_message:
            self._on_message(sent)
        return "250 kept"

    def to(self, address):
        """:return: the messages that were sent to an address"""
        with self._lock:
            return [message for message in self.messages if address in message.recipients]

    def wait_for_messages(self, count, seconds=10):
        """:return: the messages, once there are ``count`` of them or the time is over"""
        wait_for(lambda: len(self.messages) >= count, seconds)
        return list(self.messages)

    def clear(self):
        """Forget what has arrived."""
        with self._lock:
            self.messages.clear()

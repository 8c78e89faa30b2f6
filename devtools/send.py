"""./dev send: delivers a mail file to the demo, as a customer's mail server would."""

import argparse
import email
import email.utils
import json
import smtplib
import urllib.request
from pathlib import Path

from devtools.console import console
from devtools.demo_mail import SUPPORT_ADDRESS
from devtools.errors import DevError
from devtools.ports import LOOPBACK
from devtools.serve import running

ADMIN = "admin"


def main(paths, _host, arguments):
    """Send a file over SMTP, have Odoo fetch it and tell what became of it.

    :return: the exit status
    """
    parser = argparse.ArgumentParser(prog="./dev send")
    parser.add_argument("file", type=Path, help="a raw message, e.g. devtools/samples/question.eml")
    parser.add_argument(
        "--to", help=f"deliver to this address instead of the message's own, or {SUPPORT_ADDRESS}"
    )
    options = parser.parse_args(arguments)
    facts = running(paths)
    if not facts:
        raise DevError(
            "The demo does not run: start it with ./dev run in another terminal, then send again."
        )
    try:
        raw = options.file.read_bytes()
    except OSError as error:
        raise DevError(f"{options.file} cannot be read: {error.strerror}.") from error
    sender, recipients, message_id, raw = address(raw, options.to)
    with smtplib.SMTP(LOOPBACK, facts["smtp_port"], timeout=30) as server:
        server.sendmail(sender, recipients, raw)
    console.say(f"delivered to {', '.join(recipients)}")
    for line in fetch(facts, message_id):
        console.say(line)
    return 0


def address(raw, to=None):
    """Complete a message as a mail server does.

    :return: the sender, the recipients, the Message-ID, and the message with a Message-ID and a
        date
    """
    message = email.message_from_bytes(raw)
    sender = email.utils.parseaddr(str(message.get("From", "")))[1] or "nobody@customer.example"
    addressed = email.utils.getaddresses([str(value) for value in message.get_all("To", [])])
    recipients = (
        [to] if to else [mail for _name, mail in addressed if "@" in mail] or [SUPPORT_ADDRESS]
    )
    message_id = str(message.get("Message-ID", "")).strip()
    added = b""
    if not message_id:
        message_id = email.utils.make_msgid(domain="customer.example")
        added += f"Message-ID: {message_id}\r\n".encode()
    if not message.get("Date"):
        added += f"Date: {email.utils.formatdate()}\r\n".encode()
    return sender, recipients, message_id, added + raw


def fetch(facts, message_id):
    """Have the demo's Odoo look into its mailbox now.

    :return: lines that tell what became of the message
    """
    try:
        odoo = Session(facts["port"], facts["database"])
        for server in odoo.call(
            "fetchmail.server", "search", [["server", "=", LOOPBACK], ["state", "=", "done"]]
        ):
            odoo.call("fetchmail.server", "fetch_mail", [server])
        fields = ["model", "res_id", "record_name"]
        found = odoo.call(
            "mail.message", "search_read", [["message_id", "=", message_id]], fields=fields, limit=1
        )
    except (OSError, RefusedError) as error:
        return [f"Odoo fetches it within a minute (it could not be asked to do so now: {error})"]
    if not found:
        return [
            "Odoo fetched its mail, but this message is no message of a record: look under"
            " Customer Service → Mail → Incoming Mail what became of it"
        ]
    record = found[0]
    page = f"http://{LOOPBACK}:{facts['port']}/mail/view?model={record['model']}&res_id={record['res_id']}"
    return [f"it is now: {record['record_name'] or record['model']}", page]


class RefusedError(Exception):
    """Odoo answered with an error."""


class Session:
    """The demo's administrator, logged in as the web client does it."""

    def __init__(self, port, database):
        self.url = f"http://{LOOPBACK}:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.post("/web/session/authenticate", db=database, login=ADMIN, password=ADMIN)

    def call(self, model, method, *arguments, **keywords):
        """:return: what a method of a model returns"""
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.post(path, model=model, method=method, args=arguments, kwargs=keywords)

    def post(self, path, **parameters):
        """:return: the result of a JSON request"""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters}).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=120) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RefusedError(
                answer["error"].get("data", {}).get("message") or answer["error"]["message"]
            )
        return answer.get("result")

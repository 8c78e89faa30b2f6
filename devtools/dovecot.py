"""A real IMAP and POP3 server: Dovecot with settings, users and mailboxes of its own, on this
machine only.

>>> with Dovecot(folder, users={"support": "secret"}) as server:   # doctest: +SKIP
...     server.deliver("support", b"Subject: hello\r\n\r\nworld")
...     imaplib.IMAP4("localhost", server.imap_port).login("support", "secret")
"""

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from devtools import maildir, system
from devtools.certificates import GOOD, make_certificate
from devtools.errors import DevError
from devtools.ports import answers, free_ports
from devtools.process import NOBODY, start_server, stop_group, unprivileged, wait_for

COMMON = """
base_dir = {run}/base
state_dir = {run}/state
log_path = {folder}/dovecot.log
protocols = imap pop3
listen = 127.0.0.1
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = {ssl}
auth_mechanisms = plain login
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3_port}
  }}
  inet_listener pop3s {{
    port = {pop3s_port}
    ssl = yes
  }}
}}
"""
#: what is written differently in Dovecot up to 2.3 and from 2.4 on
BEFORE_2_4 = """
mail_location = maildir:{folder}/mail/%u
disable_plaintext_auth = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
"""
SINCE_2_4 = """
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
mail_home = {folder}/home/%{{user}}
auth_allow_cleartext = yes
passdb passwd-file {{
  passwd_file_path = {folder}/users
  default_password_scheme = PLAIN
}}
userdb static {{
}}
"""
CERTIFICATE_BEFORE_2_4 = """
ssl_cert = <{certificate}
ssl_key = <{key}
"""
CERTIFICATE_SINCE_2_4 = """
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
"""


class Dovecot:
    """The server; started by ``with``.

    :param Path folder: where its mailboxes, settings and log go
    :param dict users: passwords by user name
    :param bool tls: offer STARTTLS on the plain ports, and TLS on ports of their own
    :param str certificate: "good", "self-signed" or "wrong-host", see :mod:`devtools.certificates`
    :param ports: four ports (IMAP, IMAP over TLS, POP3, POP3 over TLS); free ones when they are
        not given
    :raise unittest.SkipTest: where Dovecot is not installed
    """

    def __init__(self, folder, users, tls=True, certificate=GOOD, ports=None):
        if not system.dovecot():
            raise unittest.SkipTest(
                "Dovecot is not installed (apt-get install dovecot-imapd dovecot-pop3d)"
            )
        self.folder = Path(folder).resolve()
        self.users = users
        self.tls = tls
        self.kind = certificate
        self.ports = ports
        self.process = None
        self.run = None
        self.ca_file = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Write the settings and start the server."""
        self._prepare()
        for _attempt in range(3):
            self.imap_port, self.imaps_port, self.pop3_port, self.pop3s_port = (
                self.ports or free_ports(4)
            )
            self._write_settings()
            self._launch()
            wait_for(lambda: answers(self.imap_port) or self.process.poll() is not None, 20)
            if answers(self.imap_port):
                return
            stop_group(self.process)
        log = self.folder / "dovecot.log"
        said = log.read_text(errors="replace")[-1500:] if log.exists() else ""
        raise DevError(f"Dovecot does not start; its log is {log}:\n{said}")

    def stop(self):
        """Stop the server and all its children."""
        if self.process:
            stop_group(self.process)
            self.process = None
        if self.run:
            shutil.rmtree(self.run, ignore_errors=True)

    def mailbox(self, user, folder=""):
        """:return: the maildir of a user, or of a folder of theirs as IMAP writes its name"""
        return self.folder / "mail" / user / (f".{folder}" if folder else "")

    def make_folder(self, user, folder):
        """Make a folder in a user's mailbox.

        :param str folder: its name as IMAP writes it
        """
        owner = self.owner if os.getuid() == 0 else None
        maildir.make_maildir(self.mailbox(user, folder), owner)

    def deliver(self, user, raw, folder=""):
        """Put a message into a user's mailbox, as if it had just arrived.

        :param bytes raw: the message
        :param str folder: a folder as IMAP writes its name, the inbox without one
        """
        maildir.deliver(self.mailbox(user, folder), raw)

    def messages(self, user, folder=""):
        """:return: a user's messages, parsed, oldest first"""
        return maildir.messages(self.mailbox(user, folder))

    def unread(self, user, folder=""):
        """:return: how many messages nobody has read or marked as read"""
        box = self.mailbox(user, folder)
        seen = [path for path in (box / "cur").glob("*") if "S" in path.name.partition(":2,")[2]]
        return len(maildir.raw_messages(box)) - len(seen)

    @property
    def owner(self):
        """The uid and gid that the server runs as."""
        if os.getuid() == 0:
            return NOBODY, NOBODY
        return os.getuid(), os.getgid()

    def _prepare(self):
        """Make the folders, the users and the certificate."""
        for part in ("", "mail", "home"):
            self._own_folder(self.folder / part)
        for user in self.users:
            maildir.make_maildir(self.mailbox(user), self.owner if os.getuid() == 0 else None)
        lines = [f"{user}:{{PLAIN}}{password}\n" for user, password in self.users.items()]
        self._own_file(self.folder / "users", "".join(lines))
        if self.tls:
            self.certificate = make_certificate(self.folder / "tls", self.kind)
            self.ca_file = self.certificate.authority
            for path in (self.folder / "tls", self.certificate.certificate, self.certificate.key):
                os.chown(path, *self.owner)
        # the server's sockets need a short path
        self.run = Path(tempfile.mkdtemp(prefix="dovecot-"))
        for part in ("", "base", "state"):
            self._own_folder(self.run / part)

    def _own_folder(self, path):
        """Make a folder that belongs to the server."""
        path.mkdir(parents=True, exist_ok=True)
        os.chown(path, *self.owner)

    def _own_file(self, path, text):
        """Write a file that only the server may read."""
        path.write_text(text)
        path.chmod(0o600)
        os.chown(path, *self.owner)

    def _write_settings(self):
        """Write dovecot.conf in the words of the installed version."""
        version = dovecot_version()
        modern = version >= (2, 4)
        parts = [COMMON, SINCE_2_4 if modern else BEFORE_2_4]
        if self.tls:
            parts.append(CERTIFICATE_SINCE_2_4 if modern else CERTIFICATE_BEFORE_2_4)
        uid, gid = self.owner
        text = "".join(parts).format(
            folder=self.folder,
            run=self.run,
            uid=uid,
            gid=gid,
            user=pwd.getpwuid(uid).pw_name,
            group=_group_name(gid),
            ssl="yes" if self.tls else "no",
            imap_port=self.imap_port,
            imaps_port=self.imaps_port if self.tls else 0,
            pop3_port=self.pop3_port,
            pop3s_port=self.pop3s_port if self.tls else 0,
            certificate=self.tls and self.certificate.certificate,
            key=self.tls and self.certificate.key,
        )
        if modern:
            number = ".".join(map(str, version))
            text = f"dovecot_config_version = {number}\ndovecot_storage_version = {number}\n{text}"
        self._own_file(self.folder / "dovecot.conf", text)

    def _launch(self):
        """Start the server in a process group of its own."""
        command = [
            *unprivileged(self.folder),
            system.dovecot(),
            "-F",
            "-c",
            str(self.folder / "dovecot.conf"),
        ]
        self.process = start_server(command, self.folder / "dovecot.out", cwd="/")


def dovecot_version():
    """:return: the version of the installed Dovecot, e.g. (2, 3, 19)"""
    said = subprocess.run(
        [system.dovecot(), "--version"], capture_output=True, text=True, check=False
    ).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said.split(" ")[0])[:3])


def _group_name(gid):
    """:return: the name of a group, or its number where it has none"""
    import grp  # noqa: PLC0415

    with contextlib.suppress(KeyError):
        return grp.getgrgid(gid).gr_name
    return str(gid)

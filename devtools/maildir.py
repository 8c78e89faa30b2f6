"""Delivering into maildirs and looking into them."""

import email
import email.policy
import itertools
import os
import time
from pathlib import Path

_counter = itertools.count()


def make_maildir(folder, owner=None):
    """Make an empty maildir that ``owner`` (a uid and a gid) may read and write."""
    for part in ("", "cur", "new", "tmp"):
        path = folder / part
        path.mkdir(parents=True, exist_ok=True)
        if owner:
            os.chown(path, *owner)


def deliver(folder, raw):
    """Put a message into a maildir at once, owned by whom the maildir belongs to.

    :param Path folder: the maildir
    :param bytes raw: the message
    :return: the file
    """
    name = f"{int(time.time())}.M{time.monotonic_ns()}P{os.getpid()}Q{next(_counter)}.localhost"
    unfinished = folder / "tmp" / name
    unfinished.write_bytes(raw)
    if os.getuid() == 0:
        state = folder.stat()
        os.chown(unfinished, state.st_uid, state.st_gid)
    return unfinished.rename(folder / "new" / name)


def raw_messages(folder):
    """:return: the messages of a maildir as bytes, oldest first"""
    files = [path for part in ("new", "cur") for path in (Path(folder) / part).glob("*")]
    return [path.read_bytes() for path in sorted(files, key=lambda path: path.name)]


def messages(folder):
    """:return: the messages of a maildir, parsed, oldest first"""
    return [
        email.message_from_bytes(raw, policy=email.policy.default) for raw in raw_messages(folder)
    ]

"""Failures that a person can do something about, each told in one sentence."""

import errno
import re

DISK_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
NO_NETWORK = re.compile(
    r"could not resolve|temporary failure (in name resolution|resolving)"
    r"|name or service not known|network is unreachable|failed to establish a new connection"
    r"|connection refused|connection timed out|dns error|could not connect|failed to fetch"
    r"|cannot initiate the connection|error sending request|failed to lookup address",
    re.IGNORECASE,
)


class DevError(Exception):
    """Something that ends a command; its text says what to do."""


class CommandError(DevError):
    """A program that we started went wrong; ``output`` is what it said."""

    def __init__(self, message, output="", status=1):
        super().__init__(message)
        self.output = output
        self.status = status


def disk_full(folder):
    """:return: the error for a full disk under ``folder``"""
    return DevError(
        f"The disk is full: free some space (about 4 GB are needed) on the file system of {folder}"
        " and start again."
    )


def no_network(what, detail=""):
    """:return: the error for something that could not be downloaded"""
    return DevError(
        f"No network: {what} could not be downloaded"
        + (f" ({detail})" if detail else "")
        + "; check the connection (or the proxy settings) and start again, what is there already"
        " is kept."
    )


def explain(error, what, folder):
    """Turn the failure of a program into the sentence that fits, if one does.

    :param CommandError error: the failure
    :param str what: what was to be done, e.g. "the Python packages"
    :param folder: where it was to be written
    :return: a :class:`DevError`
    """
    if DISK_FULL.search(error.output):
        return disk_full(folder)
    if NO_NETWORK.search(error.output):
        line = next((x.strip() for x in error.output.splitlines() if NO_NETWORK.search(x)), "")
        return no_network(what, line[:160])
    return error


def explain_os_error(error, folder):
    """Turn an OSError into the sentence that fits.

    :param OSError error: the failure
    :param folder: where we write
    :return: a :class:`DevError` or None
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DevError(
            f"{error.filename or folder} cannot be written ({error.strerror}): give this user the"
            f" right to it, or remove {folder} if another user made it, and start again."
        )
    return None

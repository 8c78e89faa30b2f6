"""Ports on this machine's loopback address."""

import contextlib
import socket

from devtools.errors import DevError

LOOPBACK = "127.0.0.1"


def is_free(port):
    """:return: whether nothing listens on a port and one may listen there"""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port):
    """:return: whether something takes connections on a port"""
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def free_ports(count):
    """:return: that many ports of the kernel's choice, all different"""
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(contextlib.closing(socket.socket())) for _number in range(count)
        ]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in sockets]


def choose(wanted, asked=None, tries=50):
    """Choose the port to serve on.

    :param int wanted: the usual one; where it is taken, the next free one does
    :param int asked: the one that a person insists on
    :return: the port
    """
    if asked is not None:
        if not is_free(asked):
            raise DevError(
                f"Port {asked} is taken by another program (or may not be used by this user):"
                " stop that program, or"
                " leave out --port to have a free one chosen."
            )
        return asked
    for port in range(wanted, wanted + tries):
        if is_free(port):
            return port
    raise DevError(
        f"The ports {wanted} to {wanted + tries - 1} are all taken: name a free one with --port."
    )

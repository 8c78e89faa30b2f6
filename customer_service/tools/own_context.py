"""Marks in the context that only this app can set.

A client may send any context, but plain values only. And where rights are elevated says nothing:
the host runs each constraint with them, whoever writes.
"""

_MOVES = "customer_service_moves_history"


class OwnMark(int):
    """A true value that no client can send; where it goes back to one, it is a number."""


#: For ``with_context``: whatever moves is moved as it is, by code that has checked it.
MOVES_HISTORY = {_MOVES: OwnMark(1)}


def moves_history(env):
    """Tell whether history moves as it is, from one case or customer to another.

    :param Environment env: of whatever moves
    """
    return isinstance(env.context.get(_MOVES), OwnMark)

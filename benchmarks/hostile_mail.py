"""Mails made to bring a worker down: how long each takes to end as a failure or as a case.

The floor is a plain mail. The label tells by how many MiB the memory of the process grew.
"""

import resource

CASE = "customer.service.case"
HEAD = (
    b"From: Eve <eve@hostile.example>\r\nTo: support@elsewhere.example\r\nSubject: %s\r\n"
    b"Message-Id: <%s@hostile.example>\r\nMIME-Version: 1.0\r\n"
)


def run(bench):
    """Measure each kind of mail once."""
    floor = "plain"
    for label, build in SHAPES.items():
        raw = HEAD % (label.encode(), label.replace(" ", "-").encode()) + build()
        before = _peak()
        outcome = []
        bench.measure(
            label,
            lambda env, raw=raw, outcome=outcome: outcome.append(_receive(env, raw)),
            floor=None if label == floor else floor,
            rounds=1,
        )
        print(f"BENCH|  {outcome[0]}, {_peak() - before} MiB more||0|", flush=True)  # noqa: T201


def _peak():
    """Return the most memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _receive(env, raw):
    env["mail.thread"].message_process(CASE, raw)
    return env["customer.service.mail.log"].search([], limit=1).outcome


def _tiny_parts(count):
    return (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\n\r\nx\r\n" * count
        + b"--b--\r\n"
    )


def _nested(count):
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
        for number in range(count)
    )
    return opening + b"\r\nhello\r\n"


def _nested_messages(count):
    return b"Content-Type: message/rfc822\r\n\r\n" * count + b"\r\nhello\r\n"


SHAPES = {
    "plain": lambda: b"\r\nHello\r\n",
    "10,000 tiny parts": lambda: _tiny_parts(10_000),
    "500,000 tiny parts": lambda: _tiny_parts(500_000),
    "1,000 nested parts": lambda: _nested(1_000),
    "100,000 nested messages": lambda: _nested_messages(100_000),
    "one header of 20 MiB": lambda: b"X-Long: " + b"a" * 20 * 2**20 + b"\r\n\r\nx",
    "a million addresses": lambda: b"Cc: " + b"a@b.example,\r\n " * 1_000_000 + b"\r\n\r\nx",
    "100,000 encoded words": lambda: b"X-Words: " + b"=?utf-8?q?=C3=A9?= " * 100_000 + b"\r\n\r\nx",
    "html nested 100,000 deep": lambda: b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    "html of 30 MiB": lambda: b"Content-Type: text/html\r\n\r\n" + b"<p>hello</p>\r\n" * 2_200_000,
    "text of 35 MiB": lambda: b"\r\n" + b"hello, where is my parcel?\r\n" * 1_300_000,
    "quotes nested 100,000 deep": lambda: b"\r\n" + b">" * 100_000 + b"\r\n" + b"> a\r\n" * 300_000,
    "more than the limit": lambda: b"\r\n" + b"x" * 60 * 2**20,
}

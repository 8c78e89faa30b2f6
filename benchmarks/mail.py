"""A mail that becomes a case, and an answer to one, beside a bare thread of the host.

The bare thread is a model with a name and nothing else, made for the occasion.
"""

from email.message import EmailMessage
from itertools import count

ROUNDS = 30
KNOWN = 2_000
CASE = "customer.service.case"
BARE = "x_bare_thread"


def run(bench):
    """Measure with KNOWN customers and as many cases there already."""
    make_bare_model(bench.env)
    people = int(KNOWN * bench.scale)
    bench.env["res.partner"].create(
        [
            {"name": f"Person {number}", "email": f"p{number}@shop.example"}
            for number in range(people)
        ]
    )
    bench.env[CASE].create([{"name": f"Matter {number}"} for number in range(people)])
    bench.commit()
    numbers = count()
    for what, write in (("new", new_mail), ("answer", answer)):
        for model, floor in ((BARE, None), (CASE, f"{what}: {BARE}")):
            parents = [receive(bench.env, model, new_mail(next(numbers))) for _round in range(5)]
            bench.commit()
            mails = iter([write(next(numbers), parents) for _round in range(ROUNDS)])
            bench.measure(
                f"{what}: {model}",
                lambda env, model=model, mails=mails: receive(env, model, next(mails)),
                floor=floor,
                rounds=ROUNDS,
            )


def make_bare_model(env):
    """Make a model that is a thread and nothing else."""
    env["ir.model"].create({"name": "Bare Thread", "model": BARE, "is_mail_thread": True})


def new_mail(number, parents=None):
    """Return the bytes of a mail of one of the customers."""
    return mail(number, f"Where is parcel {number}?")


def answer(number, parents):
    """Return the bytes of an answer to one of the mails that came in."""
    parent_id, parent_number = parents[number % len(parents)]
    return mail(number, "Still waiting", sender=parent_number, parent=parent_id)


def mail(number, subject, sender=None, parent=None):
    """Return the bytes of a mail of the size that people write."""
    message = EmailMessage()
    message["From"] = f"Person <p{(number if sender is None else sender) % 100}@shop.example>"
    message["To"] = "support@elsewhere.example"
    message["Subject"] = subject
    message["Message-Id"] = f"<{number}@bench.example>"
    if parent:
        message["In-Reply-To"] = message["References"] = parent
    message.set_content(f"Good morning, I am waiting for my parcel since Monday. {number}\n" * 8)
    message.add_alternative(
        f"<p>Good morning, I am <b>waiting</b>. {number}</p>" * 8, subtype="html"
    )
    message.add_attachment(b"x" * 2_000, "image", "png", filename="lamp.png")
    return message.as_bytes()


def receive(env, model, raw):
    """Let the gateway process a mail.

    :return: its Message-ID and the number of its sender, for an answer to it
    """
    if not env["mail.thread"].message_process(model, raw):
        raise RuntimeError(f"A mail for {model} was not taken in")
    number = int(raw.partition(b"Message-Id: <")[2].partition(b"@")[0])
    return f"<{number}@bench.example>", number

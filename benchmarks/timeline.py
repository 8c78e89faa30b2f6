"""The timeline of a customer with ten thousand entries, among two hundred thousand.

Each case has a hundred messages; one in five hundred is a note, so a filter for notes has far to
look. The floor is the host's own request for the newest messages of one case.
"""

ENTRIES, OF_ONE = 200_000, 10_000
CUSTOMERS, MESSAGES = 20, 100
CASE, ENTRY = "customer.service.case", "customer.service.timeline.entry"


def run(bench):
    """Measure with ENTRIES entries, OF_ONE of one customer."""
    env = bench.env
    agent = make_agent(env)
    customers = env["res.partner"].create([{"name": f"Customer {n}"} for n in range(CUSTOMERS)])
    order = env["sale.order"].create({"partner_id": customers[0].id})
    shares = [OF_ONE] + [(ENTRIES - OF_ONE) // (CUSTOMERS - 1)] * (CUSTOMERS - 1)
    for customer, share in zip(customers, shares, strict=True):
        count = int(share * bench.scale / MESSAGES)
        cases = env[CASE].create(
            [
                {
                    "name": f"Matter {number}",
                    "partner_id": customer.id,
                    "sale_order_id": order.id if customer == order.partner_id else False,
                }
                for number in range(count)
            ]
        )
        write_messages(env, cases)
    bench.commit()
    bench.measure("past of all records, written once", write_past, rounds=1)
    bench.commit()
    bench.note("entries", f"{env[ENTRY].search_count([])} in all")
    case = env[CASE].search([("partner_id", "=", customers[0].id)], limit=1)
    measure_pages(bench, agent, case)
    measure_posting(bench, case)
    show_plan(bench, agent, case)


def make_agent(env):
    """Return the user who reads: rights and rules count."""
    agent = env["res.users"].create(
        {
            "name": "Agent",
            "login": "bench_agent",
            "group_ids": [(6, 0, [env.ref("customer_service.group_agent_team").id])],
        }
    )
    env["customer.service.team"].search([]).member_ids = agent
    return agent


def write_messages(env, cases):
    """Write the messages of cases as an import would, one every hour."""
    env.cr.execute(
        """
        INSERT INTO mail_message
            (model, res_id, message_type, subtype_id, body, author_id, date, is_internal,
             create_date, email_from)
        SELECT %s, case_id, 'comment', CASE n %% 500 WHEN 0 THEN %s ELSE %s END,
               '<p>Where is my lamp? I ordered it last week.</p>', %s,
               now() at time zone 'UTC' - n * interval '1 hour', false, now(), 'a@x.example'
          FROM (SELECT case_id, row_number() OVER () AS n
                  FROM unnest(%s) AS case_id, generate_series(1, %s)) AS messages
        """,
        [
            CASE,
            env.ref("mail.mt_note").id,
            env.ref("mail.mt_comment").id,
            env.user.partner_id.id,
            cases.ids,
            MESSAGES,
        ],
    )


def write_past(env):
    """Write the past of everything, as on the first day."""
    env[ENTRY]._sync()
    env.cr.execute("DELETE FROM customer_service_timeline_entry")
    env[ENTRY]._fill()


def page(env, agent, record, **options):
    """Read a page of a timeline."""
    timeline = env["customer.service.timeline"].with_user(agent)
    return timeline.timeline(record._name, record.id, **options)


def measure_pages(bench, agent, case):
    """Measure first, later and filtered pages, beside the host's messages of one case."""
    env = bench.env
    floor = "host: newest 30 messages of a case"
    bench.measure(floor, lambda env: read_messages(env, agent, case))
    customer, order = case.partner_id, case.sale_order_id
    cursor = None
    for _page in range(30):
        cursor = page(env, agent, customer, before=cursor, limit=100)["cursor"] or cursor
    for label, record, options in (
        ("customer, first page", customer, {}),
        ("customer, behind 3,000 entries", customer, {"before": cursor}),
        ("customer, notes only (1 in 500)", customer, {"kinds": ["note"]}),
        ("case with its order", case, {}),
        ("order", order, {}),
    ):
        bench.measure(label, lambda env, r=record, o=options: page(env, agent, r, **o), floor=floor)
    blind = agent.copy({"login": "bench_blind"})
    env["customer.service.team"].search([]).member_ids -= blind
    bench.measure(
        "customer, for somebody who may see nothing of it",
        lambda env: page(env, blind, customer),
        floor=floor,
    )


def read_messages(env, agent, case):
    """Read the newest messages of a case, as the host does for its conversation."""
    found = env["mail.message"].with_user(agent)._message_fetch(None, thread=case.with_user(agent))
    found["messages"].mapped(lambda message: (message.body, message.author_id.name))


def measure_posting(bench, case):
    """Measure a message, and what its entry adds to it."""
    floor = "a message"
    bench.measure(floor, lambda env: case.message_post(body="Hello", message_type="comment"))
    bench.measure(
        "a message and its entry",
        lambda env: (
            case.message_post(body="Hello", message_type="comment"),
            env[ENTRY]._sync(),
        ),
        floor=floor,
    )


def show_plan(bench, agent, case):
    """Show how PostgreSQL reads the first page of a customer."""
    timeline = bench.env["customer.service.timeline"].with_user(agent)
    kinds = list(bench.env[ENTRY]._timeline_kinds())
    source = timeline._source(case.partner_id, kinds)
    bench.plan("customer, first page", timeline._rows_query(source, None, 31))

"""The phone desk with a million numbers: who is that, and what was it about.

A million numbers are seven hundred thousand customers, and a hundred thousand unregistered people,
cases and contacts each. The floor is the search for a number that the host has for contacts.
"""

from odoo.tools import SQL

NUMBERS = 1_000_000
PARTNER, IDENTITY = "res.partner", "customer.service.identity"
CASE, INTERACTION = "customer.service.case", "customer.service.interaction"
KEY = "customer.service.lookup.key"

#: Which part of the numbers is where, in percent, and how its number begins.
SHARES = {PARTNER: (70, "60"), IDENTITY: (10, "67"), CASE: (10, "68"), INTERACTION: (10, "69")}

FIRST = ("Anna", "Jan", "Maria", "Piotr", "Ewa", "Adam", "Agnieszka", "Tomasz", "Barbara", "Paweł")
LETTERS = "bcdfghjklmnprstwz"


def run(bench):
    """Measure with NUMBERS numbers."""
    env = bench.env
    env.company.country_id = env.ref("base.pl")
    agent = make_agent(env)
    for model_name, (percent, prefix) in SHARES.items():
        count = int(NUMBERS * bench.scale * percent / 100)
        fill(env, model_name, count, prefix)
    compare_keys(env)
    bench.commit()
    measure_lookup(bench, agent)
    measure_candidates(bench, agent)
    measure_writing(bench, agent)
    show_plans(bench, agent)


def make_agent(env):
    """Return the user who takes the calls: rights and rules count."""
    agent = env["res.users"].create(
        {
            "name": "Agent",
            "login": "bench_agent",
            "group_ids": [(6, 0, [env.ref("customer_service.group_agent_team").id])],
        }
    )
    env["customer.service.team"].search([]).member_ids = agent
    return agent


# ----------------------------------------------------------------------------------------------
# A million numbers
# ----------------------------------------------------------------------------------------------


def fill(env, model_name, count, prefix):
    """Make records like one of the product's own, each with a number, a name and an address.

    One record is made by the product and its row copied: a million records by the product would
    take an hour. Their keys are written as the product writes them (see ``compare_keys``).
    """
    model = env[model_name]
    template = model.create({"phone": "-", "notes" if model_name == INTERACTION else "name": "-"})
    env.cr.flush()
    person = model_name in (PARTNER, IDENTITY)
    columns = {"id": f"nextval('{model._table}_id_seq')", "phone": phone_sql(prefix)}
    if person:
        columns.update(name=name_sql(), email=email_sql(prefix), email_normalized=email_sql(prefix))
    if model_name == PARTNER:
        columns.update(
            complete_name=name_sql(), commercial_partner_id="currval('res_partner_id_seq')"
        )
    if model_name == IDENTITY:
        columns.update(
            email_key=email_sql(prefix),
            zip_key="lpad((n % 20000)::text, 5, '0')",
            other="'Order ' || n || ', asked for the large one'",
        )
    if model_name == CASE:
        columns["number"] = "'B' || n"
    copy_rows(env, template, count, columns)
    write_keys(env, model, template.id, count, prefix, person)


def copy_rows(env, template, count, columns):
    """Copy the row of a record, with expressions on ``n`` for some of its columns."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema AND table_name = %s",
        [template._table],
    )
    names = [name for [name] in env.cr.fetchall()]
    env.cr.execute(
        "INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, "
        "generate_series(1, {count}) n WHERE t.id = {id}".format(
            table=template._table,
            names=", ".join(f'"{name}"' for name in names),
            values=", ".join(columns.get(name, f't."{name}"') for name in names),
            count=count,
            id=template.id,
        )
    )


def number_sql(prefix):
    """Nine digits of the number ``n``: spread, so that their ends differ as those of real ones."""
    return f"('{prefix}' || lpad(((n::bigint * 7919) % 10000000)::text, 7, '0'))"


def phone_sql(prefix):
    """The number as people write it, each third in another way."""
    digits = number_sql(prefix)
    return (
        f"CASE n % 3 WHEN 0 THEN '+48 ' || {digits} WHEN 1 THEN {digits} "
        f"ELSE '0048 ' || substr({digits}, 1, 3) || '-' || substr({digits}, 4) END"
    )


def name_sql():
    """A first name that many have, and a family name that some have."""
    first = "(ARRAY[{}])[1 + n % {}]".format(", ".join(f"'{name}'" for name in FIRST), len(FIRST))
    return f"({first} || ' ' || initcap({family_sql()}))"


def family_sql():
    """A word of six letters, one of 73,695."""
    consonant = "substr('{0}', 1 + ((n / {1}) % {2})::int, 1)"
    vowel = "substr('aeiou', 1 + ((n / {0}) % 5)::int, 1)"
    parts = [
        consonant.format(LETTERS, 1, len(LETTERS)),
        vowel.format(17),
        consonant.format(LETTERS, 85, len(LETTERS)),
        vowel.format(1445),
        consonant.format(LETTERS, 7225, len(LETTERS)),
        "'ski'",
    ]
    return "(" + " || ".join(parts) + ")"


def email_sql(prefix):
    return f"('p' || n || '.' || {family_sql()} || '@shop{prefix}.example')"


def write_keys(env, model, first_id, count, prefix, person):
    """Write the keys of copied rows."""
    keys = {"phone": f"reverse('48' || {number_sql(prefix)})"}
    if person:
        keys["email"] = email_sql(prefix)
        first = f"translate(lower(split_part({name_sql()}, ' ', 1)), 'ł', 'l')"
        words = f'{first} COLLATE "C", {family_sql()}'
        whole = f"least({words}) || ' ' || greatest({words})"
        keys["name"] = f"unnest(ARRAY[{whole}, {words}])"
    for kind, key in keys.items():
        env.cr.execute(
            "INSERT INTO customer_service_lookup_key (kind, key, res_model, res_id) "
            f"SELECT '{kind}', {key}, '{model._name}', {first_id} + n "
            f"FROM generate_series(1, {count}) n"
        )


def compare_keys(env):
    """Make sure that the keys are those that the product would have written."""
    for model_name in SHARES:
        records = env[model_name].search([], order="id desc", limit=200)
        found = {record_id: set() for record_id in records.ids}
        # sudo: lookup key - nobody reads keys but the look-up itself
        rows = (
            env[KEY].sudo().search([("res_model", "=", model_name), ("res_id", "in", records.ids)])
        )
        for row in rows:
            found[row.res_id].add((row.kind, row.key))
        expected = {record_id: set(keys) for record_id, keys in records._lookup_keys().items()}
        if found != expected:
            example = next(i for i in found if found[i] != expected[i])
            raise RuntimeError(f"{model_name}: {found[example]} instead of {expected[example]}")


# ----------------------------------------------------------------------------------------------
# Measure
# ----------------------------------------------------------------------------------------------


def measure_lookup(bench, agent):
    """Measure who is found by what, beside the host's own search for a number."""
    partner, number = somebody(bench.env)
    floor = "host: contacts by number"
    bench.measure(
        floor,
        lambda env: (
            env[PARTNER]
            .with_user(agent)
            .search([("phone_mobile_search", "ilike", number)], limit=20)
            .mapped("display_name")
        ),
    )
    first, family = partner.name.split()
    contact = bench.env[INTERACTION].search([], order="id desc", limit=1)
    for label, text in (
        ("number, as the telephone system says it", f"+48{number}"),
        ("number, with hyphens", f"{number[:3]}-{number[3:6]}-{number[6:]}"),
        ("number, last four digits", number[-4:]),
        ("number that nobody has", "+48 501 000 000"),
        ("number of a contact only", contact.phone),
        ("name, whole", f"{family} {first}"),
        ("name, three letters of the family name", family[:3]),
        ("name, a first name that a tenth has", first),
        ("name, beginnings of both", f"{first[:2]} {family[:4]}"),
        ("name, of two words that never meet", f"{first} zzzz"),
        ("email", partner.email),
        ("email, the beginning", partner.email[:6]),
        ("number of a case", "B4711"),
    ):
        bench.measure(
            f"look-up: {label}",
            lambda env, text=text: env[IDENTITY].with_user(agent).lookup(text),
            floor=floor,
        )


def measure_candidates(bench, agent):
    """Measure who somebody unregistered may be, with what they tell."""
    partner, number = somebody(bench.env)
    first, family = partner.name.split()
    for label, told in (
        ("all facts", {"name": f"{family} {first}", "email": partner.email, "phone": number}),
        ("a name that nobody has, first name a tenth has", {"name": f"{first} Zzzz"}),
        ("two frequent words that never meet", {"name": "Anna Jan"}),
        ("a postcode and other information", {"zip": "00-471", "other": "Order 4711, asked"}),
    ):
        bench.measure(
            f"candidates: {label}",
            lambda env, told=told: env[IDENTITY].with_user(agent).find_candidates(told),
        )


def somebody(env):
    """Return one of the customers and the nine digits of their number."""
    partner = env[PARTNER].search([("email", "=like", "p4711.%")], limit=1)
    [key] = [key for kind, key in partner._lookup_keys()[partner.id] if kind == "phone"]
    return partner, key[::-1].removeprefix("48")


def measure_writing(bench, agent):
    """Measure recording a call, and what the keys cost where records are made."""
    partner, _number = somebody(bench.env)
    numbers = iter(range(10_000))

    def call(env, **who):
        number = next(numbers)
        env[INTERACTION].with_user(agent).record(
            {
                "request_key": f"bench-{number}",
                "phone": f"+48 501 {number:06}",
                "duration": 0.1,
                "matters": [{"name": "Where is my parcel?", "description": "Sent", "solved": True}],
                **who,
            }
        )
        env.cr.flush()

    def make_case(env):
        env[CASE].with_user(agent).create({"name": "Where is my parcel?"})
        env.cr.flush()

    def make_contact(env, name="Nowy"):
        env[PARTNER].create(
            [
                {
                    "name": f"{name} Kontakt",
                    "phone": f"502 {next(numbers):06}",
                    "email": "n@k.example",
                }
            ]
        )
        env.cr.flush()

    bench.measure("record: a case by itself", make_case)
    bench.measure(
        "record: a call of a customer, one new matter",
        lambda env: call(env, partner_id=partner.id),
        floor="record: a case by itself",
    )
    bench.measure(
        "record: a call of a stranger, one new matter",
        lambda env: call(env, person={"name": "Zoe Stranger", "phone": f"503 {next(numbers):06}"}),
        floor="record: a case by itself",
    )
    note = type(bench.env[KEY])._note
    try:
        type(bench.env[KEY])._note = lambda *args, **kwargs: None
        bench.measure("contact without keys", make_contact)
    finally:
        type(bench.env[KEY])._note = note
    bench.measure("contact with keys", make_contact, floor="contact without keys")
    bench.measure(
        "keys of 1,000 contacts, as at the installation",
        lambda env: env[KEY]._fill_batch([PARTNER, partner.id - 1000]),
    )


def show_plans(bench, agent):
    """Show how the database finds somebody, one condition at a time."""
    partner, number = somebody(bench.env)
    first, family = partner.name.split()
    identity = bench.env(user=agent.id)[IDENTITY]
    for label, text, reason in (
        ("a whole number", number, "phone"),
        ("its last four digits", number[-4:], "phone_ends"),
        ("beginnings of a name", f"{first[:2]} {family[:4]}", "name_begins"),
        ("the beginning of an address", partner.email[:6], "email_begins"),
    ):
        conditions = [
            condition[:3]
            for condition in identity._lookup_conditions(text)
            if condition[3] == reason
        ]
        bench.plan(f"{label}: {text}", bench.env[KEY]._find_query(conditions[:1], 100))
    [size] = bench.env.execute_query(
        SQL(
            "SELECT count(*), pg_size_pretty(pg_table_size('customer_service_lookup_key')), "
            "pg_size_pretty(pg_indexes_size('customer_service_lookup_key')) "
            "FROM customer_service_lookup_key"
        )
    )
    bench.note("the table of keys", "{:,} rows, {}; its indexes {}".format(*size))

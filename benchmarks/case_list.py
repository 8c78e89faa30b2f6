"""A page of the list of cases beside a page of the host's own contacts, which is the floor."""

CASES = 20_000
PAGE = 80


def run(bench):
    """Measure with CASES cases and as many contacts."""
    count = int(CASES * bench.scale)
    names = [f"Matter {number}" for number in range(count)]
    bench.env["res.partner"].create([{"name": name} for name in names])
    bench.env["customer.service.case"].create([{"name": name} for name in names])
    bench.commit()
    floor = "contacts: first page"
    bench.measure(floor, lambda env: read_page(env["res.partner"], "id desc"))
    bench.measure(
        "cases: first page", lambda env: read_page(env["customer.service.case"], None), floor=floor
    )
    bench.measure(
        "cases: found by name",
        lambda env: env["customer.service.case"].search(
            [("name", "ilike", "Matter 777")], limit=PAGE
        ),
        floor=floor,
    )


def read_page(model, order):
    """Read what a list shows of its first page."""
    return model.search_fetch([], ["display_name"], limit=PAGE, order=order).mapped("display_name")

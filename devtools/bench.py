"""./dev bench: measurements against the host's floor, as tables with ratios."""

import argparse
from pathlib import Path

from devtools.console import console
from devtools.database import Databases
from devtools.errors import DevError
from devtools.odoo import Odoo
from devtools.postgres import postgres

RUNNER = Path(__file__).parent / "scripts" / "bench_run.py"


def main(paths, host, arguments):
    """Run the benchmarks, or those named, each in a fresh copy of the test database.

    :return: the exit status
    """
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="files of benchmarks/, without .py"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="multiply the number of records")
    options = parser.parse_args(arguments)
    files = choose(paths.root / "benchmarks", options.names)
    with postgres(paths) as connection:
        odoo = Odoo(paths, host, connection)
        databases = Databases(odoo)
        for file in files:
            with databases.temporary("bench") as name:
                with databases.template(odoo.modules) as template:
                    databases.copy(template, name)
                console.say(f"\n{file.stem}")
                said = odoo.script(name, RUNNER, file, options.scale, what=f"Benchmark {file.stem}")
                print(table(said) + plans(said), flush=True)  # noqa: T201 (the result)
    return 0


def choose(folder, names):
    """:return: the files of the benchmarks with these names, or of all"""
    there = {file.stem: file for file in sorted(folder.glob("*.py"))}
    unknown = [name for name in names if name not in there]
    if unknown:
        raise DevError(
            f"There is no benchmark {', '.join(unknown)}; there are: {', '.join(there)}."
        )
    return [there[name] for name in names or there]


def table(said):
    """:return: the rows that a benchmark printed (``label|milliseconds|queries|ratio``), aligned"""
    rows = [line.split("|")[1:] for line in said.splitlines() if line.startswith("BENCH|")]
    rows.insert(0, ["", "ms", "queries", "ratio"])
    widths = [max(len(row[number]) for row in rows) for number in range(4)]
    lines = []
    for label, *numbers in rows:
        cells = [f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True)]
        lines.append("  ".join([f"{label:<{widths[0]}}", *cells]))
    return "\n".join(lines)


def plans(said):
    """:return: the plans and notes that a benchmark printed (``label|line``), below their labels"""
    lines, shown = [], None
    for line in said.splitlines():
        if line.startswith("PLAN|"):
            _plan, label, text = line.split("|", 2)
            if label != shown:
                lines += ["", f"{label}:"]
            shown = label
            lines.append(f"  {text}")
    return "".join(f"\n{line}" for line in lines)

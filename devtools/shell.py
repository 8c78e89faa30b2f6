"""./dev odoo: the host's own command line."""

from devtools.odoo import Odoo
from devtools.postgres import postgres


def main(paths, host, arguments):
    """Call Odoo with this repository's addons path and database settings.

    :return: its exit status
    """
    with postgres(paths) as connection:
        odoo = Odoo(paths, host, connection)
        settings = odoo.settings(
            "odoo", dbfilter=f"^{connection.prefix}" if connection.prefix else False
        )
        return odoo.interactive(arguments, settings)

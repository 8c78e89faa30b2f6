"""Starts the host's command line. A file of its own, because with workers Odoo starts this very
file again for its
gevent child, and ``python -m odoo`` would start something else for ever."""

import os
import sys

# the folder of this file holds modules of the tool, not of the host
sys.path[:] = [
    path
    for path in sys.path
    if os.path.realpath(path or ".") != os.path.dirname(os.path.realpath(__file__))
]

if __name__ == "__main__":
    import odoo.cli

    odoo.cli.main()

"""``python -m devtools`` is what ./dev runs."""

import sys

from devtools.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What every test of this repository gets; see devtools/pytest_plugin.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["devtools.pytest_plugin"]

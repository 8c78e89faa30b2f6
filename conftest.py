"""What every test of this repository gets; see devtools/pytest_plugin.py."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["devtools.pytest_plugin"]

# The same examples each time, so that a test fails for whoever broke it; the first call of a
# property may read the numbers of a whole country, which takes longer than a deadline.
settings.register_profile("customer_service", database=None, deadline=None, derandomize=True)
settings.load_profile("customer_service")

"""What a person sees while they wait: one line a step, with its time."""

import sys
import time
from contextlib import contextmanager


class Console:
    """Prints steps; on a terminal the running step shows what it is at."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stderr
        self.tty = self.stream.isatty()
        self.started = None
        self.title = ""
        self.detail_at = 0.0

    @contextmanager
    def step(self, title):
        """Show ``title`` while the block runs and its time when it is done."""
        self.started, self.title = time.monotonic(), title
        if self.tty:
            self._write(f"… {title}")
        else:
            self._write(f"… {title}\n")
        try:
            yield self
        except BaseException:
            self._write("\r\033[K" if self.tty else "")
            self._write(f"✗ {title}\n")
            raise
        self._write("\r\033[K" if self.tty else "")
        self._write(f"✓ {title} ({time.monotonic() - self.started:.1f} s)\n")

    def detail(self, text):
        """Show what the running step is at; at most every 10 s where nobody sees a line being
        overwritten.
        """
        now = time.monotonic()
        if self.tty:
            self._write(f"\r\033[K… {self.title}: {text}"[:200])
        elif now - max(self.detail_at, self.started or now) >= 10:
            self.detail_at = now
            self._write(f"  {text}\n")

    def say(self, text=""):
        """Print a line."""
        self._write(f"{text}\n")

    def _write(self, text):
        self.stream.write(text)
        self.stream.flush()


console = Console()

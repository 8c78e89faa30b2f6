"""Where things are: all state of a clone lives in its own ``.dev`` folder."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

#: the kernel allows 107 bytes for the path of a socket; PostgreSQL adds "/.s.PGSQL.5432.lock"
SOCKET_FOLDER_LIMIT = 80


@dataclass(frozen=True)
class Paths:
    """The folders of one clone."""

    root: Path

    @property
    def dev(self):
        """The folder of everything that is not in git."""
        return self.root / ".dev"

    @property
    def host(self):
        """The unpacked Odoo."""
        return self.dev / "host"

    @property
    def venv(self):
        """The virtual environment."""
        return self.dev / "venv"

    @property
    def python(self):
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def log(self):
        """Logs of everything that was started."""
        return self.dev / "log"

    @property
    def data(self):
        """Odoo's data folder (filestores and sessions)."""
        return self.dev / "data"

    @property
    def locks(self):
        """Lock files."""
        return self.dev / "locks"

    @property
    def mail(self):
        """The demo's mailboxes."""
        return self.dev / "mail"

    @property
    def artifacts(self):
        """Screenshots and console logs of failed tours."""
        return self.dev / "artifacts"

    @property
    def digest(self):
        """A short name for this clone, different for every folder."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:8]

    @property
    def sockets(self):
        """A folder whose name is short enough for sockets: in ``.dev``, else in the temporary
        folder.
        """
        inside = self.dev / "run"
        if len(os.fsencode(inside)) <= SOCKET_FOLDER_LIMIT:
            return inside
        return Path(tempfile.gettempdir()) / f"customer-service-{os.getuid()}-{self.digest}"


def clone_paths():
    """:return: the :class:`Paths` of the clone that this package lies in"""
    return Paths(Path(__file__).resolve().parent.parent)

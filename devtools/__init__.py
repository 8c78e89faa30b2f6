"""The tool behind ./dev: the host, its database, demo mail, tests and linters of this repository.

Everything imported by ``devtools.cli`` at its top is standard library only, because it runs before
the
virtual environment exists; what needs more is imported by the command that needs it.
"""

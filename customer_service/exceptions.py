"""What this app refuses, where somebody wants to tell one refusal from another."""

from odoo.exceptions import UserError


class PersonMismatch(UserError):
    """What is to be recorded together belongs to two different people."""

"""What tests share of which two requests run at the same moment."""

from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name


class TwoTransactionsCase(BaseCase):
    """Two real transactions, committed for real: whoever uses it cleans up what was committed."""

    def setUp(self):
        super().setUp()
        connection = db_connect(get_db_name())
        self.first, self.second = connection.cursor(), connection.cursor()
        self.addCleanup(self.first.close)
        self.addCleanup(self.second.close)

    def _roll_back(self):
        """Take back what neither of the two has committed."""
        self.first.rollback()
        self.second.rollback()

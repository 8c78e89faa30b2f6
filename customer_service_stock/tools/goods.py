"""How much of some goods there is left to decide on."""

from typing import NamedTuple


class Goods(NamedTuple):
    """Goods of a delivery or of a line of an order, in a unit.

    :param float delivered: how many went to the customer
    :param float settled: of how many it is decided: they come back, or are replaced
    :param uom.uom uom: the unit
    """

    delivered: float
    settled: float
    uom: object

    @property
    def left(self):
        """How many there are left, never below zero."""
        return max(self.delivered - self.settled, 0.0)

    @property
    def has_some(self):
        """Whether there is anything left, as precisely as the unit counts."""
        return self.uom.compare(self.delivered, self.settled) > 0

    def allows(self, quantity):
        """Tell whether there are as many left."""
        return self.uom.compare(quantity, self.delivered - self.settled) <= 0

from odoo import fields, models

_LONGEST_REASON = 300


class CustomerServiceCaseBounce(models.AbstractModel):
    """An address that cannot be reached, said on the case before somebody waits for an answer."""

    _name = "customer.service.case.bounce"
    _description = "Undeliverable Address of a Case"

    undeliverable_address = fields.Char(readonly=True, copy=False, groups="base.group_user")
    undeliverable_reason = fields.Char(readonly=True, copy=False, groups="base.group_user")

    def _mark_undeliverable(self, address, reason):
        """Record that mail to somebody who takes part in this case came back.

        :param str address: normalized address that cannot be reached
        :param str reason: what the mail server says, on one line
        """
        self.ensure_one()
        # sudo: case - the gateway's user need not be an agent
        case = self.sudo()
        if address in case._participant_addresses():
            case.write(
                {
                    "undeliverable_address": address,
                    "undeliverable_reason": " ".join((reason or "").split())[:_LONGEST_REASON],
                }
            )

    def _mark_reachable(self, address):
        """Forget that an address cannot be reached: somebody just wrote from it."""
        # sudo: case - the gateway's user need not be an agent
        self.sudo().filtered(
            lambda case: address and case.undeliverable_address == address
        ).action_address_is_right()

    def action_address_is_right(self):
        """Forget that the address of these cases cannot be reached."""
        self.check_access("write")
        self.write({"undeliverable_address": False, "undeliverable_reason": False})
        return True

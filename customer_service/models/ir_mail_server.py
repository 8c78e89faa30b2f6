from odoo import api, models
from odoo.tools import email_normalize


class IrMailServer(models.Model):
    """Answers keep the team's address where the shop's mail server takes any sender."""

    _inherit = "ir.mail_server"

    @api.model
    def _find_mail_server(self, email_from, mail_servers=None):
        # For a server without a sender filter the host puts the address for notifications in
        # place of the writer's, lest it sends in the name of a foreign domain. A team's address
        # is the shop's own.
        server, sender = super()._find_mail_server(email_from, mail_servers=mail_servers)
        address = email_normalize(email_from)
        if not address or email_normalize(sender) == address or (server and server.from_filter):
            return server, sender
        # sudo: team - whether the address is one of ours
        team = self.env["customer.service.team"].sudo()
        return server, (email_from if team._with_address(address) else sender)

from odoo import api, fields, models

from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN


class CustomerServiceTeam(models.Model):
    """How the mailboxes of a team are doing.

    The servers themselves are for those who may see passwords; how they are doing is for everybody
    who may see the team.
    """

    _inherit = "customer.service.team"

    mailbox_count = fields.Integer("Mailboxes", compute="_compute_mailboxes", compute_sudo=True)
    mailbox_last_success = fields.Datetime(
        "Last Fetched",
        compute="_compute_mailboxes",
        compute_sudo=True,
        help="When the mailboxes of this team were last fetched without a problem; of several the "
        "one that was not for the longest time.",
    )
    mailbox_waiting_count = fields.Integer(
        "Mail to Fetch", compute="_compute_mailboxes", compute_sudo=True
    )
    mailbox_error = fields.Text("Problem", compute="_compute_mailboxes", compute_sudo=True)

    @api.depends(
        "fetchmail_server_ids.state",
        "fetchmail_server_ids.last_success",
        "fetchmail_server_ids.waiting_count",
        "fetchmail_server_ids.error_message",
    )
    def _compute_mailboxes(self):
        for team in self:
            servers = team.fetchmail_server_ids.filtered_domain(MAIL_SERVER_DOMAIN)
            successes = servers.mapped("last_success")
            team.mailbox_count = len(servers)
            team.mailbox_last_success = bool(servers) and all(successes) and min(successes)
            team.mailbox_waiting_count = sum(servers.mapped("waiting_count"))
            team.mailbox_error = "\n".join(
                f"{server.name}: {server.error_message}"
                for server in servers
                if server.error_message
            )

    def action_sync_now(self):
        """Fetch the mailboxes of these teams now, for a while, and show what came of it."""
        self.check_access("write")
        # sudo: fetchmail.server - whoever sets up a team may have its mail fetched
        return self.sudo().fetchmail_server_ids._sync_now()

from odoo import api, models

from ..tools.mail_headers import is_automatic
from ..tools.mail_repair import repair


class MailThread(models.AbstractModel):
    """The gateway reads what senders wrote wrongly, and tells cases who speaks."""

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        repair(message)
        return super().message_parse(message, save_original=save_original)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # The parsed dictionary does not keep the headers, and unknown keys in it are refused
        # by other models: the context is the one way that leads to every hook of a case.
        if is_automatic(message):
            self = self.with_context(customer_service_automatic=True)
        routes = self._route_to_team_of_server(routes or [])
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _route_to_team_of_server(self, routes):
        """Let the mail server's team have what neither an alias nor a known thread claims.

        The server is named in the context, where it is lost as soon as the host changes over to
        the sender's user.

        :param list routes: ``(model, thread_id, custom_values, user_id, alias)``
        :return: the routes, with the team among their custom values
        """
        server_id = self.env.context.get("default_fetchmail_server_id")
        # sudo: fetchmail.server - which team its mail is for
        server = self.env["fetchmail.server"].sudo().browse(server_id).exists()
        team = server.customer_service_team_id
        if not team:
            return routes
        return [
            (model, thread_id, {"team_id": team.id, **(values or {})}, user_id, alias)
            if model == "customer.service.case" and not thread_id and not alias
            else (model, thread_id, values, user_id, alias)
            for model, thread_id, values, user_id, alias in routes
        ]

import xmlrpc.client

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

from ..const import AUTOMATIC_HEADERS
from ..tools.mail_repair import repair


class MailThread(models.AbstractModel):
    """The gateway reads what senders wrote wrongly, and tells cases who speaks."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        raw = self._mail_bytes(message)
        intake = self.env["customer.service.mail.intake"]
        if not intake._is_for_cases(raw, model):
            return super().message_process(
                model,
                raw,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
        if self.env.user.share and not self.env.su:
            raise AccessError(self.env._("Mail is handed in by the mail system only."))
        # sudo: fetchmail.server - where the host is fetching from
        server = self.env["fetchmail.server"].sudo()
        server = server.browse(self.env.context.get("default_fetchmail_server_id")).exists()
        trusted = self.env.su or self.env.user.has_group("base.group_system")
        if not trusted:
            # Whoever merely hands mail in decides nothing but what stands in it.
            model, custom_values, thread_id, server = "customer.service.case", None, None, None
        # sudo: intake - a mail is processed alike, whoever the mail system logs in as
        intake = intake.sudo().with_context(customer_service_trusted_channel=trusted)
        log = intake._take_in(
            raw,
            model=model,
            server=server,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )
        return log.case_id.id or False

    @api.model
    def _mail_bytes(self, message):
        """Return a mail as bytes, in whatever form the gateway was given it."""
        if isinstance(message, xmlrpc.client.Binary):
            return bytes(message.data)
        return message.encode() if isinstance(message, str) else bytes(message)

    @api.model
    def message_parse(self, message, save_original=False):
        if not self.env.context.get("customer_service_intake"):
            repair(message)
        return super().message_parse(message, save_original=save_original)

    @api.model
    def _detect_write_to_catchall(self, msg_dict):
        # A mailbox whose mail becomes cases takes what is written to the catch-all address, too.
        if self.env.context.get("customer_service_intake"):
            return False
        return super()._detect_write_to_catchall(msg_dict)

    @api.model
    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        # What a mail to customer service provokes by itself never goes to a machine, and to
        # nobody more than once an hour.
        if self.env.context.get("customer_service_intake"):
            if self.env.context.get("customer_service_machine") or not self.env[
                "customer.service.automatic.answer"
            ]._may_answer(email_normalize(email_from)):
                return None
            mail_values = {**mail_values, "headers": repr(AUTOMATIC_HEADERS)}
        return super()._routing_create_bounce_email(email_from, body_html, message, **mail_values)

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

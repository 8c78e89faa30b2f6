from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize

from ..tools.mail_authentication import check_sender

CASE = "customer.service.case"

#: Message-IDs that are looked up: the newest stand last.
MOST_REFERENCES = 32


class IgnoredMail(Exception):
    """A mail that is not to become anything, for a reason of ``customer.service.mail.log``."""

    def __init__(self, reason, **values):
        super().__init__(reason)
        self.reason = reason
        self.values = {"reason": reason, **values}


@dataclass(frozen=True)
class Destination:
    """Where a mail goes, and how it is to be taken there."""

    #: the host's route: ``(model, thread_id, custom_values, user_id, alias)``
    route: tuple
    #: the case it continues, none for a new one
    case: models.BaseModel
    team: models.BaseModel
    #: what kind of machine wrote it, "" for a person
    machine: str = ""
    #: it is kept for the agents only
    is_note: bool = False
    #: values of the new case besides those of the route
    values: dict = field(default_factory=dict)


class CustomerServiceMailDestination(models.AbstractModel):
    """Where a mail goes: to which case or team, as whose, and whether it is let in at all.

    The host finds the routes. Which of them is taken is decided here, by who wrote: those who
    take part in a case continue it, strangers and machines do not.
    """

    _name = "customer.service.mail.destination"
    _description = "Destination of Mail"

    def _destination(
        self, mail, message, parsed, model, server, custom_values=None, thread_id=None, **_rest
    ):
        """Find out where a mail goes.

        :return: the one destination in customer service, None where there is none, and the
            host's routes to other apps
        :raise IgnoredMail: the host's gateway does not let it in
        """
        thread = self.env["mail.thread"]
        if thread._detect_loop_headers(parsed):
            raise IgnoredMail("loop")
        routes = thread.message_route(
            message, parsed, model or CASE, thread_id, dict(custom_values or {})
        )
        routes = thread._route_to_team_of_server(routes or [])
        routes = self.env[CASE]._routes_of_automatic_mail(routes, parsed)
        others = [route for route in routes if route[0] != CASE]
        own = [route for route in routes if route[0] == CASE]
        if not own:
            if not others:
                raise IgnoredMail("refused")
            return None, others
        return self._choose_destination(mail, parsed, self._first_addressed(own, mail)), others

    def _first_addressed(self, routes, mail):
        """Return the route to the team that is named first: one mail is one matter."""
        addresses = [email_normalize(address) for address in (*mail.to, *mail.cc)]

        def position(route):
            alias = route[4]
            address = alias.alias_full_name if alias else False
            return addresses.index(address) if address in addresses else len(addresses)

        return min(routes, key=lambda route: (not route[1], position(route)))

    def _choose_destination(self, mail, parsed, route):
        """Return where a mail goes whose route leads to customer service."""
        _model, thread_id, custom_values, user_id, alias = route
        check = self._sender_check(mail)
        user_id = self._user_of_route(user_id, check)
        case = self._bounced_case(mail)
        role = "machine" if case else ""
        if not case:
            case = self.env[CASE].browse(thread_id or False) or self.env[CASE]._find_by_reference(
                mail
            )
            case = case._final()
            role = self._role_in(case, mail)
        addressed, machine = case, mail.machine
        if not role:
            case = case.browse()
        team = case.team_id or self.env[CASE]._team_of_mail(
            parsed, {"team_id": addressed.team_id.id, **(custom_values or {})}
        )
        if machine == "list" and team.is_mailing_list:
            machine = ""
        if self._is_flood(mail):
            machine = machine or "loop"
            case = case or self._latest_case(mail, team)
        if not case:
            parsed.pop("parent_id", None)
        if role != "agent":
            parsed.pop("is_internal", None)
        values = self._new_case_values(mail, team, addressed, machine) if not case else {}
        return Destination(
            route=(CASE, case.id, {**(custom_values or {}), **values}, user_id, alias),
            case=case,
            team=team,
            machine=machine,
            is_note=role in ("agent", "consulted", "machine"),
            values=values,
        )

    def _user_of_route(self, user_id, check):
        """Return who the records of a mail are made by: one of us only if that is proven."""
        user = self.env["res.users"].browse(user_id)
        return self.env.uid if user._is_internal() and check != "verified" else user_id

    def _sender_check(self, mail):
        """Return how far the sender of a mail is proven, as messages store it.

        Whoever hands mail in over the API could have written the proof, too.
        """
        if not self.env.context.get("customer_service_trusted_channel", True):
            return "unverified"
        # sudo: ir.config_parameter - whose word on senders counts
        trusted = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("customer_service.authentication_servers", "")
        )
        return check_sender(mail, [name.strip() for name in trusted.split(",") if name.strip()])

    def _new_case_values(self, mail, team, addressed, machine):
        """Return the values of a new case besides those read from the mail.

        :param customer.service.case addressed: the case it answers though its sender has no part
        """
        values = {"team_id": team.id}
        if addressed and addressed.company_id == team.company_id:
            values["suggested_case_id"] = addressed.id
        if machine:
            closed = self.env[CASE]._stage_of_status("closed", team)
            values["stage_id"] = closed.id
            values["type_id"] = self.env[CASE]._xmlid_id("customer_service.type_automatic")
        return values

    def _role_in(self, case, mail):
        """Return what part the sender of a mail has in a case, "" for none."""
        if not case or not mail.sender_address:
            return ""
        found = case._partner_find_from_emails_single([mail.sender_address], no_create=True)[:1]
        sender = case._sender_among_owners(found, mail, case.company_id)
        return case._role_of_sender(mail.sender_address, sender)

    def _bounced_case(self, mail):
        """Return the case whose mail came back."""
        return self._case_of(self._returned_message(mail))

    @api.model
    def _case_of(self, message):
        """Return the case that a message was written in, none where it was elsewhere."""
        case = self.env[CASE]
        return case.browse(message.res_id).exists()._final() if message.model == CASE else case

    def _returned_message(self, mail):
        """Return the message of ours that a bounce speaks of.

        One that we sent: the Message-ID of what a customer wrote is known to others, too.
        """
        ids = list(mail.returned_message_ids)[-MOST_REFERENCES:]
        # sudo: mail.message - whatever came back, whoever works as the gateway
        message = self.env["mail.message"].sudo()
        if mail.machine != "bounce" or not ids:
            return message
        domain = [("message_id", "in", ids), ("message_type", "!=", "email")]
        return message.search(domain, limit=1, order="id desc")

    def _is_flood(self, mail):
        """Tell whether a sender wrote so often of late that no person does."""
        if not mail.sender_address:
            return False
        # sudo: mail.gateway.allowed, ir.config_parameter - settings of the host's loop guard
        settings = self.env["ir.config_parameter"].sudo()
        minutes = int(settings.get_param("mail.gateway.loop.minutes", 120))
        threshold = int(settings.get_param("mail.gateway.loop.threshold", 20))
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        count = self.env["customer.service.mail.log"].search_count(
            [("sender_address", "=", mail.sender_address), ("date", ">=", since)],
            limit=threshold + 1,
        )
        if count <= threshold:
            return False
        # sudo: mail.gateway.allowed - the host's own list, whoever the gateway works as
        return (
            not self.env["mail.gateway.allowed"]
            .sudo()
            .search_count([("email_normalized", "=", mail.sender_address)], limit=1)
        )

    def _latest_case(self, mail, team):
        """Return the case of a team that a sender wrote to last."""
        return (
            self.env["customer.service.mail.log"]
            .search(
                [
                    ("sender_address", "=", mail.sender_address),
                    ("case_id", "!=", False),
                    ("team_id", "=", team.id),
                ],
                limit=1,
            )
            .case_id._final()
        )

    def _check_welcome(self, mail, destination, server, despite_block):
        """Check that mail of this sender is taken, and new cases from this server.

        :raise IgnoredMail: it is not
        """
        team = destination.team
        blocked = self.env["customer.service.blocked.sender"]
        if not despite_block and blocked._blocks(mail.sender_address, team.company_id):
            raise IgnoredMail("blocked", team_id=team.id, company_id=team.company_id.id)
        if not destination.case and server and not server.start_new_cases:
            raise IgnoredMail("unmatched", team_id=team.id, company_id=team.company_id.id)

import hashlib
import logging
import traceback
from base64 import b64encode
from dataclasses import replace

from markupsafe import Markup
from psycopg2 import errors

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import email_normalize, email_split, formataddr, parse_contact_from_email

from ..tools.mail_limits import MailLimitError
from ..tools.mail_reader import peek, read_mail
from .customer_service_mail_destination import CASE, MOST_REFERENCES, IgnoredMail

_logger = logging.getLogger(__name__)

#: The longest Message-ID that is stored as it is, in bytes; indexes hold no more than 2,700.
_LONGEST_MESSAGE_ID = 1_000


def _storable(text, length=2_000):
    """Return the end of a text as the database can store it, whatever a mail brought into it."""
    return text[-length:].encode("utf-8", "replace").decode().replace("\0", "")


def _indexable(message_id):
    """Return a Message-ID as an index of the database can hold it, a hash of an endless one."""
    if len(message_id.encode("utf-8", "replace")) > _LONGEST_MESSAGE_ID:
        return f"<{hashlib.sha256(message_id.encode('utf-8', 'replace')).hexdigest()}>"
    return _storable(message_id)


class CustomerServiceMailIntake(models.AbstractModel):
    """The way of a mail from its bytes into a case: read, once, where to, taken there, logged.

    Whatever happens on the way, the mail is not lost: it becomes a case, a message of a case, a
    line of the log that says why it was ignored, or a failure that keeps it whole.
    """

    _name = "customer.service.mail.intake"
    _inherit = ["customer.service.mail.destination"]
    _description = "Intake of Mail"

    # ------------------------------------------------------------------------------------------
    # The way in
    # ------------------------------------------------------------------------------------------

    @api.model
    def _take_in(
        self,
        raw,
        *,
        model=False,
        server=None,
        run=None,
        uid=False,
        failure=None,
        despite_block=False,
        **arguments,
    ):
        """Process one mail that is meant for customer service.

        :param bytes raw: the whole mail
        :param str model: the model that unmatched mail makes records of
        :param fetchmail.server server: where it was fetched from
        :param customer.service.mail.run run: the run that fetched it
        :param str uid: what the server calls it
        :param customer.service.mail.failure failure: what is retried
        :param bool despite_block: take it in though its sender is blocked
        :param arguments: the others of the host's ``message_process``
        :return: the line of ``customer.service.mail.log`` that says what became of it
        :raise psycopg2.Error: it met another transaction, and is to be tried in a fresh one
        """
        values = self._log_values(peek(raw), server, run, uid)
        self = self.with_context(
            customer_service_intake=True,
            default_fetchmail_server_id=server.id if server else False,
        )
        log = self.env["customer.service.mail.log"]
        try:
            with self.env.cr.savepoint():
                return self._process(
                    raw,
                    values,
                    model=model,
                    server=server,
                    despite_block=despite_block,
                    **arguments,
                )
        except errors.UniqueViolation as error:
            if "customer_service_mail_log" not in str(error):
                return self._keep_failure(raw, values, error, server, failure)
            owner = self._owner_values(raw, server)
            return log.create({**values, **owner, "outcome": "ignored", "reason": "duplicate"})
        except IgnoredMail as ignored:
            kept = {"raw": b64encode(raw)} if ignored.reason == "blocked" else {}
            owner = {} if "company_id" in ignored.values else self._owner_values(raw, server)
            return log.create({**values, **owner, "outcome": "ignored", **ignored.values, **kept})
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail is kept
            return self._keep_failure(raw, values, error, server, failure)

    @api.model
    def _log_values(self, head, server, run, uid):
        """Return what a line of the log says of a mail before it was read."""
        values = {
            "server_id": server.id if server else False,
            "run_id": run.id if run else False,
            "uid": uid,
            "message_id_header": _indexable(head.message_id),
            "sender": _storable(head.sender),
            "sender_address": email_normalize(head.sender) or False,
            "subject": _storable(head.subject),
        }
        return {name: value for name, value in values.items() if value}

    def _process(self, raw, values, *, model, server, despite_block, **arguments):
        """Read a mail, find where it goes and take it there."""
        mail = self._with_real_sender(read_mail(raw))
        self = self.with_context(
            customer_service_machine=mail.machine,
            customer_service_own_addresses=self._own_addresses(mail),
        )
        log = self._enter(mail, values)
        message = mail.as_message()
        parsed = self._parse(mail, message, raw, **arguments)
        destination, others = self._destination(mail, message, parsed, model, server, **arguments)
        if destination:
            self._check_welcome(mail, destination, server, despite_block)
        if destination and not destination.team.store_messages:
            destination.team._forward_mail(raw, mail)
            return self._close_log(log, destination, "forwarded")
        case = self._deliver(mail, message, parsed, destination, others)
        if not destination:
            log.write(self._owner_values(raw, server))
        return self._close_log(log, destination, self._outcome(destination), case)

    def _keep_failure(self, raw, values, error, server, failure):
        """Keep a mail that raised, whole, and log it.

        :return: the line of the log
        """
        words = _storable(self._error_in_words(error))
        details = _storable("".join(traceback.format_exception(error)), 20_000)
        _logger.info("A mail from %s is kept as failed: %s", values.get("sender"), error)
        if failure:
            failure._failed_again(words, details)
        else:
            team = self._team_by_recipients(peek(raw), server)
            failure = self.env["customer.service.mail.failure"]._keep(
                raw, words, server=server, team=team, traceback=details
            )
        return self.env["customer.service.mail.log"].create(
            {
                **values,
                "outcome": "failed",
                "failure_id": failure.id,
                "team_id": failure.team_id.id,
                "company_id": failure.company_id.id,
            }
        )

    @api.model
    def _error_in_words(self, error):
        """Return what a person can make of an exception."""
        if isinstance(error, MailLimitError):
            return self._limit_in_words(error)
        if isinstance(error, RecursionError | MemoryError):
            return self.env._("This mail is built in too complicated a way to be read.")
        return self.env._(
            "It could not be processed: %(error)s", error=str(error) or type(error).__name__
        )

    @api.model
    def _limit_in_words(self, error):
        """Return which limit a mail passed, with the numbers that help to raise it."""
        sentences = {
            "size": self.env._(
                "The mail has %(found)s bytes, more than the %(limit)s that are read."
            ),
            "head": self.env._(
                "The headers of the mail have %(found)s bytes, more than the %(limit)s that are "
                "read."
            ),
            "addresses": self.env._(
                "The mail names %(found)s addresses, more than the %(limit)s that are read."
            ),
            "parts": self.env._("The mail has more than the %(limit)s parts that are read."),
            "depth": self.env._(
                "The parts of the mail are nested deeper than the %(limit)s levels that are read."
            ),
            "time": self.env._("The mail is made in a way that takes too long to read."),
        }
        sentence = sentences.get(error.code, str(error))
        return sentence % {"found": error.found, "limit": error.limit}

    # ------------------------------------------------------------------------------------------
    # Once
    # ------------------------------------------------------------------------------------------

    def _enter(self, mail, values):
        """Log a mail before it is processed, unless it was processed before.

        The same Message-ID with other content is another mail: careless programs use one twice.
        """
        identity = f"{_indexable(mail.message_id)} " if mail.message_id else ""
        return self.env["customer.service.mail.log"]._enter(
            f"{identity}{mail.digest}",
            bool(mail.message_id),
            {**values, "sender": mail.sender, "sender_address": mail.sender_address},
        )

    def _unused_message_id(self, mail):
        """Return the Message-ID that a mail is stored under: its own, if that is free.

        :raise IgnoredMail: it is a message of ours that came back, or was here before the log
        """
        substitute = f"<{mail.digest[:40]}.{fields.Datetime.now().timestamp():.0f}@localhost>"
        if not mail.message_id or mail.message_id != _indexable(mail.message_id):
            return substitute
        # sudo: mail.message - whatever bears this Message-ID, whoever works as the gateway
        known = (
            self.env["mail.message"]
            .sudo()
            .search([("message_id", "=", mail.message_id), ("model", "=", CASE)], limit=1)
        )
        if not known:
            return mail.message_id
        sender = email_normalize(known.email_from or "") or known.author_id.email_normalized
        came_in = known.message_type == "email" and self._was_logged(mail)
        if sender == mail.sender_address and not came_in:
            raise IgnoredMail("duplicate" if known.message_type == "email" else "own")
        return substitute

    def _was_logged(self, mail):
        """Tell whether another mail with this Message-ID came in, so that this one differs."""
        return bool(
            self.env["customer.service.mail.log"].search_count(
                [
                    ("message_id_header", "=", _indexable(mail.message_id)),
                    ("outcome", "not in", ("ignored", "failed", False)),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------------------------------

    def _parse(self, mail, message, raw, *, save_original=False, strip_attachments=False, **_rest):
        """Return a mail as the dictionary that the host's gateway works with."""
        thread = self.env["mail.thread"]
        parsed = thread.message_parse(message)
        attachments = [] if strip_attachments else list(mail.attachments)
        if save_original:
            attachments.append(("original_email.eml", raw, {}))
        sender = formataddr((mail.sender_name, mail.sender_address)) if mail.sender_address else ""
        parsed.update(
            message_id=self._unused_message_id(mail),
            subject=mail.subject,
            email_from=sender,
            body=Markup(mail.body),  # sanitised by the reader
            attachments=[thread._Attachment(*attachment) for attachment in attachments],
            is_bounce=False,
        )
        parsed["from"] = sender
        parsed["date"] = fields.Datetime.to_string(mail.date or fields.Datetime.now())
        return parsed

    def _with_real_sender(self, mail):
        """Return a mail with the person behind it as its sender.

        The forms of shops write from the shop's own address, and name the customer in Reply-To.
        """
        answer_to = mail.reply_to[0] if mail.reply_to else ""
        address = email_normalize(answer_to)
        if not address or address == mail.sender_address or not self._is_ours(mail.sender_address):
            return mail
        name = parse_contact_from_email(answer_to)[0] or ""
        return replace(
            mail,
            sender=answer_to,
            sender_name=name,
            sender_address=address,
            sender_header="Reply-To",
        )

    def _is_ours(self, address):
        """Tell whether customers write to a normalized address, or we write from it."""
        # sudo: team, mail.alias.domain - our own addresses, whoever works as the gateway
        return bool(
            address
            and (
                self.env["customer.service.team"].sudo()._with_addresses([address])
                or self.env["mail.alias.domain"].sudo()._find_aliases([address])
            )
        )

    def _own_addresses(self, mail):
        """Return the addresses a mail names, and those among them that are aliases of ours."""
        named = frozenset(map(email_normalize, (mail.sender_address, *mail.recipients))) - {False}
        # sudo: mail.alias.domain - our own addresses, whoever works as the gateway
        own = self.env["mail.alias.domain"].sudo()._find_aliases(sorted(named))
        return named, frozenset(own)

    # ------------------------------------------------------------------------------------------
    # Taking it there
    # ------------------------------------------------------------------------------------------

    def _deliver(self, mail, message, parsed, destination, others):
        """Let the host make a case of the mail or add it to one, and to records of other apps.

        :return: the case, none where only other apps got it
        """
        thread = self.env["mail.thread"].with_context(**self._delivery_context(mail, destination))
        routes = [destination.route] if destination else []
        parsed.update(thread._message_parse_post_process(message, parsed, routes + others))
        case = self.env[CASE]
        if destination:
            if mail.bounces:
                self._mark_bounces(mail, message, parsed, thread)
            routes, own = self._with_sender(mail, parsed, destination)
            thread_id = thread._message_route_process(message, own, routes)
            case = case.browse(thread_id)
        if others:
            self.env["mail.thread"]._message_route_process(message, dict(parsed), others)
        return case

    def _with_sender(self, mail, parsed, destination):
        """Return route and mail with the contact who wrote it, who need not be the host's guess."""
        found = self.env["res.partner"].browse(parsed.get("author_id") or ())
        company = destination.team.company_id
        sender = destination.case._sender_among_owners(found, mail, company)
        route = destination.route
        if sender != found:
            *where, _user_id, alias = route
            route = (*where, self.env.uid, alias)
        return [route], {**parsed, "author_id": sender.id}

    def _delivery_context(self, mail, destination):
        """Return what the hooks of a case are to know of the mail that is delivered."""
        machine = destination.machine if destination else ""
        return {
            "customer_service_sender_check": self._sender_check(mail),
            "customer_service_machine": machine,
            "customer_service_automatic": bool(machine),
            "customer_service_note": bool(destination and destination.is_note),
        }

    def _mark_bounces(self, mail, message, parsed, thread):
        """Have the host count the addresses that could not be reached, and say so on the case."""
        returned = self._returned_message(mail)
        if not returned:
            return
        case = self._case_of(returned)
        # Anybody who got a mail of ours could say so of whomever they like.
        reached = self._addresses_of(returned)
        bounces = [bounce for bounce in mail.bounces if bounce[0] in reached]
        addresses = [address for address, _is_permanent, _reason in bounces]
        # sudo: res.partner - whose addresses they are, whoever works as the gateway
        partners = self.env["res.partner"].sudo().search([("email_normalized", "in", addresses)])
        by_address = partners.grouped("email_normalized")
        for address, is_permanent, reason in bounces:
            thread._routing_handle_bounce(
                message,
                {
                    **parsed,
                    "bounced_email": address,
                    "bounced_partner": by_address.get(address, partners.browse()),
                    "bounced_msg_ids": list(mail.returned_message_ids),
                    "bounced_message": returned,
                },
            )
            if case and is_permanent:
                case._mark_undeliverable(address, reason)

    def _addresses_of(self, message):
        """Return the normalized addresses that a message of ours was sent to."""
        notified = message.notification_ids
        return {
            *notified.mapped("mail_email_address"),
            *notified.res_partner_id.mapped("email_normalized"),
            *map(email_normalize, email_split(message.outgoing_email_to or "")),
        }

    def _outcome(self, destination):
        """Return what became of a mail, as the log says it."""
        if not destination:
            return "forwarded"
        if not destination.case:
            return "automatic" if destination.machine else "new"
        return "note" if destination.machine or destination.is_note else "continued"

    def _close_log(self, log, destination, outcome, case=None):
        """Write what became of a mail into its line."""
        values = {"outcome": outcome, "case_id": case.id if case else False}
        if destination:
            team = destination.team
            values.update(team_id=team.id, company_id=team.company_id.id)
        log.write(values)
        return log

    # ------------------------------------------------------------------------------------------
    # Is it for us?
    # ------------------------------------------------------------------------------------------

    @api.model
    def _is_for_cases(self, raw, model):
        """Tell whether a mail is meant for customer service.

        :param bytes raw: the whole mail
        :param str model: the model that unmatched mail makes records of
        """
        if model == CASE:
            return True
        head = peek(raw)
        addresses = [address for address in map(email_normalize, head.recipients) if address]
        # sudo: team - our own addresses, whoever works as the gateway
        if self.env["customer.service.team"].sudo()._with_addresses(addresses):
            return True
        references = list(head.references)[-MOST_REFERENCES:]
        # Of a case, or kept on one: what the shop sends by itself.
        ours = Domain("model", "=", CASE) | Domain("child_ids", "any", [("model", "=", CASE)])
        # sudo: mail.message - what a mail answers, whoever works as the gateway
        return bool(
            references
            and self.env["mail.message"]
            .sudo()
            .search_count(Domain("message_id", "in", references) & ours, limit=1)
        )

    def _owner_values(self, raw, server):
        """Return whose line of the log it is: no other company reads who wrote to this one."""
        team = self._team_by_recipients(peek(raw), server)
        return {"team_id": team.id, "company_id": (team.company_id or self.env.company).id}

    def _team_by_recipients(self, head, server):
        """Return the team that a mail was meant for, as far as its head tells."""
        # sudo: team - our own addresses, whoever works as the gateway
        team = self.env["customer.service.team"].sudo()
        if server and server.customer_service_team_id:
            return server.sudo().customer_service_team_id
        addresses = [address for address in map(email_normalize, head.recipients) if address]
        return (
            team._with_addresses(addresses)[:1]
            or team._default_for(self.env.company)
            or team.search([], limit=1)
        )

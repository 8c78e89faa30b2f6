import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import mail_connection
from ..tools.mail_connection import PORTS, MailConnectionError

CASE = "customer.service.case"


class FetchmailServer(models.Model):
    """Mail fetched from a team's own mailbox becomes cases of that team.

    How the mailbox is reached; how it is fetched stands in ``customer_service_mailbox.py``. Servers
    whose mail is not for cases stay as the host has them.
    """

    _name = "fetchmail.server"
    _inherit = ["customer.service.mailbox", "fetchmail.server"]

    # A second lock on it, besides the access to the model.
    password = fields.Char(groups="base.group_system")

    customer_service_team_id = fields.Many2one(
        "customer.service.team",
        index="btree_not_null",
        help="Each mail from this server that answers nothing becomes a case of this team.",
    )
    serves_cases = fields.Boolean(compute="_compute_serves_cases")

    # the way to the server; required in the form only, because a database that refuses a row tells
    # all of it to the log, the password too
    encryption = fields.Selection(
        [
            ("none", "None"),
            ("starttls", "STARTTLS, required"),
            ("ssl", "SSL/TLS"),
        ],
        compute="_compute_encryption",
        inverse="_inverse_encryption",
        store=True,
        precompute=True,
        readonly=False,
        help="SSL/TLS: encrypted from the start, on a port of its own. STARTTLS: the usual port, "
        "encrypted before the password is sent; a server that does not offer it is refused. "
        "None: the password and all mail can be read on the way.",
    )
    check_certificate = fields.Boolean(
        default=True,
        help="Accept only a certificate that was made for this server by an authority that this "
        "system trusts. Without the check somebody on the way can pose as the server.",
    )
    folder = fields.Char(
        default="INBOX", help="Which folder of the mailbox is read. POP3 knows only one."
    )

    # what is done with the mail
    after_fetch = fields.Selection(
        [("keep", "Keep it on the server"), ("delete", "Delete it from the server")],
        string="After Fetching",
        default="keep",
        help="Mail that is kept is marked as read (IMAP) or remembered here (POP3), so that it is "
        "fetched once.",
    )
    start_new_cases = fields.Boolean(
        default=True,
        help="Without it only answers to known cases are taken in. Everything else stays unread "
        "in the mailbox.",
    )

    # how it goes
    last_success = fields.Datetime(readonly=True, copy=False)
    waiting_count = fields.Integer(
        "Waiting", readonly=True, copy=False, help="Mail that is still to be fetched."
    )
    mail_run_ids = fields.One2many("customer.service.mail.run", "server_id", readonly=True)

    @api.depends("customer_service_team_id", "object_id", "server_type")
    def _compute_serves_cases(self):
        case_model_id = self.env["ir.model"]._get_id(CASE)
        for server in self:
            server.serves_cases = server.server_type != "local" and (
                bool(server.customer_service_team_id) or server.object_id.id == case_model_id
            )

    @api.depends("is_ssl")
    def _compute_encryption(self):
        for server in self:
            if server.is_ssl:
                server.encryption = "ssl"
            elif server.encryption in (False, "ssl"):
                server.encryption = "none"

    def _inverse_encryption(self):
        for server in self:
            if server.is_ssl != (server.encryption == "ssl"):
                server.is_ssl = server.encryption == "ssl"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("default_customer_service_team_id"):
            values.setdefault("object_id", self.env["ir.model"]._get_id(CASE))
            values.update(is_ssl=True, encryption="ssl", port=993)
        return values

    @api.onchange("customer_service_team_id")
    def _onchange_customer_service_team_id(self):
        if self.customer_service_team_id:
            self.object_id = self.env["ir.model"]._get(CASE)

    @api.onchange("encryption", "server_type")
    def _onchange_encryption(self):
        if self.server_type not in ("imap", "pop") or not self.encryption:
            return  # the servers that log in by OAuth know their ports
        self.is_ssl = self.encryption == "ssl"
        if not self.port or self.port in PORTS.values():
            self.port = PORTS[self.server_type, self.encryption]

    def action_open_mail_runs(self):
        """Open what the visits to this mailbox brought."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_mail_run_action"
        )
        action["domain"] = [("server_id", "=", self.id)]
        return action

    # ------------------------------------------------------------------------------------------
    # Connecting
    # ------------------------------------------------------------------------------------------

    def _connect__(self, allow_archived=False):  # noqa: PLW3201 - the host's name
        self.ensure_one()
        if not self.serves_cases:
            return super()._connect__(allow_archived=allow_archived)
        if not allow_archived and not self.active:
            raise UserError(
                self.env._("“%(server)s” is archived, so it is not used.", server=self.name)
            )
        try:
            return self._open_mailbox()
        except MailConnectionError as error:
            # What the server said may repeat the password, so the cause is not told.
            raise UserError(self._problem_in_words(error)) from None

    def _open_mailbox(self):
        """Connect, log in and open the folder.

        :return: a mailbox of ``tools.mail_connection``
        :raise MailConnectionError: why that is not possible
        """
        if not self.server or not self.port:
            raise MailConnectionError("no_server")
        client = mail_connection.connect(
            self._get_connection_type(),
            self.server,
            int(self.port),
            self.encryption,
            check_certificate=self.check_certificate,
        )
        try:
            self._log_in(client)
            folder = self.folder or "INBOX"
            return mail_connection.open_mailbox(client, folder, secrets=self._secrets())
        except Exception:
            client.drop()
            raise

    def _log_in(self, client):
        """Log in, as the host's module for this kind of server has it.

        :raise MailConnectionError: the server does not let us in
        """
        try:
            if client.protocol == "imap":
                self._imap_login__(client)
            else:
                client.login(self.user or "", self.password or "")
        except UserError:
            raise  # of the host's OAuth modules
        except Exception as error:  # noqa: BLE001 - whatever it is, it repeats no password
            problem = mail_connection.problem(error, self._secrets())
            if problem.code == "server":
                problem = MailConnectionError("password", problem.detail)
            raise problem from None

    def _imap_login__(self, connection):  # noqa: PLW3201 - the host's name
        if not self.serves_cases or self.server_type != "imap":
            return super()._imap_login__(connection)
        return connection.login(self.user or "", self.password or "")

    def _secrets(self):
        """Return what no message and no log may repeat, whatever a server says."""
        self.ensure_one()
        password = self.password or ""
        plain = base64.b64encode(f"\0{self.user or ''}\0{password}".encode()).decode()
        return (plain, password) if password else ()

    def _account_key(self):
        """Return a short name of the mailbox that is read.

        Numbers of mails are compared within one mailbox only, also when somebody points this
        server at another one.
        """
        self.ensure_one()
        facts = (self._get_connection_type(), self.server, self.user, self.folder)
        return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:12]

    def _problem_in_words(self, problem):
        """Return what is wrong with the connection, and what to do.

        :param MailConnectionError problem: in one word
        """
        self.ensure_one()
        sentence = self._login_problem(problem.code) or self._network_problem(problem.code)
        sentence = sentence or self._certificate_problem(problem.code)
        if not sentence:
            sentence = self.env._("The mail server “%(host)s” reports a problem.", host=self.server)
        if problem.detail:
            said = self.env._("It was reported: %(words)s", words=problem.detail)
            return f"{sentence} ({said})"
        return sentence

    def _login_problem(self, code):
        """Return a sentence about a login or a mailbox, None for other codes."""
        return {
            "password": self.env._(
                "The mail server refuses the user name or the password. Authentication failed; "
                "some providers want a password made for this app."
            ),
            "control_characters": self.env._(
                "User name and password must not contain line breaks or tabs. Enter them anew."
            ),
            "encryption_needed": self.env._(
                "The mail server takes no password without encryption. Choose STARTTLS or SSL/TLS."
            ),
            "no_folder": self.env._(
                "There is no folder “%(folder)s” in this mailbox.", folder=self.folder
            ),
            "read_only": self.env._(
                "The folder “%(folder)s” can only be read, so mail in it cannot be marked as "
                "fetched.",
                folder=self.folder,
            ),
            "not_kept": self.env._(
                "A mail could neither be processed nor kept, so it stays in its mailbox."
            ),
            "in_use": self.env._("Another program has this mailbox open. It is tried again later."),
            "no_uidl": self.env._(
                "This POP3 server does not number its mail (UIDL), so what was fetched cannot be "
                "told from what was not. Use IMAP."
            ),
        }.get(code)

    def _network_problem(self, code):
        """Return a sentence about the way to the server, None for other codes."""
        where = {"host": self.server, "port": self.port}
        return {
            "no_server": self.env._("Enter the name and the port of the mail server."),
            "unknown_host": self.env._(
                "There is no mail server “%(host)s”. Is its name written correctly?", **where
            ),
            "refused": self.env._(
                "“%(host)s” does not answer on port %(port)s. Is the port right, and does a "
                "firewall let it through?",
                **where,
            ),
            "no_answer": self.env._(
                "“%(host)s” says nothing on port %(port)s. Are the port and the encryption right?",
                **where,
            ),
            "unreachable": self.env._("“%(host)s” cannot be reached.", **where),
            "lost": self.env._(
                "The connection to “%(host)s” broke. What was not finished is done at the next "
                "run.",
                **where,
            ),
            "no_starttls": self.env._(
                "“%(host)s” does not offer STARTTLS on port %(port)s, so nothing was sent to it. "
                "Choose SSL/TLS, or ask your provider.",
                **where,
            ),
            "no_tls": self.env._(
                "“%(host)s” does not speak SSL/TLS on port %(port)s. Is the port right? Else "
                "choose STARTTLS.",
                **where,
            ),
        }.get(code)

    def _certificate_problem(self, code):
        """Return a sentence about the server's certificate, None for other codes."""
        what = {
            "certificate_self_signed": self.env._("signed by the server itself"),
            "certificate_unknown_authority": self.env._(
                "signed by an authority that is not known here"
            ),
            "certificate_wrong_host": self.env._("made for another server name"),
            "certificate_expired": self.env._("out of date"),
            "certificate_not_yet_valid": self.env._("not yet valid"),
            "certificate": self.env._("not valid"),
        }.get(code)
        return what and self.env._(
            "The certificate of “%(host)s” is %(what)s, so the password was not sent. Use the "
            "name that the certificate was made for, or switch off the check if you know this "
            "server.",
            host=self.server,
            what=what,
        )

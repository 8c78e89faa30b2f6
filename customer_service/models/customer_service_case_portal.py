import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext, parse_contact_from_email, plaintext2html

from ..const import (
    DONE,
    PORTAL_MAX_FILES,
    PORTAL_MAX_SIZE,
    PORTAL_MAX_TEXT,
    PORTAL_READABLE_FIELDS,
    PORTAL_REPEAT_SECONDS,
    SPOKEN_MESSAGE_TYPES,
    UNRESOLVED,
)

#: An attachment that the text of a message shows in its place.
_SHOWN_IN_TEXT = re.compile(r"/web/(?:image|content)/(\d+)")

#: Images that every browser shows and that cannot carry a script.
_IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


class CustomerServiceCasePortal(models.AbstractModel):
    """What the customer sees of a case and does with it, logged in or by a signed link.

    The controllers find out who is asking and read the form; what is shown, who is named how and
    what a button does is said here, so that it can be extended in one place. Everything that
    posts is called on a case in sudo whose user is still the visitor's own.
    """

    _name = "customer.service.case.portal"
    _description = "Portal Side of a Case"

    portal_status = fields.Selection(
        [
            ("working", "We are on it"),
            ("waiting", "Waiting for you"),
            ("solved", "Solved"),
            ("closed", "Closed"),
        ],
        string="Status for the Customer",
        compute="_compute_portal_status",
    )
    last_public_message_date = fields.Datetime(
        "Last Public Message",
        compute="_compute_last_public_message_date",
        store=True,
        help="When the customer or we wrote last; internal notes do not count.",
    )

    @api.depends("status", "stage_id.awaits_customer")
    def _compute_portal_status(self):
        words = {"pending": "waiting", "resolved": "solved", "closed": "closed"}
        for case in self:
            word = words.get(case.status, "working")
            if word == "waiting" and not case.stage_id.awaits_customer:
                word = "working"
            case.portal_status = word

    @api.depends("last_customer_message_date", "last_agent_message_date")
    def _compute_last_public_message_date(self):
        for case in self:
            dates = [case.last_customer_message_date, case.last_agent_message_date]
            case.last_public_message_date = max(filter(None, dates), default=False)

    # ------------------------------------------------------------------------------------------
    # Access
    # ------------------------------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        """Let people outside the company read what their page shows, whatever is added later."""
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or self.env.user._is_internal():
            return True
        return operation == "read" and field.name in PORTAL_READABLE_FIELDS

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        # Our own order begins with the priority, which customers do not get to know.
        if order == self._order and not self.env.su and not self.env.user._is_internal():
            order = "id desc"
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _portal_domain(self):
        """Return the domain of the cases that the user sees in the portal.

        It says the same as the record rule; a colleague of ours who looks at the portal gets
        their own cases as a customer too, not the ones they work on.
        """
        partner = self.env.user.partner_id
        if partner.portal_company_cases:
            return Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
        return Domain("partner_id", "=", partner.id)

    @api.model
    def _portal_status_domain(self, portal_status):
        """Return the domain of a ``portal_status``, which is not stored."""
        # A portal user has no access to stages, only to what their kind means for the case.
        awaits = Domain("stage_id", "any!", Domain("awaits_customer", "=", True))
        return {
            "working": Domain("status", "=", "open") | (Domain("status", "=", "pending") & ~awaits),
            "waiting": Domain("status", "=", "pending") & awaits,
            "solved": Domain("status", "=", "resolved"),
            "closed": Domain("status", "=", "closed"),
        }[portal_status]

    @api.model
    def _portal_search_domain(self, text, search_in="all"):
        """Return the domain of the cases in which a customer finds a text.

        :param str text: what was typed
        :param str search_in: ``number``, ``subject``, ``order`` or ``all`` of them
        """
        domains = {
            "number": Domain("number", "ilike", text),
            "subject": Domain("name", "ilike", text),
            # The page shows this number whether or not the viewer may open the order.
            "order": Domain("sale_order_id", "any!", Domain("name", "ilike", text)),
        }
        return domains.get(search_in) or Domain.OR(domains.values())

    # The host hands a thread in sudo to whoever has its signed link, and these to the browser.

    def _thread_to_store(self, store, fields, *, request_list=None):
        if request_list and not self.env.user._is_internal():
            harmless = ("attachments", "display_name")
            request_list = [name for name in request_list if name in harmless]
        return super()._thread_to_store(store, fields, request_list=request_list)

    def _get_mail_thread_data_attachments(self):
        attachments = super()._get_mail_thread_data_attachments()
        if self.env.user._is_internal():
            return attachments
        # sudo: mail.message - the public ones, of a case that the visitor sees
        public = self.env["mail.message"].sudo().search(self._portal_message_domain())
        return attachments & public.attachment_ids

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        # A link is for people outside. What one of us may do is decided by their groups: whoever
        # was only sent the link does not answer in the name of the team.
        if self.env.user._is_internal():
            kwargs = {key: value for key, value in kwargs.items() if key == "mode"}
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _check_can_update_message_content(self, messages):
        if not self.env.user._is_internal():
            # What a customer said was read and answered, and everybody with the link of a case
            # writes in the customer's name.
            raise UserError(self.env._("Sorry, this did not work. Please write to us by email."))
        return super()._check_can_update_message_content(messages)

    def _get_allowed_message_params(self):
        params = super()._get_allowed_message_params()
        # Whoever is no employee speaks as a person: no robot, no mail of an unknown sender.
        return params if self.env.user._is_internal() else params - {"message_type"}

    # ------------------------------------------------------------------------------------------
    # What the page shows
    # ------------------------------------------------------------------------------------------

    def _portal_next_step(self):
        """Return one sentence that tells the customer what happens next."""
        self.ensure_one()
        if self.portal_status == "waiting":
            return self.env._("It is your turn: please answer below, so that we can go on.")
        if self.portal_status == "solved":
            return self.env._("This request is solved. Is something still wrong? Tell us below.")
        if self.portal_status == "closed":
            return self.env._("This request is closed. Do you need us again? Tell us below.")
        if self.awaiting_reply:
            return self.env._("We have your message and will answer you as soon as we can.")
        return self.env._("We are working on it and will write to you.")

    def _portal_message_domain(self):
        """Return the domain of the messages of this case that its customer may see."""
        self.ensure_one()
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        return Domain(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "in", SPOKEN_MESSAGE_TYPES),
                ("subtype_id", "=", comment_id),
                ("is_internal", "=", False),
            ]
        )

    def _portal_conversation(self, viewer, page=1, step=30):
        """Return one page of the public conversation, the oldest message first.

        :param res.partner viewer: who is looking; the case's own customer for a signed link
        :param int page: 1 for the newest messages
        :param int step: messages a page
        :return: the messages as :meth:`_portal_message_values` describes them, and whether
            there are earlier ones
        """
        # sudo: mail.message - the public ones, of a case that the visitor sees
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                self._portal_message_domain(),
                order="id desc",
                limit=step + 1,
                offset=(max(page, 1) - 1) * step,
            )
        )
        shown = messages[:step][::-1]
        shown.attachment_ids.fetch(["name", "mimetype", "file_size"])
        return (
            [self._portal_message_values(message, viewer) for message in shown],
            len(messages) > step,
        )

    def _portal_message_values(self, message, viewer):
        """Describe one message of the conversation.

        :return: ``{id, is_ours, is_viewer, author, date, body, images, files}``
        """
        is_ours = self._is_from_agent(message)
        shown = {int(number) for number in _SHOWN_IN_TEXT.findall(message.body or "")}
        attachments = message.attachment_ids.filtered(lambda file: file.id not in shown)
        attachments = attachments.sorted("id")
        images = attachments.filtered(lambda file: file.mimetype in _IMAGE_TYPES)
        return {
            "id": message.id,
            "is_ours": is_ours,
            "is_viewer": not is_ours and self._portal_is_author(message, viewer),
            "author": self._portal_author_name(message, is_ours),
            "date": message.date,
            "body": message._customer_service_body(for_customer=True),
            "images": [self._portal_file_values(file) for file in images],
            "files": [self._portal_file_values(file) for file in attachments - images],
        }

    def _portal_is_author(self, message, viewer):
        """Tell whether the viewer wrote this message."""
        if message.author_id or viewer:
            return message.author_id == viewer
        return email_normalize(message.email_from) == self.email_normalized

    def _portal_author_name(self, message, is_ours):
        """Return the name that a message is shown under, never a stranger's whole address."""
        if is_ours:
            is_robot = message.author_id.id == self._xmlid_id("base.partner_root")
            return self.team_id.name if is_robot else message.author_id.name
        name, email = parse_contact_from_email(message.email_from or "")
        return message.author_id.name or name or email.split("@")[0] or self.env._("Guest")

    def _portal_file_values(self, attachment):
        """Describe one file; the token in its addresses opens this file and nothing else."""
        token = attachment._get_raw_access_token()
        return {
            "name": attachment.name,
            "mimetype": attachment.mimetype,
            "size": attachment.file_size,
            "url": f"/web/content/{attachment.id}?download=1&access_token={token}",
            "image_url": f"/web/image/{attachment.id}/600x450?access_token={token}",
            "full_url": f"/web/image/{attachment.id}?access_token={token}",
        }

    # ------------------------------------------------------------------------------------------
    # What the customer does
    # ------------------------------------------------------------------------------------------

    def _portal_problem(self, text, sizes):
        """Return why an answer cannot be taken, in one sentence to the customer, or False.

        :param str text: what was typed
        :param list sizes: of the files in bytes
        """
        self.ensure_one()
        if len(text) > PORTAL_MAX_TEXT:
            return self.env._("Your message is too long. Please send the text as a file.")
        if sizes and not self.team_id.allow_attachments:
            return self.env._("Files cannot be added to this request. Please send the text alone.")
        if len(sizes) > PORTAL_MAX_FILES:
            return self.env._(
                "These are too many files. Please choose at most %(count)s.",
                count=PORTAL_MAX_FILES,
            )
        if sum(sizes) > PORTAL_MAX_SIZE:
            return self.env._(
                "The files are too large. Together they may have %(size)s MB, "
                "please choose smaller ones.",
                size=PORTAL_MAX_SIZE // 1024**2,
            )
        return False

    def _portal_answer(self, text, files=()):
        """Post what the customer wrote, once only however often the button was pressed.

        Two presses at the same moment meet in the database: each message writes its case, so
        the host runs the second one again, and then it finds the first.

        :param str text: plain text
        :param list files: pairs of name and bytes
        :return: the message
        """
        self.ensure_one()
        author = self._portal_author()
        body = plaintext2html(text) if text else ""
        posted = self._portal_repeated(author, body, files)
        if posted:
            return posted
        message = self.message_post(
            body=body,
            attachments=list(files),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        colleague = author - self.partner_id
        if colleague and colleague.commercial_partner_id == self.commercial_partner_id:
            # Whoever joins in gets our answer too; the customer gets it anyway.
            self.message_subscribe(colleague.ids)
        return message

    def _portal_author(self):
        """Return the contact in whose name the visitor writes, none for an unknown customer."""
        user = self.env.user
        return self.partner_id if user._is_public() else user.partner_id

    def _portal_repeated(self, author, body, files):
        """Return the message by this author that says the same and is only seconds old."""
        since = fields.Datetime.subtract(fields.Datetime.now(), seconds=PORTAL_REPEAT_SECONDS)
        # sudo: mail.message - the public ones, of a case that the visitor sees
        recent = (
            self.env["mail.message"]
            .sudo()
            .search(
                self._portal_message_domain()
                & Domain("date", ">=", since)
                & Domain("author_id", "=", author.id)
            )
        )
        text = html2plaintext(body)
        sizes = sorted((name, len(content)) for name, content in files)
        return recent.filtered(
            lambda message: (
                html2plaintext(message.body) == text
                and sorted(message.attachment_ids.mapped(lambda file: (file.name, file.file_size)))
                == sizes
            )
        )[:1]

    def _portal_resolve(self, text="", files=()):
        """Take the customer's word that the matter is solved, and what was written with it."""
        self.ensure_one()
        if text or files:
            self._portal_answer(text, files)
        case = self._portal_in_our_language()
        if case.status in UNRESOLVED:
            robot = self.env["res.partner"].browse(self._xmlid_id("base.partner_root"))
            case._track_set_author(self._portal_author() or robot)
            case._track_set_log_message(case.env._("The customer says that it is solved."))
            case.action_resolve()

    def _portal_reopen(self, text="", files=()):
        """Bring a case back that is done; without words, the press of the button is the word."""
        self.ensure_one()
        if not text and not files:
            if self.status not in DONE:
                return
            text = self.env._("This is still a problem.")
        self._portal_answer(text, files)

    def _portal_in_our_language(self):
        """Return the case in the language of those who work on it, not of the visitor."""
        lang = self.user_id.lang or self.company_id.partner_id.lang or self.env.user.lang
        return self.with_context(lang=lang)

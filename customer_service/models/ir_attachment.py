import base64

from markupsafe import escape

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime, html_sanitize
from odoo.tools.mimetypes import guess_mimetype

from ..tools.mail_limits import MailLimitError
from ..tools.mail_reader import read_mail
from ..tools.remote_content import block_remote

_MAIL_TYPE = "message/rfc822"

#: Pictures that every browser shows and that cannot carry a script, and how much of them.
_PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
_MAX_PICTURES = 5 * 1024**2

#: The largest text file of a mail in which words can be searched.
_MAX_INDEXED = 2 * 1024**2


class IrAttachment(models.Model):
    """A mail that is attached to a mail can be read in the case, without a program for it."""

    _inherit = "ir.attachment"

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        # The host copies all words of a text several times over. Of what is that large nobody
        # looks for a word, and a worker has to live with it.
        if self.env.context.get("customer_service_intake") and len(bin_data) > _MAX_INDEXED:
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

    @api.readonly
    def customer_service_read_mail(self):
        """Read an attached mail for an agent.

        :return: ``{subject, sender, to, date, body, files}``; the body loads nothing
        """
        self.ensure_one()
        self._check_customer_service_mail()
        try:
            mail = read_mail(self.raw or b"")
        except MailLimitError as error:
            raise UserError(
                self.env._("This mail cannot be shown here, please download it.")
            ) from error
        body = html_sanitize(
            mail.body, sanitize_attributes=True, sanitize_style=True, strip_classes=True
        )
        # sudo: ir.config_parameter - our own address
        base_url = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        body = str(block_remote(body, base_url))
        return {
            "subject": mail.subject or self.env._("(no subject)"),
            "sender": mail.sender,
            "to": ", ".join([*mail.to, *mail.cc]),
            "date": mail.date and format_datetime(self.env, mail.date),
            "body": self._with_pictures_of_mail(body, mail.attachments),
            "files": [name for name, _content, _info in mail.attachments],
        }

    @api.model
    def _with_pictures_of_mail(self, body, attachments):
        """Put the pictures that a mail brings along into its text, where they belong.

        :param str body: HTML, whose pictures are named ``cid:…``
        :param list attachments: ``(name, content, info)``
        """
        room = _MAX_PICTURES
        for _name, content, info in attachments:
            source = f'"cid:{escape(info.get("cid", ""))}"'
            if not info.get("cid") or source not in body or len(content) > room:
                continue
            mimetype = guess_mimetype(content)
            if mimetype in _PICTURE_TYPES:
                room -= len(content)
                data = base64.b64encode(content).decode()
                body = body.replace(source, f'"data:{mimetype};base64,{data}"', 1)
        return body

    def _check_customer_service_mail(self):
        """Refuse whoever may not read the case, and everything but the mails of cases."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only colleagues read attached mails here."))
        self.check_access("read")
        is_mail = self.mimetype == _MAIL_TYPE or (self.name or "").lower().endswith(".eml")
        if self.res_model != "customer.service.case" or not is_mail:
            raise UserError(self.env._("This is no mail of a case."))

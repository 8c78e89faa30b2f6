from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class CustomerServiceCaseAutomaticMail(models.AbstractModel):
    """What the shop sends by itself: part of the customer's history, in nobody's way.

    Each order has at most one case of the type *Automatic*, closed from the start. What a
    customer answers to such a mail is a case like any other.
    """

    _name = "customer.service.case.automatic.mail"
    _description = "Automatic Mail of a Customer's Orders"

    is_automatic = fields.Boolean(
        "Automatic",
        compute="_compute_is_automatic",
        store=True,
        precompute=True,
        help="What machines and the shop itself send; nobody works on it.",
    )

    @api.depends("type_id")
    def _compute_is_automatic(self):
        automatic_id = self._xmlid_id("customer_service.type_automatic")
        for case in self:
            case.is_automatic = bool(automatic_id) and case.type_id.id == automatic_id

    @api.model
    def _portal_domain(self):
        # The customer has these mails, and their orders have pages of their own.
        return super()._portal_domain() & Domain("is_automatic", "=", False)

    # ------------------------------------------------------------------------------------------
    # Recording
    # ------------------------------------------------------------------------------------------

    @api.model
    def _record_automatic_mail(self, message_ids):
        """Keep copies of messages that went to customers, in a batch.

        :param list message_ids: messages of documents, in the order they were sent
        """
        messages = self.env["mail.message"].browse(message_ids).exists()
        messages = messages.filtered(self._went_to_a_customer)
        orders = self._orders_of_messages(messages)
        cases = self._automatic_cases(self.env["sale.order"].union(*orders.values()))
        copies = [
            self._automatic_mail_values(message, cases[orders[message.id]])
            for message in messages
            if message.id in orders and orders[message.id] in cases
        ]
        if copies:
            self.env["mail.message"].create(copies)
            self.browse({copy["res_id"] for copy in copies}).with_context(
                tracking_disable=True
            ).write({"last_message_date": fields.Datetime.now()})

    @api.model
    def _went_to_a_customer(self, message):
        """Tell whether somebody outside was among those who got a message."""
        if message.notification_ids:
            return any(
                note.mail_email_address or note.res_partner_id.partner_share
                for note in message.notification_ids
            )
        return any(message.partner_ids.mapped("partner_share"))

    @api.model
    def _orders_of_messages(self, messages):
        """Return the order of each message, of companies that want these recorded."""
        found = {}
        for model, group in messages.grouped("model").items():
            documents = self.env[model].browse(set(group.mapped("res_id")))
            orders = documents._automatic_mail_orders()
            for message in group:
                order = orders.get(message.res_id)
                if order and order.company_id.customer_service_record_automatic_mail:
                    found[message.id] = order
        return found

    @api.model
    def _automatic_cases(self, orders):
        """Return the automatic case of each order, made now where there is none."""
        automatic_id = self._xmlid_id("customer_service.type_automatic")
        if not orders or not automatic_id:
            return {}
        found = self.with_context(active_test=False).search_fetch(
            [("sale_order_id", "in", orders.ids), ("type_id", "=", automatic_id)],
            ["sale_order_id"],
        )
        cases = {case.sale_order_id: case for case in found}
        teams = {
            company: self.env["customer.service.team"]._default_for(company)
            for company in orders.company_id
        }
        missing = orders.filtered(lambda order: order not in cases and teams[order.company_id])
        created = self.with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True, tracking_disable=True
        ).create([self._automatic_case_values(order, teams[order.company_id]) for order in missing])
        cases.update(zip(missing, created, strict=True))
        return cases

    @api.model
    def _automatic_case_values(self, order, team):
        """Return the values of the case that holds the automatic mail of an order."""
        lang = order.company_id.partner_id.lang
        return {
            "name": self.with_context(lang=lang).env._(
                "Automatic mail about %(order)s", order=order.name
            ),
            "type_id": self._xmlid_id("customer_service.type_automatic"),
            "team_id": team.id,
            "partner_id": order.partner_id.id,
            "sale_order_id": order.id,
            "channel_id": self._xmlid_id("customer_service.channel_email"),
            "status": "closed",
            "priority": "0",
            "last_customer_message_date": False,
        }

    @api.model
    def _automatic_mail_values(self, message, case):
        """Return the copy of a message; it notifies nobody and counts as no answer."""
        return {
            "model": case._name,
            "res_id": case.id,
            "parent_id": message.id,
            "message_type": "auto_comment",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "subject": message.subject,
            "body": message.body,
            "author_id": message.author_id.id,
            "email_from": message.email_from,
            "reply_to": message.reply_to,
            "date": message.date,
            "attachment_ids": [(4, attachment_id) for attachment_id in message.attachment_ids.ids],
        }

    # ------------------------------------------------------------------------------------------
    # Answers to it
    # ------------------------------------------------------------------------------------------

    @api.model
    def _routes_of_automatic_mail(self, routes, message_dict):
        """Let cases have what customers answer to automatic mail, instead of the document.

        A person's answer continues the order's open case, or starts one; it is linked to the
        order when the sender is somebody whom the mail went to. A machine's is a note.

        :param list routes: ``(model, thread_id, custom_values, user_id, alias)``
        :param dict message_dict: the parsed mail
        """
        document_models = [route for route in routes if route[1] and route[0] != self._name]
        if not document_models or not message_dict.get("parent_id"):
            return routes
        # sudo: mail.message - whether the mail that is answered was recorded
        copy = (
            self.env["mail.message"]
            .sudo()
            .search(
                [("parent_id", "=", message_dict["parent_id"]), ("model", "=", self._name)], limit=1
            )
        )
        author = self._author_of_answer(message_dict)
        if not copy or (author and not author.partner_share):
            return routes
        # sudo: case - the one of the mail that is answered, whoever the gateway works as
        case = self.sudo().browse(copy.res_id).exists()
        thread_id, values = case._answer_to_automatic_mail(copy.parent_id, author, message_dict)
        return [
            (self._name, thread_id, values, user_id, False)
            if route_thread and model != self._name
            else (model, route_thread, custom_values, user_id, alias)
            for model, route_thread, custom_values, user_id, alias in routes
        ]

    @api.model
    def _author_of_answer(self, message_dict):
        """Return the contact who wrote a mail, none where the sender is unknown."""
        # sudo: res.partner - who the sender is, whoever the gateway works as
        author = self.env["res.partner"].sudo().browse(message_dict.get("author_id"))
        sender = message_dict.get("email_from")
        if author or not sender:
            return author
        thread = self.env["mail.thread"].sudo()
        return thread._partner_find_from_emails_single([sender], no_create=True)[:1]

    def _answer_to_automatic_mail(self, original, author, message_dict):
        """Return where an answer belongs: the id of a case, or False and the values of one."""
        self.ensure_one()
        context = self.env.context
        if context.get("customer_service_automatic") or context.get("customer_service_machine"):
            return self.id, {}
        order = self.sale_order_id
        sender = email_normalize(message_dict.get("email_from") or "")
        notified = original.notification_ids
        known = set(notified.mapped("mail_email_address"))
        known.update((notified.res_partner_id | order.partner_id).mapped("email_normalized"))
        company = author.commercial_partner_id
        if sender not in known and not (company and company == order.commercial_partner_id):
            return False, {"team_id": self.team_id.id}
        open_case = order._conversation_case()
        if open_case and open_case.commercial_partner_id == order.commercial_partner_id:
            return open_case.id, {}
        return False, {
            "team_id": self.team_id.id,
            "sale_order_id": order.id,
            "partner_id": author.id or order.partner_id.id,
        }

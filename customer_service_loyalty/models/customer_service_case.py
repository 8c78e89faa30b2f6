from odoo import api, models


class CustomerServiceCase(models.Model):
    """A case from which the customer gets a coupon or a gift card."""

    _name = "customer.service.case"
    _inherit = ["customer.service.case", "customer.service.case.gifts"]

    @api.model
    def _document_models(self):
        return [*super()._document_models(), "loyalty.card"]

    @api.model
    def _routes_of_automatic_mail(self, routes, message_dict):
        """Let the case have what the customer answers to the mail with their gift card."""
        found = super()._routes_of_automatic_mail(routes, message_dict)
        # sudo: loyalty.card - whether it was made from a case
        card = self.env["loyalty.card"].sudo()
        return [card._customer_service_route(route) for route in found]

    def _find_by_reference(self, mail):
        return super()._find_by_reference(mail) or self._find_by_card(mail)

    @api.model
    def _find_by_card(self, mail):
        """Return the case of a card whose mail is answered, none where it is another one's.

        :param ReadMail mail: the mail; whether its sender takes part is checked by the caller
        """
        ids = [*mail.references, mail.in_reply_to]
        # sudo: mail.message - of a card, whatever the gateway works as
        message = self.env["mail.message"].sudo()
        answered = message.search(
            [("message_id", "in", list(filter(None, ids))), ("model", "=", "loyalty.card")],
            limit=1,
            order="id desc",
        )
        # sudo: loyalty.card - only the case that it was given from, returned without more rights
        card = self.env["loyalty.card"].sudo().browse(answered.res_id).exists()
        return card.customer_service_case_id.sudo(False)

from odoo import fields, models


class MailTemplate(models.Model):
    """Templates that agents put into their answers."""

    _inherit = "mail.template"

    customer_service_answer = fields.Boolean(
        "For Answers",
        help="Agents can put this template into an answer to a case.",
    )
    customer_service_team_ids = fields.Many2many(
        "customer.service.team",
        "customer_service_template_team_rel",
        "template_id",
        "team_id",
        string="Customer Service Teams",
        help="For answers of these teams; of all when empty.",
    )
    customer_service_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Only for Language",
        help="For answers in this language. Leave empty when the template is translated.",
    )

    def _render_lang(self, res_ids, engine="inline_template"):
        # The host asks the contact, and a stranger has none; a case knows its language.
        if self.render_model != "customer.service.case" or self.lang:
            return super()._render_lang(res_ids, engine=engine)
        cases = self.env[self.render_model].browse(res_ids)
        return {case.id: case._reply_lang() for case in cases}

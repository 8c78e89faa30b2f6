from odoo import api, models

from ..const import SEQUENCE_CODE


class ResCompany(models.Model):
    """Each company counts its own cases."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_case_sequence()
        return companies

    def _create_case_sequence(self):
        """Make the sequence that numbers the cases, for those of these companies without one."""
        sequence = self.env["ir.sequence"].sudo()  # sudo: ir.sequence - part of the company
        done = sequence.search(
            [("code", "=", SEQUENCE_CODE), ("company_id", "in", self.ids)]
        ).company_id
        sequence.create(
            [
                {
                    "name": self.env._("Case number"),
                    "code": SEQUENCE_CODE,
                    "company_id": company.id,
                    "prefix": "C",
                    "padding": 5,
                }
                for company in self - done
            ]
        )

from odoo import fields, models

from ..const import DONE


class CustomerServiceCaseHandling(models.AbstractModel):
    """How long a case took."""

    _name = "customer.service.case.handling"
    _description = "Time of a Case"

    handling_ids = fields.One2many(
        "customer.service.handling", "case_id", string="Time", groups="base.group_user"
    )
    handling_duration = fields.Float(
        "Time Spent",
        compute="_compute_handling_duration",
        groups="base.group_user",
        help="Hours of all agents, without what a running clock measures now.",
    )

    def _compute_handling_duration(self):
        # sudo: handling - the sum of all agents; whose it is stays among supervisors
        handling = self.env["customer.service.handling"].sudo()
        hours = dict(
            handling._read_group([("case_id", "in", self.ids)], ["case_id"], ["duration:sum"])
        )
        for case in self:
            case.handling_duration = hours.get(case._origin.sudo(), 0.0)

    def write(self, vals):
        result = super().write(vals)
        if "stage_id" in vals:
            self._stop_my_clock()
        return result

    def _stop_my_clock(self):
        """My clock runs until the matter is done: it stops on those of these that are."""
        done = self.filtered(lambda case: case.status in DONE)
        if done:
            mine = self.env["customer.service.handling"]._unfinished()
            mine = mine.filtered(lambda handling: handling.case_id.id in done.ids)
            if mine:
                mine._stop()
                mine.with_user(self.env.user)._tell()

    def action_open_handlings(self):
        """Open the times of this case: agents see their own, supervisors all."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_service.customer_service_handling_action"
        )
        return {**action, "domain": [("case_id", "=", self.id)], "context": {"create": False}}

from odoo import api, models

from .customer_service_timeline_mixin import TimelinePlace


class CustomerServiceActionTimeline(models.AbstractModel):
    """What was said or done about a case is a line in the timelines.

    Messages are lines themselves, so the contact that a message is has none.
    """

    _name = "customer.service.action.timeline"
    _description = "Contact about a Case in Timelines"
    _inherit = ["customer.service.timeline.mixin"]
    _timeline_is_line = True

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {"case_id", "interaction_id", "date"}

    def _create(self, data_list):
        actions = super()._create(data_list)
        # A contact that is about a case has no line of its own any more.
        actions.interaction_id._timeline_note_again()
        return actions

    def _timeline_facts(self):
        return {
            action.id: ("interaction", action.originator, action.date)
            for action in self
            if not action.interaction_id.message_id
        }

    def _timeline_places(self):
        return {
            action.id: TimelinePlace(
                action.interaction_id.commercial_partner_id.id,
                action.case_id.id,
                action.case_id.sale_order_id._ids,
            )
            for action in self
        }

    def _timeline_lines(self):
        return {
            action.id: {
                **action.interaction_id._timeline_line(),
                "text": action.summary or "",
            }
            for action in self
        }


class CustomerServiceInteractionTimeline(models.AbstractModel):
    """A contact that was about no case is a line in the timeline of the customer."""

    _name = "customer.service.interaction.timeline"
    _description = "Contact in Timelines"
    _inherit = ["customer.service.timeline.mixin"]
    _timeline_is_line = True

    @api.model
    def _timeline_triggers(self):
        return super()._timeline_triggers() | {"date"}

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        if any("commercial_partner_id" in vals for vals in vals_list):
            self._timeline_note_again()
        return result

    def _timeline_note_again(self):
        """Have the lines of these contacts written anew, their own and those of their cases."""
        recorded = self.filtered(lambda contact: not contact.message_id)
        entry = self.env["customer.service.timeline.entry"]
        entry._note_records(recorded)
        entry._note_records(recorded.action_ids)

    def _timeline_facts(self):
        return {
            contact.id: ("interaction", contact.originator, contact.date)
            for contact in self
            if not contact.message_id and not contact.action_ids
        }

    def _timeline_lines(self):
        return {
            contact.id: {**contact._timeline_line(), "text": contact.notes or ""}
            for contact in self
        }

    def _timeline_line(self):
        """Return by which way, with whom and by whom this contact was."""
        self.ensure_one()
        way = self.channel_other or self.channel_id.name
        # sudo: res.users - the name of a colleague
        return {
            "title": " · ".join(filter(None, (way, self.person_label))),
            "author": self.sudo().user_id.name or "",
        }

from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_service_alert_matching import Subject


class CustomerServiceCasePanel(models.AbstractModel):
    """What stands beside a case: facts that the shop chose, alerts by rules, sticky notes.

    All of it is for agents, and read with the rights of whoever looks.
    """

    _name = "customer.service.case.panel"
    _description = "Information Panel of a Case"

    alerts = fields.Json(compute="_compute_alerts", groups="base.group_user")
    customer_facts = fields.Json(
        "Facts of the Customer", compute="_compute_facts", groups="base.group_user"
    )
    case_facts = fields.Json(
        "Facts of the Case", compute="_compute_facts", groups="base.group_user"
    )
    sticky_note_ids = fields.One2many(
        "customer.service.sticky.note",
        "case_id",
        string="Sticky Notes",
        groups="customer_service.group_agent",
    )
    sticky_notes = fields.Json(
        "Sticky Notes of Case and Customer",
        compute="_compute_sticky_notes",
        groups="base.group_user",
    )

    @api.depends("partner_id", "team_id")
    @api.depends_context("uid", "lang")
    def _compute_alerts(self):
        subjects = [
            Subject(case, case.partner_id, case.company_id, case.team_id._origin) for case in self
        ]
        found = self.env["customer.service.alert"]._alerts_of(subjects)
        for case, alerts in zip(self, found, strict=True):
            case.alerts = alerts or False

    @api.depends("partner_id", "sale_order_id")
    @api.depends_context("uid", "lang")
    def _compute_facts(self):
        facts = self.env["customer.service.panel.fact"]._facts_of(self)
        for case in self:
            case.customer_facts = facts[case]["customer"] or False
            case.case_facts = facts[case]["case"] or False

    @api.depends("partner_id", "merged_into_id")
    @api.depends_context("uid", "lang")
    def _compute_sticky_notes(self):
        partners = self.partner_id | self.partner_id.commercial_partner_id
        notes = self.env["customer.service.sticky.note"]._by_place(self._origin, partners._origin)
        for case in self:
            case.sticky_notes = [
                {
                    "place": place,
                    "name": name,
                    "notes": notes[record]._note_values() if record in notes else [],
                }
                for place, record, name in case._sticky_places()
                # Nobody works on a merged case: what is to be said sticks to the one that stays.
                if record in notes or record != case._origin or not case.merged_into_id
            ]

    def _sticky_places(self):
        """Return what notes of this case stick to: itself, its customer, the customer's company.

        :return: list of a word for it, the record, and its name for a person
        """
        self.ensure_one()
        places = [("case", self._origin, self.env._("this case"))] if self._origin else []
        partner = self.partner_id._origin
        company = partner.commercial_partner_id
        if partner:
            places.append(("customer", partner, partner.name or partner.display_name))
        if company != partner:
            places.append(("company", company, company.display_name))
        return places

    def keep_sticky_note(self, values):
        """Add, change or take off a sticky note of this case or its customer.

        :param dict values: ``text`` and ``color``; ``id`` of the note to change, or ``place``
            (``case``, ``customer``, ``company``) of a new one; ``active`` False takes it off
        :return: all notes as they are then, see ``sticky_notes``
        :raise UserError: the note or the place is none of this case
        """
        self.ensure_one()
        self.check_access("write")
        note = self.env["customer.service.sticky.note"]
        places = {place: record for place, record, _name in self._sticky_places()}
        new = {name: values[name] for name in ("text", "color", "active") if name in values}
        if values.get("id"):
            note = note.with_context(active_test=False).search([("id", "=", values["id"])])
            if (note.case_id or note.partner_id) not in places.values():
                raise UserError(self.env._("This note is gone. Reload the page."))
            note.write(new)
        else:
            record = places.get(values.get("place"))
            if not record:
                raise UserError(self.env._("This case has no customer to whom a note could stick."))
            link = "case_id" if record == self else "partner_id"
            note.create({**new, link: record.id})
        self.invalidate_recordset(["sticky_notes", "sticky_note_ids"])
        return self.sticky_notes

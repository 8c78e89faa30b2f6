from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

#: Whom a case can be linked to.
_PEOPLE = ("res.partner", "customer.service.identity")


class CustomerServiceCasePerson(models.TransientModel):
    """Say who is behind a case: somebody known, or at least an address that was asked for."""

    _name = "customer.service.case.person"
    _description = "Who Is It?"
    _inherit = ["customer.service.sight.mixin"]

    case_id = fields.Many2one(
        "customer.service.case", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id")
    search_text = fields.Char(
        "Look Up",
        compute="_compute_search_text",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Name, email, phone in any notation, or the number of an order or case.",
    )
    candidates = fields.Json(compute="_compute_candidates")
    choice = fields.Char("Is It One of Them?")
    email = fields.Char("Or Their Email Address")

    @api.depends("case_id")
    def _compute_search_text(self):
        for wizard in self:
            wizard.search_text = wizard.case_id.phone or wizard.case_id.partner_name

    @api.depends("search_text")
    def _compute_candidates(self):
        for wizard in self:
            found = wizard._look_up() if (wizard.search_text or "").strip() else []
            wizard.candidates = found or False

    def _look_up(self):
        """Return the people that the text finds, each once, with the reason."""
        self.ensure_one()
        people = {}
        for found in self.env["customer.service.identity"].lookup(self.search_text):
            person = self._person_of(self.env[found["model"]].browse(found["id"]))
            if person:
                key = f"{person._name},{person.id}"
                people.setdefault(
                    key,
                    {"id": key, "name": person.display_name, "text": found["reason"], "lines": []},
                )
        return list(people.values())

    def _person_of(self, record):
        """Return the customer or unregistered person behind what the look-up found."""
        if record._name == "customer.service.identity":
            if record == self.case_id.identity_id:
                return None  # what they told already says nothing new
            return record.partner_id or record
        if record._name in _PEOPLE:
            return record
        return record.partner_id or ("identity_id" in record and record.identity_id) or None

    def action_link(self):
        """Link the case, and the contact that led to it, to that person.

        :raise UserError: nobody is chosen, and no address was entered
        """
        self.ensure_one()
        case = self.case_id
        case.check_access("write")
        values = self._chosen_values() or self._email_values()
        if not values:
            raise UserError(
                self.env._("Choose who it is, or enter the email address that you asked for.")
            )
        # sudo: interaction - of the same caller, whoever recorded it
        contact = case._call_back_unlinked_interaction().sudo()
        if values.get("partner_id") and case.identity_id and not case.identity_id.partner_id:
            case.identity_id.action_become(values["partner_id"])
        case.write(values)
        contact.write(
            {name: value for name, value in values.items() if name in ("partner_id", "identity_id")}
        )
        return {"type": "ir.actions.act_window_close"}

    def _chosen_values(self):
        """Return the values of a case that is linked to the chosen person, if one was chosen."""
        model, _separator, record_id = (self.choice or "").partition(",")
        if model not in _PEOPLE or not record_id.isdigit():
            return {}
        person = self.env[model].browse(int(record_id)).exists()
        person.check_access("read")
        return {"partner_id" if model == "res.partner" else "identity_id": person.id}

    def _email_values(self):
        """Return the values of a case with the address that was asked for, if it is one.

        :raise UserError: what was entered is no address
        """
        if not self.email:
            return {}
        if not email_normalize(self.email):
            raise UserError(self.env._("“%(text)s” is no email address.", text=self.email))
        case = self.case_id
        identity = case.identity_id
        if identity and not identity.email_normalized:
            identity.email = self.email
        else:
            identity = identity._find_or_create_from_email(
                self.email, case.company_id, name=case.partner_name
            )
        values = {"email_from": self.email, "identity_id": identity.id}
        return {**values, "partner_id": identity.partner_id.id} if identity.partner_id else values

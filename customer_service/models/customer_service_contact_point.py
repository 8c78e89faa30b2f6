from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, ValidationError
from odoo.tools import email_normalize, email_split

from ..tools.email_address import email_key, email_spellings
from ..tools.phone_number import phone_keys

#: Which field of a contact holds the main one of each kind.
MAIN_FIELDS = {"email": "email", "phone": "phone"}


class CustomerServiceContactPoint(models.Model):
    """A further address or telephone number of a contact, besides the main ones.

    The main ones are the host's own fields, which everything else of the host uses. An address is
    one contact's: whoever writes from it writes as that contact. A number may be that of a family.
    """

    _name = "customer.service.contact.point"
    _description = "Further Address or Number"
    _inherit = ["customer.service.sight.mixin"]
    _order = "kind, sequence, id"
    _rec_name = "value"

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("email", "Email"), ("phone", "Phone")], required=True, default="email"
    )
    value = fields.Char("Address or Number", required=True, index="trigram")
    label = fields.Selection([("private", "Private"), ("work", "Work"), ("other", "Other")])
    sequence = fields.Integer(default=10)
    email_normalized = fields.Char(
        compute="_compute_email", store=True, index="btree_not_null", string="Normalized Email"
    )
    email_key = fields.Char(
        "Email, However It Is Written", compute="_compute_email", store=True
    )
    phone_sanitized = fields.Char(
        "Sanitized Number", compute="_compute_phone_sanitized", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="partner_id.company_id", store=True)

    # Nothing here may stand in the way of a merge of contacts, which moves the rows in SQL.
    _email_uniq = models.UniqueIndex(
        "(email_key, COALESCE(company_id, 0)) WHERE email_key IS NOT NULL",
        "This address belongs to another contact.",
    )
    _phone_uniq = models.UniqueIndex(
        "(partner_id, phone_sanitized) WHERE phone_sanitized IS NOT NULL",
        "This number is there already.",
    )

    @api.depends("kind", "value")
    def _compute_email(self):
        for point in self:
            address = point.value if point.kind == "email" else False
            point.email_normalized = email_normalize(address) or False
            point.email_key = email_key(address) or False

    @api.depends("kind", "value", "partner_id.country_id", "partner_id.company_id.country_id")
    def _compute_phone_sanitized(self):
        for point in self:
            partner = point.partner_id
            point.phone_sanitized = point.kind == "phone" and partner._phone_format(
                number=point.value, country=partner._lookup_country(), force_format="E164"
            )

    @api.depends("value", "partner_id")
    def _compute_display_name(self):
        for point in self:
            point.display_name = f"{point.value or ''} ({point.partner_id.name or ''})"

    # ------------------------------------------------------------------------------------------
    # What may be entered, and by whom
    # ------------------------------------------------------------------------------------------

    @api.model
    def _check_may_change(self, partners):
        """Make sure that the user may change these contacts.

        :raise AccessError: they may not, or it is a colleague of ours
        """
        if self.env.su:
            return
        partners.check_access("write")
        if self.env["res.users"].has_access("write"):
            return
        for partner in partners:
            if partner._is_colleague():
                raise AccessError(
                    self.env._(
                        "%(name)s works here. Only who manages users changes the addresses.",
                        name=partner.display_name,
                    )
                )

    def _check_entry(self, partner, kind, value):
        """Make sure that a text is an address or a number, a new one, and of nobody else.

        Before it is written: the database says less clearly what is wrong.

        :raise ValidationError: it is not
        """
        if not self._keys_of(partner, kind, value):
            sentence = (
                self.env._("“%(text)s” is no email address.", text=value or "")
                if kind == "email"
                else self.env._("“%(text)s” is no telephone number.", text=value or "")
            )
            raise ValidationError(sentence)
        if self._is_main(partner, kind, value):
            raise ValidationError(
                self.env._(
                    "%(value)s is the main one of %(customer)s already.",
                    value=value,
                    customer=partner.display_name,
                )
            )
        if kind == "email":
            self._check_is_new(partner, value)
            self._check_belongs_to_nobody(partner, value)

    def _check_is_new(self, partner, address):
        """Make sure that a contact has no other entry with an address, however it is written.

        :raise ValidationError: there is one
        """
        # sudo: contact point - of a contact that the user may change
        others = partner.sudo().contact_point_ids - self
        if email_key(address) in others.mapped("email_key"):
            raise ValidationError(
                self.env._(
                    "%(customer)s has the address %(address)s already.",
                    customer=partner.display_name,
                    address=address,
                )
            )

    def _keys(self):
        """Return what an address or a number is compared by; nothing where it is none."""
        self.ensure_one()
        return self._keys_of(self.partner_id, self.kind, self.value)

    @api.model
    def _keys_of(self, partner, kind, text):
        """Return what a text of a contact is compared by, as a set; nothing where it is neither."""
        if kind == "email":
            return {email_key(text)} - {""}
        return set(phone_keys(text, partner._lookup_country().code))

    @api.model
    def _is_main(self, partner, kind, text):
        """Tell whether a contact has this as the main address or number."""
        main = partner[MAIN_FIELDS[kind]] or ""
        texts = email_split(main) if kind == "email" else [main]
        keys = {key for one in texts for key in self._keys_of(partner, kind, one)}
        return bool(keys) and self._keys_of(partner, kind, text) <= keys

    @api.model
    def _check_belongs_to_nobody(self, partner, address):
        """Make sure that an address is no other contact's, as far as the user may see.

        :raise RedirectWarning: it is; an agent can report the two as one and the same at once
        """
        owner = self._other_owner(partner, address)
        if not owner:
            return
        sentence = self.env._(
            "%(address)s belongs to %(customer)s. An address is one contact's, since whoever "
            "writes from it writes as that contact.",
            address=address,
            customer=owner.display_name,
        )
        is_new = partner.create_date and partner.create_date >= self.env.cr.now()
        if is_new or not self.env.user.has_group("customer_service.group_agent"):
            raise ValidationError(sentence)
        raise RedirectWarning(
            sentence,
            (partner | owner).action_report_duplicate(),
            self.env._("Report as Duplicate"),
        )

    @api.model
    def _other_owner(self, partner, address):
        """Return another contact than this with an address, as far as the user may see them."""
        # sudo: contact point - who has it; whoever may not see that contact gets nothing
        others = self.sudo().search(
            [("email_key", "=", email_key(address)), ("partner_id", "!=", partner.id)]
        )
        domain = [
            ("id", "!=", partner.id),
            "|",
            ("email_normalized", "in", email_spellings(address)),
            ("id", "in", others.partner_id.ids),
        ]
        companies = partner.company_id or self.env.companies
        domain.append(("company_id", "in", [*companies.ids, False]))
        return self.env["res.partner"].search(domain, limit=1, order="id")

    # ------------------------------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._cleaned(vals) for vals in vals_list]
        defaults = self.default_get(["partner_id", "kind"])
        for vals in vals_list:
            entry = {**defaults, **vals}
            partner = self.env["res.partner"].browse(entry.get("partner_id"))
            self._check_may_change(partner)
            self._check_entry(partner, entry["kind"], entry.get("value"))
        points = super().create(vals_list)
        points._tell_contacts(
            {point: self.env._("Added: %(value)s", value=point.value) for point in points}
        )
        return points

    def write(self, vals):
        vals = self._cleaned(vals)
        partner = self.env["res.partner"].browse(vals.get("partner_id") or ())
        self._check_may_change(self.partner_id | partner)
        if vals.keys().isdisjoint({"partner_id", "kind", "value"}):
            return super().write(vals)
        for point in self:
            kind, value = vals.get("kind", point.kind), vals.get("value", point.value)
            point._check_entry(partner or point.partner_id, kind, value)
        before = {point: point.value for point in self}
        self.partner_id._note_further_addresses()  # a former owner is found by it no more
        result = super().write(vals)
        self._tell_contacts(
            {
                point: self.env._("Changed: %(old)s → %(new)s", old=value, new=point.value)
                for point, value in before.items()
                if value != point.value
            }
        )
        return result

    def unlink(self):
        self._check_may_change(self.partner_id)
        self._tell_contacts(
            {point: self.env._("Removed: %(value)s", value=point.value) for point in self}
        )
        return super().unlink()

    @api.model
    def _cleaned(self, vals):
        """Return values with an address as it is sent to, and a number without blanks around it."""
        if not isinstance(vals.get("value"), str):
            return vals
        value = vals["value"].strip()
        return {**vals, "value": email_normalize(value) or value}

    def _tell_contacts(self, sentences):
        """Write on the contacts what was changed, and have them found by it.

        Whoever owns an address takes part in the cases of the contact, so it is written down who
        entered it.

        :param dict sentences: what happened to each of these
        """
        self.partner_id._note_further_addresses()
        if self.env.su and self.env.context.get("customer_service_is_told"):
            return
        bodies = {}
        for point, sentence in sentences.items():
            bodies.setdefault(point.partner_id, []).append(sentence)
        if not bodies:
            return
        partners = self.env["res.partner"].union(*bodies)
        partners._message_log_batch(
            bodies={partner.id: ", ".join(lines) for partner, lines in bodies.items()}
        )

    # ------------------------------------------------------------------------------------------
    # The main one
    # ------------------------------------------------------------------------------------------

    def action_make_main(self):
        """Let this be the main address or number; the one that was it stays as a further one."""
        self.ensure_one()
        self._check_may_change(self.partner_id)
        partner, kind, value = self.partner_id, self.kind, self.value
        main = partner[MAIN_FIELDS[kind]]
        partner.write({MAIN_FIELDS[kind]: value})  # this one is dropped by it
        # sudo: contact point - of a contact that was just changed; what it tracks says enough
        points = self.sudo().with_context(customer_service_is_told=True)
        points._keep(partner.sudo(), kind, main)
        if kind == "email":
            partner._answer_at_main_address(main)
        return partner._customer_dialog_again()

    @api.model
    def _keep(self, partner, kind, text):
        """Let a contact have what was its own or another's, as far as it is new and free.

        :param res.partner partner: the contact
        :param str kind: ``email`` or ``phone``
        :param str text: one address or number, or several, as the host's fields hold them
        """
        texts = email_split(text or "") if kind == "email" else filter(None, [text])
        kept = self.browse()
        for value in texts:
            known = {key for point in partner.contact_point_ids for key in point._keys()}
            is_new = self._keys_of(partner, kind, value) - known
            if not is_new or self._is_main(partner, kind, value):
                continue
            if kind == "phone" or not self._other_owner(partner, value):
                kept |= self.create({"partner_id": partner.id, "kind": kind, "value": value})
        return kept

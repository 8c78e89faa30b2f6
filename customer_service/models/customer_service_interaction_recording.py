from odoo import Command, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, plaintext2html

from ..exceptions import PersonMismatch

#: What a screen may say of a contact as a whole.
_CONTACT_FIELDS = (
    "originator",
    "channel_id",
    "channel_other",
    "phone",
    "email",
    "duration",
    "is_remote",
    "campaign_id",
    "medium_id",
    "source_id",
    "source_other",
    "notes",
)

#: What it may say of a case that is made of a matter.
_CASE_FIELDS = (
    "name",
    "type_id",
    "type_other",
    "team_id",
    "sale_order_id",
    "product_id",
    "product_version",
    "priority",
)

#: Fields of the contact that a case made of it starts with.
_CASE_FIELDS_OF_CONTACT = ("channel_id", "campaign_id", "medium_id", "source_id", "source_other")

#: More than this is no call but an import.
_MOST_MATTERS = 50

#: What screens use is a number of 36 characters.
_LONGEST_KEY = 100


class CustomerServiceInteractionRecording(models.AbstractModel):
    """Recording a call, a visit or a letter: one request makes all of it, once."""

    _name = "customer.service.interaction.recording"
    _description = "Recording of an Interaction"

    @api.model
    def record(self, values):
        """Record one contact with one person, and what it was about, in one transaction.

        :param dict values: ``request_key`` (any text that is new for each recording),
            ``date`` (UTC, default now), ``originator``, ``channel_id``, ``channel_other``,
            ``phone``, ``email``, ``duration`` (hours), ``is_remote``, ``handling_id``,
            ``campaign_id``, ``medium_id``, ``source_id``, ``source_other``, ``notes``; who it
            was: ``partner_id``, ``identity_id`` or ``person`` (``name``, ``email``, ``phone``,
            ``zip``, ``other``); ``matters``: a list of dicts with ``case_id``, or ``name`` and
            other fields of a new case, and with ``description`` (what was said or done),
            ``resource_ids``, ``resource_other``, ``follow_up`` and ``solved``
        :return: ``{interaction_id, case_ids, repeated}``; with a ``request_key`` that was
            recorded before what was made then, and ``repeated`` is true
        :raise PersonMismatch: a case or an order belongs to somebody else
        :raise UserError: nothing to record, or unknown values
        """
        self.check_access("create")
        key = self._check_key(values.get("request_key"))
        known = key and self._recorded(key)
        if known:
            return {**known._recording_result(), "repeated": True}
        matters = values.get("matters") or []
        if len(matters) > _MOST_MATTERS:
            raise UserError(self.env._("These are too many matters for one contact."))
        self = self.with_company(self._company_of(matters))
        contact = self._contact_values(values)
        if not matters and not contact.get("notes"):
            raise UserError(self.env._("Say first what it was about."))
        self._refuse_foreign(values)
        self._reserve(key)
        interaction = self.create(contact)
        cases = interaction._cases_of_matters(matters)
        interaction.action_ids = [
            Command.create(self._action_values(case, matter))
            for case, matter in zip(cases, matters, strict=True)
        ]
        interaction._after_recording(values)
        return {**interaction._recording_result(), "repeated": False}

    @api.model
    def check_person(self, values):
        """Name the cases and orders among what is to be recorded that are of somebody else.

        :param dict values: as for :meth:`record`
        :return: list of ``{matter, kind, id, label, owner}``: the index of the matter, ``case``
            or ``order``, its id and number, and whose it is as ``{model, id, name}``
        """
        self.check_access("create")
        person = self._person_of(values)
        found = []
        for index, matter in enumerate(values.get("matters") or []):
            for kind, record, owner in self._owners_of_matter(matter):
                if owner and owner != person and (person or values.get("person")):
                    found.append(
                        {
                            "matter": index,
                            "kind": kind,
                            "id": record.id,
                            "label": record.number if kind == "case" else record.name,
                            "owner": {
                                "model": owner._name,
                                "id": owner.id,
                                "name": owner.display_name,
                            },
                        }
                    )
        return found

    # ------------------------------------------------------------------------------------------
    # Once
    # ------------------------------------------------------------------------------------------

    @api.model
    def _check_key(self, key):
        """Return the key of a recording, False where it has none.

        :raise UserError: it is no short text
        """
        if key and (not isinstance(key, str) or len(key) > _LONGEST_KEY):
            raise UserError(self.env._("This recording has no proper key. Start anew."))
        return key or False

    @api.model
    def _recorded(self, key):
        """Return what this user recorded with a key before, none where it is new.

        :raise UserError: somebody else used the key
        """
        # sudo: interaction - whether the key is taken, by whomever
        known = self.sudo().search([("request_key", "=", key)], limit=1)
        if known and known.create_uid != self.env.user:
            raise UserError(self.env._("This was recorded by somebody else. Start anew."))
        return known.sudo(False)

    @api.model
    def _reserve(self, key):
        """Let nobody else record with this key until the transaction ends.

        A second press of the button comes as a second request, which waits for nothing: it is
        run again by the host, and then finds what the first one made.

        :raise ConcurrencyError: another transaction is recording with the same key
        """
        if not key:
            return
        query = SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", f"cs_record:{key}")
        [[is_free]] = self.env.execute_query(query)
        if not is_free:
            raise ConcurrencyError("recorded by another transaction at this moment")

    def _recording_result(self):
        self.ensure_one()
        # sudo: action - the ids of what the user recorded, whoever works on it now
        return {"interaction_id": self.id, "case_ids": self.sudo().action_ids.case_id.ids}

    # ------------------------------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------------------------------

    @api.model
    def _person_of(self, values):
        """Return whom the values are about, as far as known: commercial entity or identity."""
        partner = self.env["res.partner"].browse(values.get("partner_id")).exists()
        if partner:
            return partner.commercial_partner_id
        identity = self.env["customer.service.identity"].browse(values.get("identity_id")).exists()
        return identity._person()

    @api.model
    def _company_of(self, matters):
        """Return the company of the first case that is named, else the one that is worked in."""
        case_id = next((m["case_id"] for m in matters if m.get("case_id")), False)
        case = self.env["customer.service.case"].browse(case_id).exists()
        case.check_access("read")
        return case.company_id or self.env.company

    @api.model
    def _owners_of_matter(self, matter):
        """Return ``(kind, record, owner)`` of the case and the order that a matter names."""
        case = self.env["customer.service.case"].browse(matter.get("case_id")).exists()
        order = self.env["sale.order"].browse(matter.get("sale_order_id")).exists()
        case.check_access("read")
        order.check_access("read")
        owners = []
        if case:
            owners.append(("case", case, case._person()))
        if order:
            owners.append(("order", order, order.partner_id.commercial_partner_id))
        return owners

    @api.model
    def _refuse_foreign(self, values):
        """Raise what :meth:`check_person` finds, in one sentence."""
        foreign = self.check_person(values)
        if not foreign:
            return
        raise PersonMismatch(
            self.env._(
                "%(record)s belongs to %(owner)s. Say first whether that is who you speak with.",
                record=foreign[0]["label"],
                owner=foreign[0]["owner"]["name"],
            )
        )

    @api.model
    def _person_values(self, values):
        """Return the fields that say with whom the contact was.

        An unregistered person who told something gets an identity, or keeps the one there is.
        Where nobody is named, the contact is with whoever the first case belongs to.
        """
        if values.get("partner_id"):
            return {"partner_id": values["partner_id"]}
        identity = self.env["customer.service.identity"].browse(values.get("identity_id"))
        if not identity and any((values.get("person") or {}).values()):
            identity = identity._find_or_create_person(values["person"], self.env.company)
        if identity:
            identity = identity._final()
            return {"identity_id": identity.id, "partner_id": identity.partner_id.id}
        case_id = next((m["case_id"] for m in values.get("matters") or [] if m.get("case_id")), 0)
        case = self.env["customer.service.case"].browse(case_id)
        return {"identity_id": case.identity_id.id, "partner_id": case.partner_id.id}

    # ------------------------------------------------------------------------------------------
    # What
    # ------------------------------------------------------------------------------------------

    @api.model
    def _contact_values(self, values):
        """Return the values of the interaction, from those that a screen may set."""
        contact = {name: values[name] for name in _CONTACT_FIELDS if name in values}
        contact.setdefault(
            "channel_id",
            self.env["customer.service.case"]._xmlid_id("customer_service.channel_phone"),
        )
        return {
            **contact,
            **self._person_values(values),
            "date": values.get("date") or fields.Datetime.now(),
            "user_id": self.env.uid,
            "request_key": values.get("request_key") or False,
        }

    def _cases_of_matters(self, matters):
        """Return the case of each matter, the new ones made in one batch.

        A case of nobody becomes one of the person that the contact was with.
        """
        self.ensure_one()
        case = self.env["customer.service.case"]
        new = [self._case_values(matter) for matter in matters if not matter.get("case_id")]
        made = iter(case.with_context(mail_create_nosubscribe=True).create(new))
        cases = [
            case.browse(matter["case_id"]) if matter.get("case_id") else next(made)
            for matter in matters
        ]
        for known in case.union(*cases):
            if not known._person() and self._person():
                known.write({"partner_id": self.partner_id.id, "identity_id": self.identity_id.id})
        return cases

    def _case_values(self, matter):
        """Return the values of the case that a matter starts."""
        if not (matter.get("name") or "").strip():
            raise UserError(self.env._("Give each new matter a few words as its subject."))
        identity = self.identity_id
        told = {
            "partner_name": identity.name,
            "email_from": self.email or identity.email,
            "phone": self.phone or identity.phone,
        }
        return {
            **{name: matter[name] for name in _CASE_FIELDS if matter.get(name)},
            **{
                name: self[name].id if self._fields[name].relational else self[name]
                for name in _CASE_FIELDS_OF_CONTACT
            },
            **({} if self.partner_id else told),
            "description": plaintext2html(matter.get("description") or "") or False,
            "partner_id": self.partner_id.id,
            "identity_id": identity.id,
            "user_id": self.env.uid,
        }

    @api.model
    def _action_values(self, case, matter):
        """Return the values of what was said or done about a case."""
        follow_up = (matter.get("follow_up") or "").strip()
        return {
            "case_id": case.id,
            "description": matter.get("description") or False,
            "resource_ids": [Command.set(matter.get("resource_ids") or [])],
            "resource_other": matter.get("resource_other") or False,
            "follow_up": follow_up or False,
            "is_solved": not follow_up and bool(matter.get("solved", True)),
        }

    def _after_recording(self, values):
        """Hook for what else belongs to a recording, in the same transaction.

        :param dict values: as for :meth:`record`
        """

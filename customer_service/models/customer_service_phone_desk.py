from odoo import api, fields, models

#: Nobody chooses from a longer list with a customer on the line.
_MOST_WORDS = 200

#: What an unregistered person tells about themself.
_TOLD = ("name", "email", "phone", "zip", "other")


class CustomerServicePhoneDesk(models.AbstractModel):
    """What the recording screen offers to choose from."""

    _name = "customer.service.phone.desk"
    _description = "Phone Desk"

    @api.model
    @api.readonly
    def phone_desk(self):
        """Return the words that agents choose from while they record.

        :return: dict of lists: ``channels``, ``resources``, ``types``, ``teams``, ``sources``
            and ``priorities``, each entry with ``id`` and ``name``; ``channel_id`` is what a call
            starts with; ``now`` is the server's time
        """
        self.check_access("read")
        case = self.env["customer.service.case"]
        return {
            "channels": self._phone_desk_picklist("customer.service.channel"),
            "resources": self._phone_desk_picklist("customer.service.resource"),
            "types": self._phone_desk_picklist("customer.service.case.type"),
            "teams": self._phone_desk_teams(),
            "sources": self._phone_desk_sources(),
            "priorities": case._fields["priority"]._description_selection(self.env),
            "channel_id": case._xmlid_id("customer_service.channel_phone"),
            "now": fields.Datetime.to_string(fields.Datetime.now()),
        }

    @api.model
    @api.readonly
    def caller_candidates(self, told):
        """Say whom we know who may be somebody that is being entered as new.

        :param dict told: what the person told so far: ``name``, ``email``, ``phone``, ``zip``,
            ``other``
        :return: list as of the candidates on the caller card, only those that are likely
        """
        identity = self.env["customer.service.identity"]
        identity.check_access("read")
        told = {name: str(told.get(name) or "") for name in _TOLD}
        found = identity._candidates_of(told, self.env.company)
        return [candidate for candidate in found if candidate["likely"]]

    @api.model
    def _phone_desk_picklist(self, model_name):
        """Return the entries of a picklist in the shop's order."""
        return self.env[model_name].search_read(
            [], ["name", "is_other"], limit=_MOST_WORDS, load=None
        )

    @api.model
    def _phone_desk_teams(self):
        return self.env["customer.service.team"].search_read(
            [], ["name"], limit=_MOST_WORDS, load=None
        )

    @api.model
    def _phone_desk_sources(self):
        """Return the usual sources of a contact, each with what it presets."""
        names = ["name", "is_other", "campaign_id", "medium_id", "source_id"]
        return self.env["customer.service.contact.source"].search_read(
            [], names, limit=_MOST_WORDS, load=None
        )

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerServiceCaseSender(models.AbstractModel):
    """Who wrote a mail whose address leads to more than one customer: an agent says so.

    It is the further address of one and the main one of another, who may have signed up with it,
    or the main one of both. A guess would show the one what the other wrote, so such a mail is
    an unregistered person's until somebody says whose it is.
    """

    _name = "customer.service.case.sender"
    _description = "Sender of a Case"

    sender_choice = fields.Json(
        "Who Wrote", compute="_compute_sender_choice", groups="base.group_user"
    )

    @api.depends("partner_id", "identity_id")
    @api.depends_context("uid")
    def _compute_sender_choice(self):
        for case in self:
            case.sender_choice = case._owners_to_choose_from()

    def _owners_to_choose_from(self):
        """Return the customers with the address of an unregistered person, for the agent.

        :return: dict of the ``address`` and ``owners``, each with ``id``, ``name``, ``detail`` and
            ``is_main``; False where nothing is to be decided
        """
        self.ensure_one()
        person = self.identity_id
        if self.partner_id or not person.has_candidates or not person.email:
            return False
        owners = person._registered_with(person.email, self.company_id)
        return owners and {
            "address": person.email_normalized,
            "owners": [owner._sender_values(person.email) for owner in owners],
        }

    def action_choose_sender(self, partner_id):
        """Record for good which of the customers with the address wrote.

        The case and whatever else the address brought moves there; the log of matches keeps who
        said so, and a supervisor can take it back there.

        :param int partner_id: one of those who were offered
        :raise UserError: it is none of them any more
        """
        self.ensure_one()
        self.check_access("write")
        choice = self._owners_to_choose_from()
        if not choice or partner_id not in [owner["id"] for owner in choice["owners"]]:
            raise UserError(self.env._("This was decided meanwhile. Reload the page."))
        return self.identity_id.action_become(partner_id)

    def action_choose_no_sender(self):
        """Say that somebody else wrote: this is not asked again for this person."""
        self.ensure_one()
        self.check_access("write")
        return self.identity_id.action_no_candidate()

    # ------------------------------------------------------------------------------------------
    # Incoming mail
    # ------------------------------------------------------------------------------------------

    def _sender_among_owners(self, found, mail, company):
        """Return the contact who wrote a mail, nobody where that is for an agent to say.

        Of several customers with the address it is the one who takes part in this case, else the
        one who was said to be the sender before. The name in a mail proves nothing.

        :param res.partner found: the contact that the host found by the address, or none
        :param ReadMail mail: the mail
        :param res.company company: whose customers count
        """
        if found and not found.partner_share:
            return found  # one of us, who is found by no further address
        identity = self.env["customer.service.identity"].sudo()  # sudo: the gateway may see few
        owners = identity._registered_with(mail.sender_address, company).filtered("partner_share")
        taking_part = (owners | found.sudo()).filtered(self._is_participant) if self else owners[:0]
        if len(owners.commercial_partner_id) < 2:
            is_of_here = found.company_id in (company, company.browse()) or found in taking_part
            return found if is_of_here else owners[:1].with_env(self.env)
        known = identity._find_person({"email": mail.sender_address}, company).partner_id
        for likely in (taking_part, owners & known):
            if len(likely.commercial_partner_id) == 1:
                return (likely & found or likely[:1]).with_env(self.env)
        return found.browse()

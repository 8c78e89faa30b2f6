from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    """A customer and their cases."""

    _name = "res.partner"
    _inherit = [
        "customer.service.customer.contact",
        "customer.service.customer.portal",
        "res.partner",
        "customer.service.case.count.mixin",
        "customer.service.lookup.mixin",
    ]

    # Each incoming mail looks its sender up here; the host has no index on it.
    email_normalized = fields.Char(index="btree_not_null")

    case_ids = fields.One2many("customer.service.case", "partner_id", string="Cases")
    birthday = fields.Date(groups="base.group_user")
    contact_point_ids = fields.One2many(
        "customer.service.contact.point",
        "partner_id",
        string="Further Addresses and Numbers",
        groups="base.group_user",
    )
    further_email_ids = fields.One2many(
        "customer.service.contact.point",
        "partner_id",
        string="Further Emails",
        domain=[("kind", "=", "email")],
        groups="base.group_user",
    )
    further_phone_ids = fields.One2many(
        "customer.service.contact.point",
        "partner_id",
        string="Further Phones",
        domain=[("kind", "=", "phone")],
        groups="base.group_user",
    )
    sticky_note_ids = fields.One2many(
        "customer.service.sticky.note",
        "partner_id",
        string="Sticky Notes",
        groups="customer_service.group_agent",
    )
    portal_company_cases = fields.Boolean(
        "Sees All Requests of the Company",
        help="In the portal this person sees the requests of everybody in the company, "
        "not only their own.",
    )

    @api.model
    def _lookup_fields(self):
        return {**super()._lookup_fields(), "email": ["email"], "name": ["name"]}

    @api.model
    def _lookup_triggers(self):
        return super()._lookup_triggers() | {"country_id"}

    def _lookup_country(self):
        return self.country_id or super()._lookup_country()

    def _lookup_keys(self):
        keys = super()._lookup_keys()
        # sudo: contact point - keys are written for all of them
        for point in self.sudo().contact_point_ids:
            partner = point.partner_id
            own = keys[partner.id]
            found = getattr(partner, f"_lookup_{point.kind}_keys")(point.value)
            own += [(point.kind, key) for key in found if (point.kind, key) not in own]
        return keys

    @api.model
    def _case_groupby(self):
        return ["commercial_partner_id", *super()._case_groupby()]

    def _case_domain(self):
        # A company has the cases of all its contacts; an archived contact still has its own.
        return super()._case_domain() | Domain("commercial_partner_id", "in", self.ids)

    def _compute_application_statistics_hook(self):
        statistics = super()._compute_application_statistics_hook()
        if self.env.user.has_group("customer_service.group_agent"):
            for partner in self.filtered("open_case_count"):
                statistics[partner.id].append(
                    {
                        "iconClass": "fa-life-ring",
                        "value": partner.open_case_count,
                        "label": self.env._("Open Cases"),
                        "tagClass": "o_tag_color_3",
                    }
                )
        return statistics

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        self.env["customer.service.identity"]._note_to_propose(partners)
        return partners

    def unlink(self):
        self.env["customer.service.identity"]._forget_to_propose(self)
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cases_or_orders(self):
        cases = self._count_by_customer("customer.service.case")
        orders = self._count_by_customer("sale.order")
        for partner in self:
            if partner.id in cases or partner.id in orders:
                raise UserError(
                    self.env._(
                        "%(customer)s cannot be deleted, there are cases (%(cases)s) and orders "
                        "(%(orders)s) of this customer. Archive the contact instead.",
                        customer=partner.display_name,
                        cases=cases[partner.id],
                        orders=orders[partner.id],
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_agents(self):
        user = self.env.user
        if self.env.su or not user.has_group("customer_service.group_agent"):
            return
        if not user.has_group("customer_service.group_supervisor"):
            raise UserError(
                self.env._(
                    "Only supervisors delete contacts. Archive it, or report it as a duplicate."
                )
            )

    def action_report_duplicate(self):
        """Report this contact, or two that are selected, to the supervisors as one and the same."""
        return self.env["customer.service.duplicate.report"]._action_report(self)

    def _count_by_customer(self, model_name):
        """Count what hangs on these customers, a company having what its contacts have.

        :param str model_name: a model with ``partner_id`` and ``commercial_partner_id``
        :return: a counter by the id of the customer
        """
        domain = Domain("partner_id", "in", self.ids) | Domain(
            "commercial_partner_id", "in", self.ids
        )
        # sudo: case, sale.order - what hangs on a customer counts, whoever may see it
        model = self.env[model_name].sudo().with_context(active_test=False)
        counts = Counter()
        for *customers, count in model._read_group(
            domain, ["partner_id", "commercial_partner_id"], ["__count"]
        ):
            for customer in set(customers):
                counts[customer.id] += count
        return counts

    def write(self, vals):
        result = super().write(vals)
        if "portal_company_cases" in vals or self._moves_portal_users(vals):
            # The record rule reads this, and the host keeps evaluated rules.
            self.env.registry.clear_cache()
        if not vals.keys().isdisjoint(self._fields_to_know_people_by()):
            self.env["customer.service.identity"]._note_to_propose(self)
        return result

    @api.model
    def _fields_to_know_people_by(self):
        """Return the names of the fields by which an unregistered person may be this contact."""
        return self._lookup_triggers() | {"active", "company_id"}

    def _moves_portal_users(self, vals):
        """Tell whether writing these values puts somebody who logs in into another company."""
        if vals.keys().isdisjoint({"parent_id", "is_company"}):
            return False
        # sudo: res.users - whether there is one
        users = self.env["res.users"].sudo()
        return bool(users.search_count([("partner_id", "child_of", self.ids)], limit=1))

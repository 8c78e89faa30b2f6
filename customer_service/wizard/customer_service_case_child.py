from odoo import api, fields, models
from odoo.exceptions import UserError


def _of_case(field, *arguments, **attributes):
    """Return a field that starts with what the parent has, and may be changed in the form."""
    return field(
        *arguments,
        compute="_compute_from_case",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        **attributes,
    )


class CustomerServiceCaseChild(models.TransientModel):
    """A new child of a case, empty or with the content of its parent."""

    _name = "customer.service.case.child"
    _description = "New Child of a Case"
    _inherit = ["customer.service.sight.mixin"]

    case_id = fields.Many2one(
        "customer.service.case", string="Parent", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id")
    with_content = fields.Boolean(
        help="Order, product, tags, facts and description are taken over, and the conversation "
        "as internal notes. Nobody gets a mail.",
    )
    name = _of_case(fields.Char, "Subject", required=True)
    team_id = _of_case(
        fields.Many2one,
        "customer.service.team",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    type_id = _of_case(fields.Many2one, "customer.service.case.type")
    partner_id = _of_case(
        fields.Many2one,
        "res.partner",
        string="Customer",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=lambda self: self.env["res.users"]._domain_with_role(),
    )
    description = fields.Html("Internal Description")
    is_other_customer = fields.Boolean(compute="_compute_is_other_customer")
    other_customer_agreed = fields.Boolean("Yes, It Is of Another Customer")

    @api.depends("case_id", "with_content")
    def _compute_from_case(self):
        for child in self:
            case = child.case_id
            child.name = case.name if child.with_content else False
            for name in ("team_id", "type_id", "partner_id"):
                child[name] = case[name]

    @api.depends("partner_id", "case_id")
    def _compute_is_other_customer(self):
        for child in self:
            case = child.case_id
            mine = child.partner_id.commercial_partner_id
            same = mine == case.commercial_partner_id if case.commercial_partner_id else not mine
            # A parent of nobody in particular fits to every customer.
            child.is_other_customer = bool(mine and case.customer_label and not same)

    def action_create(self):
        """Make the child and open it.

        :raise UserError: it is of another customer, and nobody said that this is meant
        """
        self.ensure_one()
        if self.is_other_customer and not self.other_customer_agreed:
            raise UserError(self.env._("Confirm that the child is of another customer."))
        self.case_id._check_may_be_parent()
        child = (
            self.env["customer.service.case"]
            .with_context(
                other_customer_agreed=self.is_other_customer, mail_auto_subscribe_no_notify=True
            )
            .create(self._child_values())
        )
        child = self.env["customer.service.case"].browse(child.id)
        if self.with_content:
            self.case_id._copy_history_to(child)
        return child.get_formview_action()

    def _child_values(self):
        """Return the field values of the child."""
        case = self.case_id
        values = case.copy_data()[0] if self.with_content else self._matter_values()
        if self.partner_id != case.partner_id:
            # Whatever belongs to the person of the parent stays there.
            for name in self._person_fields():
                values.pop(name, None)
        if self.partner_id:
            values["partner_id"] = self.partner_id.id
        if self.description:
            values["description"] = self.description
        return {
            **values,
            "parent_id": case.id,
            "name": self.name,
            "team_id": self.team_id.id,
            "type_id": self.type_id.id,
            "user_id": self.user_id.id,
        }

    def _matter_values(self):
        """Return what an empty child has of its parent: the order, and the person."""
        case = self.case_id
        names = ["sale_order_id", "product_id", "channel_id", *self._person_fields()]
        return {
            name: value.id if isinstance(value := case[name], models.BaseModel) else value
            for name in names
        }

    @api.model
    def _person_fields(self):
        """Return the fields of a case that belong to its person."""
        return [
            "partner_id",
            "identity_id",
            "partner_name",
            "email_from",
            "email_cc",
            "phone",
            "lang",
            "sale_order_id",
        ]

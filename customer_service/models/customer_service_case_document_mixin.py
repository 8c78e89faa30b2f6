from odoo import api, fields, models


class CustomerServiceCaseDocumentMixin(models.AbstractModel):
    """A document that was made for a customer from their case: a quotation, a credit note.

    Which case it was is nobody's to write but the case's own, see
    ``customer.service.case.documents``. Its name is not shown to agents who may not see it.
    """

    _name = "customer.service.case.document.mixin"
    _description = "Document Made from a Case"
    _inherit = ["customer.service.kept.mixin"]

    customer_service_case_id = fields.Many2one(
        "customer.service.case",
        string="Made from Case",
        readonly=True,
        kept=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="customer_service.group_supervisor",
    )
    is_from_customer_service = fields.Boolean(
        "Made from a Case",
        compute="_compute_is_from_customer_service",
        groups="customer_service.group_agent",
    )

    @api.depends("customer_service_case_id")
    @api.depends_context("uid")
    def _compute_is_from_customer_service(self):
        # sudo: document - the case is shown to those who may read it
        cases = self.sudo().customer_service_case_id.sudo(False)
        readable = set(cases._filtered_access("read")._ids)
        for document in self:
            case = document.sudo().customer_service_case_id
            document.is_from_customer_service = case.id in readable

    def action_open_customer_service_case(self):
        """Open the case that this document was made from.

        :raise AccessError: the user may not read it
        """
        self.ensure_one()
        # sudo: document - which case it is; its own rights are checked here
        case = self.sudo().customer_service_case_id.sudo(False)
        case.check_access("read")
        return case.get_formview_action()

    def _case_document_values(self):
        """Return what a case shows of one document made from it.

        :return: dict with ``model``, ``id``, ``name``, ``kind``, ``state`` (words), ``amount``
            (formatted, or False)
        """
        self.ensure_one()
        return {
            "model": self._name,
            "id": self.id,
            "name": self._case_document_name(),
            "kind": self._case_document_kind(),
            "state": self._case_document_state(),
            "amount": False,
        }

    def _case_document_name(self):
        """Return how this document is called where others read it too."""
        self.ensure_one()
        return self.display_name

    def _case_document_kind(self):
        """Return what kind of document this is, in words."""
        self.ensure_one()
        return self.env["ir.model"]._get(self._name).name

    def _case_document_state(self):
        """Return how far a document is, in words."""
        self.ensure_one()
        state = self._fields.get("state")
        if not state or state.type != "selection":
            return ""
        return dict(state._description_selection(self.env)).get(self.state, "")

from odoo import api, fields, models
from odoo.tools import SQL


class CustomerServiceCaseDocuments(models.AbstractModel):
    """The documents that were made from a case: quotations, credit notes, whatever apps add."""

    _name = "customer.service.case.documents"
    _description = "Documents Made from a Case"

    documents = fields.Json(compute="_compute_documents", groups="base.group_user")

    @api.model
    def _document_models(self):
        """Return the names of the models with ``customer.service.case.document.mixin``."""
        return ["sale.order", "account.move"]

    @api.depends_context("uid", "lang")
    def _compute_documents(self):
        found = {case_id: [] for case_id in self.ids}
        for name, cases in self._documents_made().items():
            # What the user may not read is left out.
            for document in self.env[name].browse(cases)._filtered_access("read"):
                found[cases[document.id]].append(document._case_document_values())
        for case in self:
            case.documents = found.get(case._origin.id, [])

    def _documents_made(self):
        """Return what was made from these cases, archived or not: one query for all models.

        :return: ``{model: {id of the document: id of the case}}``, the newest first
        """
        parts = []
        for name in self._document_models():
            # sudo: document - which were made; who may read them is looked at afterwards
            model = self.env[name].sudo().with_context(active_test=False)
            query = model._search([("customer_service_case_id", "in", self.ids)])
            case_id = model._field_to_sql(model._table, "customer_service_case_id", query)
            document_id = SQL.identifier(model._table, "id")
            parts.append(query.select(SQL("%s AS model", name), document_id, case_id))
        made = {}
        if self.ids and parts:
            rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
            for name, document_id, case_id in sorted(rows, reverse=True):
                made.setdefault(name, {})[document_id] = case_id
        return made

    def _link_document(self, document):
        """Note on both sides that a document was made from this case.

        :param document: one record with ``customer.service.case.document.mixin``
        :raise AccessError: the user may not change the case, or not read the document
        """
        self.ensure_one()
        self.check_access("write")
        document.check_access("read")
        # sudo: document - which case it was made from is kept by the case itself
        document.sudo().customer_service_case_id = self
        self.env["customer.service.timeline.entry"]._note_made(document.sudo(), self)
        self._message_log(
            body=self.env._(
                "%(kind)s %(document)s was made from this case.",
                kind=document._case_document_kind(),
                document=document._get_html_link(title=document._case_document_name()),
            )
        )
        document._message_log(
            body=self.env._("Made from case %(number)s.", number=self.number),
        )

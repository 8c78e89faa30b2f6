import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What was made from a case: quotations, credit notes and so on, each a link to itself. */
export class DocumentsField extends Component {
    static template = "customer_service.DocumentsField";
    static props = { ...standardFieldProps };

    setup() {
        this.actionService = useService("action");
        this.orm = useService("orm");
    }

    get documents() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(document) {
        // What was changed in the case is kept; the server knows which form this user may see.
        if (await this.props.record.save()) {
            const action = await this.orm.call(document.model, "get_formview_action", [[document.id]]);
            await this.actionService.doAction(action);
        }
    }
}

registry.category("fields").add("customer_service_documents", {
    component: DocumentsField,
    displayName: _t("Made from This Case"),
    supportedTypes: ["json"],
});

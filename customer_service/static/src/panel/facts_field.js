import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The facts that the shop wants to see: a label and a value each. */
export class FactsField extends Component {
    static template = "customer_service.FactsField";
    static props = { ...standardFieldProps };

    get facts() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const factsField = {
    component: FactsField,
    displayName: _t("Facts"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_service_facts", factsField);

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Alerts } from "./alerts";

/** The alerts of a case, or the preview of one. */
export class AlertsField extends Component {
    static template = "customer_service.AlertsField";
    static components = { Alerts };
    static props = { ...standardFieldProps, hotkey: { type: String, optional: true } };

    get alerts() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const alertsField = {
    component: AlertsField,
    displayName: _t("Alerts"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ hotkey: options.hotkey }),
};

registry.category("fields").add("customer_service_alerts", alertsField);

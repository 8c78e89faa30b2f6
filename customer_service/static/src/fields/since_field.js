import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A moment as the time that has passed since; the exact moment is shown on hover. */
export class SinceField extends Component {
    static template = "customer_service.SinceField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get relative() {
        return this.value.toRelative({ style: "short" });
    }

    get exact() {
        return formatDateTime(this.value);
    }
}

export const sinceField = {
    component: SinceField,
    displayName: _t("Time Passed Since"),
    supportedTypes: ["datetime"],
};

registry.category("fields").add("customer_service_since", sinceField);

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Hours, shown and typed as minutes. */
export class MinutesField extends Component {
    static template = "customer_service.MinutesField";
    static props = { ...standardFieldProps };

    setup() {
        useInputField({ getValue: () => String(this.minutes), parse: (text) => this.parse(text) });
    }

    get minutes() {
        return Math.round((this.props.record.data[this.props.name] || 0) * 60);
    }

    get label() {
        return formatMinutes(this.props.record.data[this.props.name]);
    }

    parse(text) {
        const minutes = Number(text.trim().replace(",", "."));
        if (!Number.isFinite(minutes) || minutes < 0) {
            throw new Error(_t("Enter a number of minutes."));
        }
        return minutes / 60;
    }
}

/**
 * @param {number} hours
 * @returns {string} in minutes; less than one minute is not nothing
 */
export function formatMinutes(hours) {
    if (hours > 0 && hours * 60 < 1) {
        return _t("< 1 min");
    }
    return _t("%(minutes)s min", { minutes: Math.round((hours || 0) * 60) });
}

export const minutesField = {
    component: MinutesField,
    displayName: _t("Minutes"),
    supportedTypes: ["float"],
};

registry.category("fields").add("customer_service_minutes", minutesField);
registry.category("formatters").add("customer_service_minutes", (value) => formatMinutes(value));

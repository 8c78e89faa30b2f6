import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** People are called between these hours of their own day. */
const MORNING = 8;
const EVENING = 21;

/** What time it is where the customer lives, from the name of a time zone. */
export class LocalTimeField extends Component {
    static template = "customer_service.LocalTimeField";
    static props = { ...standardFieldProps };

    get zone() {
        return this.props.record.data[this.props.name];
    }

    get moment() {
        const moment = this.zone && DateTime.now().setZone(this.zone);
        return moment && moment.isValid ? moment : null;
    }

    get now() {
        return this.moment?.toLocaleString(DateTime.TIME_SIMPLE);
    }

    get isNight() {
        return this.moment.hour < MORNING || this.moment.hour >= EVENING;
    }
}

export const localTimeField = {
    component: LocalTimeField,
    displayName: _t("Local Time"),
    supportedTypes: ["selection", "char"],
};

registry.category("fields").add("customer_service_local_time", localTimeField);

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What a merge moves, and who is in copy of the answers afterwards. */
export class MergeSummaryField extends Component {
    static template = "customer_service.MergeSummaryField";
    static props = { ...standardFieldProps };

    get summary() {
        return this.props.record.data[this.props.name];
    }

    get messages() {
        return _t("%(count)s messages move.", { count: this.summary.messages });
    }
}

registry.category("fields").add("customer_service_merge_summary", {
    component: MergeSummaryField,
    displayName: _t("What a merge moves"),
    supportedTypes: ["json"],
});

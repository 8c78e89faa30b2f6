import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The subject of a case with the first words of its last message beneath. */
export class SubjectField extends Component {
    static template = "customer_service.SubjectField";
    static props = { ...standardFieldProps };

    get subject() {
        return this.props.record.data[this.props.name] || "";
    }

    get preview() {
        return this.props.record.data.last_message_preview || "";
    }

    get isPrivate() {
        return this.props.record.data.last_message_private;
    }
}

export const subjectField = {
    component: SubjectField,
    displayName: _t("Subject and Last Message"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "last_message_preview", type: "char" },
        { name: "last_message_private", type: "boolean" },
    ],
};

registry.category("fields").add("customer_service_subject", subjectField);

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FieldSelectorField, fieldSelectorField } from "@web/views/fields/field_selector/field_selector_field";

/** The host's choice of a field; where it is only read, in words, and small as it is written. */
export class FieldPathField extends FieldSelectorField {
    static template = "customer_service.FieldPathField";

    get words() {
        return this.props.record.data.path_label;
    }
}

export const fieldPathField = {
    ...fieldSelectorField,
    component: FieldPathField,
    displayName: _t("Field in Words"),
    fieldDependencies: [{ name: "path_label", type: "char" }],
};

registry.category("fields").add("customer_service_field_path", fieldPathField);

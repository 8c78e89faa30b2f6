import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { caseRunner } from "./case_runner";

/** The older open case about the same order: attach to it, or say that it is another matter. */
export class ParentSuggestionField extends Component {
    static template = "customer_service.ParentSuggestionField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.run = caseRunner(this.env);
    }

    get other() {
        return this.props.record.data[this.props.name];
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.props.record.resModel,
            res_id: this.other.id,
            views: [[false, "form"]],
        });
    }

    attach() {
        return this.run("action_attach_to_suggested_parent", this.props.record);
    }

    dismiss() {
        return this.run("action_dismiss_parent_suggestion", this.props.record);
    }
}

export const parentSuggestionField = {
    component: ParentSuggestionField,
    displayName: _t("Same Order as Another Case"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_service_parent_suggestion", parentSuggestionField);

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { caseRunner } from "../hierarchy/case_runner";

/** The customers that an address leads to: one click says which of them wrote. */
export class SenderChoiceField extends Component {
    static template = "customer_service.SenderChoiceField";
    static props = { ...standardFieldProps };

    setup() {
        this.run = caseRunner(this.env);
    }

    get choice() {
        return this.props.record.data[this.props.name];
    }

    kind(owner) {
        return owner.is_main ? _t("main address") : _t("further address");
    }

    hint(owner) {
        const moves = _t("The case and all else from this address moves to them, for good");
        return owner.detail ? `${owner.detail}. ${moves}` : moves;
    }

    choose(owner) {
        return this.run("action_choose_sender", this.props.record, owner.id);
    }

    dismiss() {
        return this.run("action_choose_no_sender", this.props.record);
    }
}

export const senderChoiceField = {
    component: SenderChoiceField,
    displayName: _t("Who Wrote"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_service_sender_choice", senderChoiceField);

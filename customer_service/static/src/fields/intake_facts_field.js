import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

let nextId = 1;

/**
 * The facts that are demanded: a tick for each that is known, the box to fill in for each that
 * is missing. Text is typed right here, into the field of the form or among the answers to the
 * shop's own questions; other facts lead to their field.
 *
 * The field itself holds those answers; the list is a JSON field beside it, see
 * `_intake_state` of `customer.service.intake.mixin`.
 */
export class IntakeFactsField extends Component {
    static template = "customer_service.IntakeFactsField";
    static props = {
        ...standardFieldProps,
        facts: String,
        editKnown: { type: Boolean, optional: true },
    };

    setup() {
        this.root = useRef("root");
        this.prefix = `o_customer_service_fact_${nextId++}`;
    }

    get facts() {
        return this.props.record.data[this.props.facts] || [];
    }

    get missingCount() {
        return this.facts.filter((fact) => !fact.known).length;
    }

    /** Whether the fact is typed here: always in a form for it, else only where it is missing. */
    isTyped(fact) {
        return fact.is_text && !this.props.readonly && (this.props.editKnown || !fact.known || !fact.field);
    }

    typed(fact) {
        if (fact.field) {
            return this.props.record.data[fact.field] || "";
        }
        return (this.props.record.data[this.props.name] || {})[fact.id] || "";
    }

    async change(fact, ev) {
        const value = ev.target.value.trim();
        if (fact.field) {
            return this.props.record.update({ [fact.field]: value || false });
        }
        const answers = this.props.record.data[this.props.name] || {};
        return this.props.record.update({ [this.props.name]: { ...answers, [fact.id]: value } });
    }

    /** Go to the field of the form in which a fact is kept. */
    goTo(fact) {
        const form = this.root.el.closest(".o_form_view") || document;
        const field = form.querySelector(`.o_field_widget[name="${fact.field}"]`);
        field?.scrollIntoView({ block: "center" });
        field?.querySelector("input, textarea, [contenteditable=true]")?.focus();
    }
}

export const intakeFactsField = {
    component: IntakeFactsField,
    displayName: _t("Demanded Facts"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ facts: options.facts, editKnown: Boolean(options.edit_known) }),
};

registry.category("fields").add("customer_service_intake_facts", intakeFactsField);

import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Where a case stands on its way up: who was asked what, the answer, and the list of questions
 * to the customer, which is ticked while one speaks with them.
 */
export class EscalationField extends Component {
    static template = "customer_service.EscalationField";
    static props = { ...standardFieldProps };

    setup() {
        this.actionService = useService("action");
        this.orm = useService("orm");
        this.state = useState({ saved: null });
    }

    get card() {
        // What was ticked here is newer than what the form has loaded.
        const { saved } = this.state;
        const loaded = this.props.record.data[this.props.name];
        return saved && loaded && saved.of === loaded ? saved.card : loaded;
    }

    async keep(question, values) {
        const loaded = this.props.record.data[this.props.name];
        const card = await this.orm.call(this.props.record.resModel, "answer_escalation_question", [
            [this.props.record.resId],
            question.id,
            values,
        ]);
        this.state.saved = { of: loaded, card };
    }

    answer(question, ev) {
        const answer = ev.target.value.trim();
        // Whoever writes an answer has asked.
        return this.keep(question, { answer, is_done: question.is_done || Boolean(answer) });
    }

    /** Call an action of the escalation, open what it returns, and show the case as it is then. */
    async run(method) {
        if (!(await this.props.record.save())) {
            return;
        }
        const model = method === "action_escalate" ? this.props.record.resModel : "customer.service.escalation";
        const id = method === "action_escalate" ? this.props.record.resId : this.card.id;
        const action = await this.orm.call(model, method, [[id]]);
        if (action && action !== true) {
            await this.actionService.doAction(action, { onClose: () => this.reload() });
        } else {
            await this.reload();
        }
    }

    reload() {
        return this.actionService.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    }
}

export const escalationField = {
    component: EscalationField,
    displayName: _t("Escalation"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_service_escalation", escalationField);

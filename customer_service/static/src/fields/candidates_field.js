import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How a candidate of each model is confirmed, and what the model is called. */
const MODELS = {
    "res.partner": { method: "action_become", label: _t("Customer") },
    "customer.service.identity": { method: "action_same_as", label: _t("Unregistered") },
};

/**
 * Who an unregistered person may be: the agent ticks one, or says that it is none of them.
 *
 * The server looked when the form was opened; each candidate comes with the reason in words.
 */
export class CandidatesField extends Component {
    static template = "customer_service.CandidatesField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ chosen: null, isBusy: false });
    }

    get candidates() {
        const found = this.props.record.data[this.props.name] || [];
        return found.map((candidate) => ({
            ...candidate,
            key: `${candidate.model},${candidate.id}`,
            kind: MODELS[candidate.model].label,
        }));
    }

    /** The one that is ticked: what the agent chose, else the one that is certain. */
    get chosen() {
        const { candidates } = this;
        return candidates.find(({ key }) => key === this.state.chosen) || candidates.find(({ certain }) => certain);
    }

    get isProposed() {
        return this.props.record.data.has_candidates;
    }

    choose(candidate) {
        this.state.chosen = candidate.key;
    }

    async open(candidate) {
        const action = await this.orm.call(candidate.model, "get_formview_action", [[candidate.id]]);
        await this.action.doAction(action);
    }

    async confirm() {
        const { chosen } = this;
        await this.call(MODELS[chosen.model].method, chosen.id);
    }

    async dismiss() {
        await this.call("action_no_candidate");
    }

    /** Call a method of the person once, however often the button is pressed, and show what became of it. */
    async call(method, ...args) {
        const { record } = this.props;
        if (this.state.isBusy || !(await record.save())) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this.orm.call(record.resModel, method, [[record.resId], ...args]);
        } finally {
            this.state.isBusy = false;
            await record.load();
        }
    }
}

export const candidatesField = {
    component: CandidatesField,
    displayName: _t("Who This May Be"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "has_candidates", type: "boolean" }],
};

registry.category("fields").add("customer_service_candidates", candidatesField);

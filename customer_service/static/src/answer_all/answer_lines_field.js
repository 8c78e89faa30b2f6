import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { AnswerPreview } from "./answer_preview";

/** How often the screen looks how far the sending is, in milliseconds. */
const LOOK_EVERY = 2000;

const BADGES = {
    waiting: "text-bg-info",
    sent: "text-bg-success",
    skipped: "text-bg-secondary",
    failed: "text-bg-danger",
};

/** The cases of an answer to several: ticked before it is sent, with what became of each after it. */
export class AnswerLinesField extends Component {
    static template = "customer_service.AnswerLinesField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.state = useState({ isBusy: false });
        useEffect(
            (isRunning) => {
                this.timer = isRunning && browser.setInterval(() => this.look(), LOOK_EVERY);
                return () => browser.clearInterval(this.timer);
            },
            () => [this.data.state === "running"],
        );
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get data() {
        return this.props.record.data;
    }

    get isDraft() {
        return this.data.state === "draft";
    }

    get records() {
        return this.data[this.props.name].records;
    }

    get choosable() {
        return this.records.filter((line) => !line.data.reason);
    }

    get chosen() {
        return this.records.filter((line) => line.data.is_chosen && !line.data.reason);
    }

    get all() {
        return _t("Choose all");
    }

    get none() {
        return _t("Choose none");
    }

    get unknown() {
        return _t("Unknown");
    }

    get isAllChosen() {
        return this.chosen.length === this.choosable.length;
    }

    get percent() {
        const { line_count: all, waiting_count: waiting } = this.data;
        return all ? Math.round((100 * (all - waiting)) / all) : 100;
    }

    badge(line) {
        return BADGES[line.data.state];
    }

    stateName(line) {
        const choice = line.fields.state.selection.find(([value]) => value === line.data.state);
        return choice?.[1];
    }

    language(line) {
        const { languages } = this.data.choices || { languages: [] };
        return languages.length > 1 && languages.find(({ code }) => code === line.data.lang)?.name;
    }

    choose(line, isChosen) {
        return line.update({ is_chosen: isChosen });
    }

    async chooseAll(isChosen) {
        for (const line of this.choosable) {
            await this.choose(line, isChosen);
        }
    }

    preview(line) {
        const { record } = this.props;
        const lines = this.chosen.includes(line) ? this.chosen : [line];
        this.dialog.add(AnswerPreview, {
            answerId: record.resId,
            texts: this.data.texts || {},
            withGreeting: this.data.with_greeting,
            lines: lines.map(({ resId, data }) => ({
                id: resId,
                name: `${data.case_number} ${data.customer_label || _t("Unknown")}`,
            })),
            start: lines.indexOf(line),
        });
    }

    async open(line) {
        const action = await this.orm.call("customer.service.case", "get_formview_action", [[line.data.case_id.id]]);
        await this.action.doAction(action);
    }

    async retry(line) {
        this.state.isBusy = true;
        try {
            await this.orm.call(line.resModel, "action_retry", [[line.resId]]);
        } finally {
            this.state.isBusy = false;
            await this.props.record.load();
        }
    }

    async look() {
        if (this.isLooking) {
            return;
        }
        this.isLooking = true;
        try {
            await this.props.record.load();
        } finally {
            this.isLooking = false;
        }
    }
}

export const answerLinesField = {
    component: AnswerLinesField,
    displayName: _t("Cases of an Answer"),
    supportedTypes: ["one2many"],
    useSubView: true,
};

registry.category("fields").add("customer_service_answer_lines", answerLinesField);

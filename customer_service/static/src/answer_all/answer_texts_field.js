import { Component, useRef } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

let nextId = 1;

/**
 * The text of an answer to several cases, once for each language among those who are to get it.
 * Where nothing is written for a language, it says which text is sent instead.
 */
export class AnswerTextsField extends Component {
    static template = "customer_service.AnswerTextsField";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
        this.prefix = `o_customer_service_answer_text_${nextId++}`;
    }

    get texts() {
        return this.props.record.data[this.props.name] || {};
    }

    get choices() {
        return this.props.record.data.choices || { languages: [], placeholders: [] };
    }

    get placeholder() {
        return _t("Write to the customers…");
    }

    /** How many of the chosen cases are answered in a language. */
    countOf(code) {
        const lines = this.props.record.data.line_ids.records;
        return lines.filter(({ data }) => data.is_chosen && !data.reason && data.lang === code).length;
    }

    /** The languages of those who are chosen, and those in which something is written. */
    get languages() {
        const { languages } = this.choices;
        const used = languages.filter(({ code }) => this.countOf(code) || this.isWritten(code));
        return used.length ? used : languages.slice(0, 1);
    }

    isWritten(code) {
        const entry = this.texts[code] || {};
        return Boolean((entry.text || "").trim() || entry.template_id);
    }

    /** The language that is sent in place of one for which nothing is written. */
    insteadOf(code) {
        const fallback = this.choices.languages.find((language) => this.isWritten(language.code));
        return !this.isWritten(code) && this.countOf(code) && fallback;
    }

    text(code) {
        return this.texts[code]?.text || "";
    }

    update(code, values) {
        const { name, record } = this.props;
        return record.update({ [name]: { ...this.texts, [code]: { ...this.texts[code], ...values } } });
    }

    chooseTemplate(code, ev) {
        return this.update(code, { template_id: Number(ev.target.value) || false });
    }

    /** Put something in where the cursor is. */
    async insert(code, text) {
        const area = this.root.el.querySelector(`#${this.prefix}_${code}`);
        const { selectionEnd: end, selectionStart: start, value } = area;
        const before = value.slice(0, start);
        const begun = before + (/\S$/.test(before) ? " " : "") + text;
        await this.update(code, { text: begun + value.slice(end) });
        area.value = this.text(code);
        area.focus();
        area.setSelectionRange(begun.length, begun.length);
    }
}

export const answerTextsField = {
    component: AnswerTextsField,
    displayName: _t("Texts of an Answer by Language"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "choices", type: "json" }],
};

registry.category("fields").add("customer_service_answer_texts", answerTextsField);

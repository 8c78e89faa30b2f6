import { FeffPlugin } from "@html_editor/main/feff_plugin";
import { ColorPlugin } from "@html_editor/main/font/color_plugin";
import { HintPlugin } from "@html_editor/main/hint_plugin";
import { LinkPastePlugin } from "@html_editor/main/link/link_paste_plugin";
import { LinkPlugin } from "@html_editor/main/link/link_plugin";
import { ListPlugin } from "@html_editor/main/list/list_plugin";
import { TabulationPlugin } from "@html_editor/main/tabulation_plugin";
import { PlaceholderPlugin } from "@html_editor/main/placeholder_plugin";
import { ToolbarPlugin } from "@html_editor/main/toolbar/toolbar_plugin";
import { ShortCutPlugin } from "@html_editor/core/shortcut_plugin";
import { CORE_PLUGINS } from "@html_editor/plugin_sets";
import { isEmpty } from "@html_editor/utils/dom_info";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What a mail to many can be made of: bold words, lists and links. Pictures go along as files. */
const PLUGINS = [
    ...CORE_PLUGINS,
    ColorPlugin, // links and lists ask for it
    FeffPlugin,
    HintPlugin,
    LinkPastePlugin,
    LinkPlugin,
    ListPlugin,
    PlaceholderPlugin,
    ShortCutPlugin,
    TabulationPlugin,
    ToolbarPlugin,
];

/** @returns {boolean} whether somebody would read something in this HTML */
function hasContent(body) {
    return Boolean(new DOMParser().parseFromString(body || "", "text/html").body.textContent.trim());
}

/**
 * The text of an answer to several cases, once for each language among those who are to get it.
 * Where nothing is written for a language, it says which text is sent instead.
 */
export class AnswerTextsField extends Component {
    static template = "customer_service.AnswerTextsField";
    static components = { Dropdown, DropdownItem, Wysiwyg };
    static props = { ...standardFieldProps };

    setup() {
        /** The editor of each language, by its code. */
        this.editors = {};
    }

    get texts() {
        return this.props.record.data[this.props.name] || {};
    }

    get choices() {
        return this.props.record.data.choices || { languages: [], placeholders: [] };
    }

    /** The chosen cases that are answered in a language. */
    linesOf(code) {
        const lines = this.props.record.data.line_ids.records;
        return lines.filter(({ data }) => data.is_chosen && !data.reason && data.lang === code);
    }

    /** How many of the chosen cases are answered in a language. */
    countOf(code) {
        return this.linesOf(code).length;
    }

    /** The languages of those who are chosen, and those in which something is written. */
    get languages() {
        const { languages } = this.choices;
        const used = languages.filter(({ code }) => this.countOf(code) || this.isWritten(code));
        return used.length ? used : languages.slice(0, 1);
    }

    isWritten(code) {
        const entry = this.texts[code] || {};
        return Boolean(hasContent(entry.body) || entry.template_id);
    }

    /** The language that is sent in place of one for which nothing is written. */
    insteadOf(code) {
        const fallback = this.choices.languages.find((language) => this.isWritten(language.code));
        return !this.isWritten(code) && this.countOf(code) && fallback;
    }

    /** What the editor of a language starts with; it keeps its text itself from then on. */
    editorConfig({ code, name }) {
        return {
            content: this.texts[code]?.body || "",
            Plugins: PLUGINS,
            placeholder: _t("Write to the customers…"),
            classList: ["form-control", "o_customer_service_answer_text"],
            onChange: () => this.onChange(code),
            onEditorReady: () => {
                const { editable } = this.editors[code];
                editable.lang = code.replace("@", "-").replaceAll("_", "-");
                editable.setAttribute("aria-label", name);
                editable.setAttribute("role", "textbox");
                editable.setAttribute("aria-multiline", "true");
            },
        };
    }

    onChange(code) {
        const editor = this.editors[code];
        return this.update(code, { body: isEmpty(editor.editable) ? "" : editor.getContent() });
    }

    update(code, values) {
        const { name, record } = this.props;
        return record.update({ [name]: { ...this.texts, [code]: { ...this.texts[code], ...values } } });
    }

    chooseTemplate(code, ev) {
        return this.update(code, { template_id: Number(ev.target.value) || false });
    }

    /** Put something in where the cursor is. */
    insert(code, text) {
        const { editable, shared } = this.editors[code];
        shared.selection.focusEditable();
        const selection = shared.selection.getEditableSelection();
        const before = (selection.startContainer.nodeValue || "").slice(0, selection.startOffset);
        const lines = ((/\S$/.test(before) ? " " : "") + text).split("\n");
        const fragment = editable.ownerDocument.createDocumentFragment();
        for (const [number, line] of lines.entries()) {
            fragment.append(...(number ? [editable.ownerDocument.createElement("br")] : []), line);
        }
        shared.dom.insert(fragment);
        shared.history.addStep();
        shared.selection.focusEditable();
    }
}

export const answerTextsField = {
    component: AnswerTextsField,
    displayName: _t("Texts of an Answer by Language"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "choices", type: "json" }],
};

registry.category("fields").add("customer_service_answer_texts", answerTextsField);

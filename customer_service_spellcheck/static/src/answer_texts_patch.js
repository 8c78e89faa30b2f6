import { AnswerTextsField } from "@customer_service/answer_all/answer_texts_field";
import { toRaw, useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { EditorText } from "./written_text";

const ANSWER_MODEL = "customer.service.answer.all";

/** Record of an answer → the field with its texts, for the button that sends them. */
const fieldsOfAnswers = new WeakMap();

/** The text of an answer to several: what is filled in for each customer is no word of it. */
class TextWithPlaceholders extends EditorText {
    get content() {
        const copy = this.editor.editable.cloneNode(true);
        const walker = copy.ownerDocument.createTreeWalker(copy, window.NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            // As long as before: words are found by their place.
            node.nodeValue = node.nodeValue.replace(/\{\{.*?\}\}/g, (known) => "0".repeat(known.length));
        }
        return { content: copy.innerHTML, html: true };
    }
}

patch(AnswerTextsField.prototype, {
    setup() {
        super.setup();
        this.spelling = useService("customer_service_spellcheck.spelling");
        useEffect(
            (record) => {
                fieldsOfAnswers.set(record, this);
            },
            () => [toRaw(this.props.record)],
        );
    },

    /** A case by which the server knows names and products: one of the language, if there is one. */
    spellingCase({ code }) {
        const lines = this.props.record.data.line_ids.records;
        return (this.linesOf(code)[0] || lines[0]).data.case_id.id;
    },

    spellingText({ code }) {
        return new TextWithPlaceholders(this.editors[code]);
    },

    async checkSpelling(language) {
        const caseId = this.spellingCase(language);
        await this.spelling.check(this.spellingText(language), caseId, language.name, language.code);
    },

    /**
     * Check what is written before it goes to many.
     *
     * @returns {Promise<boolean>} whether to send
     */
    async confirmSpelling() {
        const written = this.languages.filter(({ code }) => this.texts[code]?.body);
        for (const language of written) {
            const caseId = this.spellingCase(language);
            const { before_send: isWanted } = await this.spelling.prepare(caseId).catch(() => ({}));
            const text = this.spellingText(language);
            if (isWanted && !(await this.spelling.confirm(text, caseId, language.name, _t("Send"), language.code))) {
                return false;
            }
        }
        return true;
    },
});

patch(FormController.prototype, {
    async beforeExecuteActionButton(clickParams) {
        const { root } = this.model;
        if (root.resModel === ANSWER_MODEL && clickParams.name === "action_send") {
            const texts = fieldsOfAnswers.get(toRaw(root));
            if (texts && !(await texts.confirmSpelling())) {
                return false;
            }
        }
        return super.beforeExecuteActionButton(...arguments);
    },
});

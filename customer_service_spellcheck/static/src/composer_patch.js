import { CASE_MODEL } from "@customer_service/const";
import "@customer_service/chatter/case_composer";
import { Composer } from "@mail/core/common/composer";
import { registerComposerAction } from "@mail/core/common/composer_actions";
import { status, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { EditorText, PlainText } from "./written_text";

patch(Composer.prototype, {
    setup() {
        super.setup(...arguments);
        this.spelling = useService("customer_service_spellcheck.spelling");
        this.spellingState = useState({ beforeSend: false, checked: true, lang: "", language: "" });
        useEffect(
            () => {
                this.prepareSpelling();
            },
            () => [this.thread?.id, this.props.type],
        );
    },

    /** True while something is written that a customer will read. */
    get isSpellingChecked() {
        return this.thread?.model === CASE_MODEL && this.props.type === "message" && !this.props.composer.message;
    },

    /** The language for the browser's own check, such as pl-PL. */
    get spellingLanguageTag() {
        const lang = this.isSpellingChecked ? this.spellingState.lang : "";
        return lang ? lang.replace("@", "-").replaceAll("_", "-") : undefined;
    },

    get spellingNote() {
        if (!this.isSpellingChecked || this.spellingState.checked) {
            return "";
        }
        return _t(
            "Spelling in %s is checked by your browser only: there is no dictionary for it.",
            this.spellingState.language,
        );
    },

    get spellingText() {
        return this.editor ? new EditorText(this.editor) : new PlainText(this.props.composer);
    },

    /** Learn the language, which has the server load its dictionary before it is needed. */
    async prepareSpelling() {
        if (!this.isSpellingChecked || !this.thread.id) {
            return;
        }
        try {
            const told = await this.spelling.prepare(this.thread.id);
            if (status(this) !== "destroyed") {
                const { before_send: beforeSend, checked, lang, language } = told;
                Object.assign(this.spellingState, { beforeSend, checked, lang, language });
            }
        } catch {
            // An answer can be written all the same; the button says so when it is pressed.
        }
    },

    async checkSpelling() {
        await this.spelling.check(this.spellingText, this.thread.id, this.spellingState.language);
        this.props.composer.autofocus++;
    },

    async beforeSend() {
        if ((await super.beforeSend()) === false) {
            return false;
        }
        if (!this.isSpellingChecked || !this.spellingState.beforeSend || !this.spellingState.checked) {
            return true;
        }
        const isSent = await this.spelling.confirm(
            this.spellingText,
            this.thread.id,
            this.spellingState.language,
            this.SEND_TEXT,
        );
        if (!isSent) {
            this.props.composer.autofocus++;
        }
        return isSent;
    },
});

registerComposerAction("customer-service-check-spelling", {
    condition: ({ owner }) => owner.isSpellingChecked && owner.spellingState.checked,
    disabledCondition: ({ owner }) => owner.isSendButtonDisabled,
    icon: "fa fa-check-square-o",
    name: _t("Check spelling"),
    onSelected: ({ owner }) => owner.checkSpelling(),
    sequence: 25,
});

import { Composer } from "@mail/core/common/composer";
import { Composer as ComposerModel } from "@mail/core/common/composer_model";
import { UseSuggestion } from "@mail/core/common/suggestion_hook";
import "@mail/chatter/web_portal/composer_patch";
import { ScheduledDateDialog } from "@mail/views/web/fields/scheduled_date_field/scheduled_date_dialog";
import { markup, onWillUnmount, status, useEffect, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { today } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { normalize } from "@web/core/l10n/utils";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { createDocumentFragmentFromContent, createElementWithContent } from "@web/core/utils/html";
import { markEventHandled } from "@web/core/utils/misc";
import { patch } from "@web/core/utils/patch";
import { CASE_MODEL } from "../const";
import { askAboutProduct } from "./case_product";
import { CasePicker } from "./case_picker";
import { findPlace, textOf, wordsOf } from "./case_text";

/** How many phrases are proposed while one types. */
const SUGGESTED = 8;

patch(ComposerModel.prototype, {
    setup() {
        super.setup(...arguments);
        /** The team's default message, as long as it may be all that is written. */
        this.casePrefill = undefined;
    },

    /** True while nothing has been written but what the team's default message put in. */
    get isCasePrefill() {
        if (!this.casePrefill) {
            return false;
        }
        const written = wordsOf(this.composerText);
        return written === this.casePrefill.words || written === wordsOf(this.casePrefill.text);
    },
});

patch(Composer.prototype, {
    setup() {
        super.setup(...arguments);
        this.caseAnswers = useService("customer_service.answers");
        this.caseOrm = useService("orm");
        this.caseDialog = useService("dialog");
        this.caseNotification = useService("notification");
        this.casePicker = usePopover(CasePicker, {
            popoverClass: "o_customer_service_picker",
            position: "bottom-end",
        });
        // Seconds to undo: undefined until the server has told.
        this.caseData = useState({ templates: [], phrases: [], undoSeconds: undefined });
        useEffect(
            () => {
                this.startOnCase();
            },
            () => [this.props.type, this.thread?.id],
        );
        onWillUnmount(() => this.forgetPrefill());
    },

    /** True while something new is written on a case, not while a message is corrected. */
    get isOnCase() {
        return this.thread?.model === CASE_MODEL && !this.props.composer.message;
    },

    get isAnswerOnCase() {
        return this.isOnCase && this.props.type === "message";
    },

    get SEND_TEXT() {
        const isNarrow = this.ui.isSmall && this.props.type !== "note"; // the clock stands beside it
        if (!this.isOnCase || isNarrow) {
            return super.SEND_TEXT;
        }
        return this.props.type === "note" ? _t("Save internal note") : _t("Send to customer");
    },

    get placeholder() {
        if (!this.isOnCase || this.props.placeholder) {
            return super.placeholder;
        }
        return this.props.type === "note" ? _t("Only colleagues read this…") : _t("Write to the customer…");
    },

    // ------------------------------------------------------------------
    // What an answer starts with
    // ------------------------------------------------------------------

    async startOnCase() {
        if (!this.isOnCase || !this.thread.id) {
            return;
        }
        if (this.props.type !== "message") {
            this.forgetPrefill();
        }
        const data = await this.caseOrm.silent.call(CASE_MODEL, "composer_data", [[this.thread.id]]);
        if (status(this) === "destroyed") {
            return;
        }
        Object.assign(this.caseData, {
            phrases: data.phrases,
            productToVerify: data.product_to_verify,
            templates: data.templates,
            undoSeconds: data.undo_seconds,
        });
        if (data.warning && this.isAnswerOnCase) {
            this.caseNotification.add(data.warning, { type: "warning" });
        }
        // What the agent has begun stays, a draft of yesterday too.
        if (data.prefill && this.isAnswerOnCase && this.isBlank) {
            this.prefill(data.prefill);
        }
    },

    get isBlank() {
        const { attachments, composerText } = this.props.composer;
        return !composerText.trim() && !attachments.length;
    },

    prefill(html) {
        const composer = this.props.composer;
        const { text, cursor, words } = textOf(html);
        composer.casePrefill = { html, text, words, hasPlace: cursor >= 0 };
        if (this.editor) {
            // markup: rendered and sanitized by the server
            composer.composerHtml = markup(html);
            const place = findPlace(this.editor.editable);
            if (place) {
                this.editor.shared.selection.setCursorStart(place);
            }
        } else {
            composer.composerText = text;
            this.placeCursor(cursor >= 0 ? cursor : text.length);
        }
        composer.autofocus++;
    },

    placeCursor(position) {
        const { composer } = this.props;
        Object.assign(composer.selection, { start: position, end: position, direction: "none" });
        composer.forceCursorMove = true;
    },

    /** Nobody wrote the default message: it is no draft, and must not become a note. */
    forgetPrefill() {
        const { composer } = this.props;
        if (this.isOnCase && composer.isCasePrefill) {
            composer.casePrefill = undefined;
            if (!composer.attachments.length) {
                this.clear();
            }
        }
    },

    saveContent() {
        const { composer } = this.props;
        if (this.isOnCase && composer.isCasePrefill && !this.state.isFullComposerOpen) {
            browser.localStorage.removeItem(composer.localId);
            return;
        }
        return super.saveContent(...arguments);
    },

    formatDefaultBodyForFullComposer(defaultBody, signature = "") {
        const { composer } = this.props;
        if (this.isOnCase && composer.isCasePrefill) {
            // The large composer keeps bold words and links, which the small one cannot show.
            // markup: rendered and sanitized by the server
            defaultBody = markup(composer.casePrefill.html);
        }
        return super.formatDefaultBodyForFullComposer(defaultBody, signature);
    },

    // ------------------------------------------------------------------
    // What can be put in
    // ------------------------------------------------------------------

    /**
     * @param {string} text what is put in where the cursor is
     * @param {{ html?: string, paragraph?: boolean }} [options] the same as HTML; whether it is
     *      text of its own, and not a part of a sentence
     */
    insertOnCase(text, { html, paragraph } = {}) {
        const { composer } = this.props;
        if (this.editor) {
            const content = html
                ? // markup: rendered and sanitized by the server
                  createDocumentFragmentFromContent(markup(html)).body.childNodes
                : createElementWithContent("div", text).childNodes;
            const fragment = document.createDocumentFragment();
            fragment.append(...content);
            this.editor.shared.dom.insert(fragment);
            this.editor.shared.history.addStep();
        } else {
            const { start, end } = this.caseSelection || composer.selection;
            const before = composer.composerText.slice(0, start);
            const after = composer.composerText.slice(end);
            const gap = paragraph ? "\n\n" : " ";
            const isOpen = before && !/\s$/.test(before);
            composer.composerText = before + after;
            composer.insertText((isOpen ? gap : "") + text, start);
        }
        this.caseSelection = undefined;
        composer.isDirty = true;
        composer.autofocus++;
    },

    openCasePicker(ev, props) {
        const target = ev.currentTarget || ev.target;
        const { start, end } = this.props.composer.selection;
        this.caseSelection = { start, end };
        markEventHandled(ev, "composer.clickInsertCannedResponse");
        this.casePicker.open(target, props);
    },

    onClickTemplates(ev) {
        this.openCasePicker(ev, {
            items: this.caseData.templates,
            empty: _t("There is no template for answers of this team yet."),
            search: _t("Search a template…"),
            onSelect: (template) => this.insertTemplate(template),
        });
    },

    async insertTemplate(template) {
        const data = await this.caseOrm.call(CASE_MODEL, "composer_template", [[this.thread.id], template.id]);
        this.store.insert(data.store_data);
        for (const id of data.attachment_ids) {
            this.props.composer.attachments.add({ id });
        }
        this.insertOnCase(textOf(data.body || "").text, { html: data.body, paragraph: true });
    },

    onClickPhrases(ev) {
        const phrases = this.caseData.phrases;
        this.openCasePicker(ev, {
            items: phrases.map(({ id, source, substitution }) => ({
                id,
                name: source,
                text: substitution,
            })),
            empty: _t("There is no phrase for this team and language yet."),
            search: _t("Search a phrase…"),
            onSelect: ({ id, name, text }) => {
                this.props.composer.cannedResponses.push(
                    this.store["mail.canned.response"].insert({ id, source: name }),
                );
                this.insertOnCase(text);
            },
        });
    },

    /** The phrases whose shortcut has what was typed after the colons, nearest first. */
    phrasesLike(term) {
        const typed = normalize(term);
        const place = ({ source }) => normalize(source).indexOf(typed);
        return this.caseData.phrases
            .filter((phrase) => place(phrase) >= 0)
            .sort((one, other) => Math.sign(place(one)) - Math.sign(place(other)))
            .slice(0, SUGGESTED);
    },

    // ------------------------------------------------------------------
    // Sending
    // ------------------------------------------------------------------

    /**
     * What has to be done before something new is sent on a case: an answer or a note.
     * Extend it to look at the text once more; call ``super.beforeSend()`` first.
     *
     * @returns {Promise<boolean>} false to send nothing and leave the text as it is
     */
    async beforeSend() {
        const { composer } = this.props;
        const isEmpty = composer.isCasePrefill && composer.casePrefill.hasPlace;
        if (this.isAnswerOnCase && isEmpty && !composer.attachments.length) {
            this.caseNotification.add(_t("There is only greeting and closing yet. Write your answer between them."), {
                type: "warning",
            });
            composer.autofocus++;
            return false;
        }
        const save = this.env.inChatter?.saveRecord;
        if (save && !(await save())) {
            return false;
        }
        return !this.isAnswerOnCase || (await this.verifyProduct());
    },

    /**
     * Some types demand that one of us has made sure of the product before the first answer.
     *
     * @returns {Promise<boolean>} false where it is not verified
     */
    async verifyProduct() {
        if (!this.caseData.productToVerify) {
            return true;
        }
        const args = [[this.thread.id]];
        const told = await this.caseOrm.call(CASE_MODEL, "product_to_verify", args);
        this.caseData.productToVerify = told;
        if (!told) {
            return true;
        }
        const isVerified = await askAboutProduct(this.caseDialog, told);
        if (isVerified) {
            await this.caseOrm.call(CASE_MODEL, "action_verify_product", args);
            this.caseData.productToVerify = false;
        } else {
            this.props.composer.autofocus++;
        }
        return isVerified;
    },

    async sendMessage() {
        if (!this.isOnCase) {
            return super.sendMessage(...arguments);
        }
        if (this.isBeforeSend) {
            return; // pressed twice
        }
        this.isBeforeSend = true;
        try {
            if ((await this.beforeSend()) === false) {
                return;
            }
            return await super.sendMessage(...arguments);
        } finally {
            this.isBeforeSend = false;
            this.caseSendDate = undefined;
            // Where sending failed the text is still there and can be sent again.
            this.state.active = true;
        }
    },

    async _sendMessage(value, postData) {
        const date = this.caseSendDate;
        const isAtOnce = this.caseData.undoSeconds === 0 && !date;
        if (!this.isAnswerOnCase || isAtOnce) {
            return super._sendMessage(...arguments);
        }
        if (!(await this.caseAnswers.hold(this.thread, value, postData, date))) {
            return super._sendMessage(...arguments);
        }
        this.suggestion?.clearRawMentions();
        this.suggestion?.clearCannedResponses();
        const { composer } = this.props;
        composer.casePrefill = undefined;
        composer.replyToMessage = undefined;
        composer.emailAddSignature = true;
        composer.thread.additionalRecipients = [];
    },

    onClickSendLater(ev) {
        const now = luxon.DateTime.now();
        const morning = today().plus({ days: 1 }).set({ hour: 8 });
        const monday = today()
            .plus({ days: (8 - today().weekday) % 7 || 7 })
            .set({ hour: 8 });
        const inOneHour = now.plus({ hours: 1 });
        const dated = (id, name, date) => ({
            id,
            name,
            date,
            text: date.toLocaleString(luxon.DateTime.DATETIME_MED_WITH_WEEKDAY),
        });
        const items = [dated("hour", _t("In one hour"), inOneHour)];
        items.push(dated("morning", _t("Tomorrow morning"), morning));
        if (!monday.equals(morning)) {
            items.push(dated("monday", _t("Monday morning"), monday));
        }
        items.push({ id: "custom", name: _t("Choose date and time…") });
        this.openCasePicker(ev, {
            items,
            empty: "",
            onSelect: ({ date }) => (date ? this.sendAt(date) : this.chooseSendDate()),
        });
    },

    chooseSendDate() {
        this.caseDialog.add(ScheduledDateDialog, {
            isRemovable: false,
            save: (date) => date && this.sendAt(date),
        });
    },

    async sendAt(date) {
        if (date <= luxon.DateTime.now()) {
            this.caseNotification.add(_t("Choose a time that is yet to come."), {
                type: "warning",
            });
            return;
        }
        this.caseSendDate = date;
        await this.sendMessage();
    },
});

patch(UseSuggestion.prototype, {
    update() {
        if (!this.comp.isOnCase || this.search.delimiter !== "::") {
            return super.update(...arguments);
        }
        const suggestions = this.comp.phrasesLike(this.search.term);
        this.state.items = suggestions.length ? { type: "mail.canned.response", suggestions } : undefined;
    },

    insert(option) {
        if (this.comp.isOnCase && option.cannedResponse) {
            const { id, source } = option.cannedResponse;
            const known = this.comp.store["mail.canned.response"].insert({ id, source });
            option = { ...option, cannedResponse: known };
        }
        return super.insert(option);
    },
});

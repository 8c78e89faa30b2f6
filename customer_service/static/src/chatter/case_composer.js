import { Composer } from "@mail/core/common/composer";
import "@mail/chatter/web_portal/composer_patch";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { CASE_MODEL } from "../const";

patch(Composer.prototype, {
    /** True while something new is written on a case, not while a message is corrected. */
    get isOnCase() {
        return this.thread?.model === CASE_MODEL && !this.props.composer.message;
    },

    get SEND_TEXT() {
        if (!this.isOnCase) {
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

    /**
     * What has to be done before something new is sent on a case: an answer or a note.
     * Extend it to look at the text once more; call ``super.beforeSend()`` first.
     *
     * @returns {Promise<boolean>} false to send nothing and leave the text as it is
     */
    async beforeSend() {
        const save = this.env.inChatter?.saveRecord;
        return !save || (await save());
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
        }
    },
});

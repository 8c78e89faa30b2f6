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

    async sendMessage() {
        const save = this.isOnCase && this.env.inChatter?.saveRecord;
        if (save && !(await save())) {
            return;
        }
        return super.sendMessage(...arguments);
    },
});

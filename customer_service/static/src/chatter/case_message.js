import { Message } from "@mail/core/common/message";
import { Message as MessageModel } from "@mail/core/common/message_model";
import "@mail/core/web/message_model_patch";
import "@mail/core/web_portal/message_patch";
import { fields } from "@mail/core/common/record";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { setSignaturesApart } from "../common/signature";
import { CASE_MODEL } from "../const";
import { hasBlocked, withPictures } from "./remote_content";

/** Types of messages in which a person speaks. */
const SPOKEN = ["comment", "email", "email_outgoing"];

/** "Re:" and the like, and the number of the case that our own answers carry at the end. */
const SUBJECT_PREFIX = /^((re|fw|fwd|odp|aw)\s*:\s*)*/i;
const SUBJECT_NUMBER = /\s*\[[^\]]*\]\s*$/;

patch(MessageModel.prototype, {
    setup() {
        super.setup(...arguments);
        this.customer_service_sender_check = fields.Attr("");
        this.customer_service_machine = fields.Attr("");
        /** True while the server has left out of the body what a browser would load. */
        this.hasBlockedContent = fields.Attr(false, {
            compute() {
                return this.isOnCase && hasBlocked(this.body);
            },
        });
    },

    /** A stranger's name as it is read, not with the quotes that it has in the head of a mail. */
    get authorName() {
        const name = super.authorName;
        return this.isOnCase && name ? name.replace(/^"([^"]*)" </, "$1 <") : name;
    },

    get isOnCase() {
        return this.thread?.model === CASE_MODEL;
    },

    /** True for what colleagues tell each other, and for mail that is only kept. */
    get isCaseNote() {
        return this.isOnCase && this.isNote && SPOKEN.includes(this.message_type) && !this.caseMachine;
    },

    /** How the line of a mail by a machine, ours or another, begins, nothing for what a person wrote. */
    get caseMachine() {
        if (this.isOnCase && this.message_type === "auto_comment") {
            return { icon: "fa-paper-plane-o", label: _t("Sent automatically") };
        }
        if (!this.isOnCase || !this.customer_service_machine) {
            return undefined;
        }
        switch (this.customer_service_machine) {
            case "auto_reply":
                return { icon: "fa-reply-all", label: _t("Automatic reply") };
            case "bounce":
                return { icon: "fa-exclamation-triangle", label: _t("Delivery failure") };
            case "report":
                return { icon: "fa-file-text-o", label: _t("Report of a mail program") };
            case "list":
                return { icon: "fa-list", label: _t("Mailing list") };
            default:
                return { icon: "fa-cog", label: _t("Automatic mail") };
        }
    },

    /** What is known of the sender of a mail: a word, and what it means. */
    get senderBadge() {
        if (!this.isOnCase || this.message_type !== "email") {
            return undefined;
        }
        switch (this.customer_service_sender_check) {
            case "verified":
                return {
                    icon: "fa-check-circle",
                    label: _t("verified sender"),
                    title: _t("The mail servers on the way could prove that this mail is from this address."),
                };
            case "unverified":
                return {
                    icon: "fa-question-circle-o",
                    label: _t("not verified"),
                    title: _t("Nothing proves that this mail is from this address, and nothing speaks against it."),
                };
            case "failed":
                return {
                    icon: "fa-exclamation-triangle",
                    label: _t("sender check failed"),
                    title: _t("This mail may not be from this address. Ask back before you send or change anything."),
                };
        }
        return undefined;
    },

    /** Load what the body refers to, for this message and until the page is loaded again. */
    showPictures() {
        this.body = withPictures(this.body);
    },

    /** True for what the system writes: changes of fields, automatic mail that we send. */
    get isCaseMachine() {
        return this.isOnCase && !SPOKEN.includes(this.message_type);
    },

    /** A mail repeats the subject of the case, with or without its number: once is enough. */
    get isSubjectSimilarToThreadName() {
        if (!this.isOnCase || !this.subject) {
            return super.isSubjectSimilarToThreadName;
        }
        const words = this.subject.replace(SUBJECT_PREFIX, "").replace(SUBJECT_NUMBER, "");
        return (this.thread.display_name || "").endsWith(words.trim());
    },

    /** The host's own forwarding would go to the customer too, and show in the portal. */
    canForward() {
        return !this.isOnCase && super.canForward(...arguments);
    },

    /** A case has one answer: to the customer and everybody in copy. */
    canReplyAll() {
        return !this.isOnCase && super.canReplyAll(...arguments);
    },

    /** What we say is green whoever of us says it, what the customer says is blue. */
    get bubbleColor() {
        const color = super.bubbleColor;
        const isOurs = this.isOnCase && this.author_id?.main_user_id?.share === false;
        return color === "blue" && isOurs ? "green" : color;
    },
});

patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        this.state.isUnfolded = false;
    },

    get attClass() {
        const isMachine = Boolean(this.message.caseMachine);
        return {
            ...super.attClass,
            o_customer_service_internal: this.message.isCaseNote,
            o_customer_service_machine: this.message.isCaseMachine || isMachine,
            o_customer_service_folded: isMachine && !this.state.isUnfolded,
        };
    },

    toggleUnfolded() {
        this.state.isUnfolded = !this.state.isUnfolded;
    },

    /**
     * The host folds quotations behind three dots, which say nothing to whoever does not know them.
     *
     * @override
     */
    prepareMessageBody(bodyEl) {
        if (!bodyEl || !this.message.isOnCase) {
            return super.prepareMessageBody(...arguments);
        }
        setSignaturesApart(bodyEl);
        super.prepareMessageBody(...arguments);
        for (const buttonEl of bodyEl.querySelectorAll(".o-mail-ellipsis")) {
            const label = document.createElement("span");
            label.textContent = _t("Quoted text");
            buttonEl.title = _t("Show or hide the quoted text");
            buttonEl.type = "button";
            buttonEl.append(label);
        }
    },
});

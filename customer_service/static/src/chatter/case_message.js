import { Message } from "@mail/core/common/message";
import { Message as MessageModel } from "@mail/core/common/message_model";
import "@mail/core/web/message_model_patch";
import { patch } from "@web/core/utils/patch";
import { CASE_MODEL } from "../const";

/** Types of messages in which a person speaks. */
const SPOKEN = ["comment", "email", "email_outgoing"];

/** "Re:" and the like, and the number of the case that our own answers carry at the end. */
const SUBJECT_PREFIX = /^((re|fw|fwd|odp|aw)\s*:\s*)*/i;
const SUBJECT_NUMBER = /\s*\[[^\]]*\]\s*$/;

patch(MessageModel.prototype, {
    get isOnCase() {
        return this.thread?.model === CASE_MODEL;
    },

    /** True for what colleagues tell each other, and for mail that is only kept. */
    get isCaseNote() {
        return this.isOnCase && this.isNote && SPOKEN.includes(this.message_type);
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
    get attClass() {
        return {
            ...super.attClass,
            o_customer_service_internal: this.message.isCaseNote,
            o_customer_service_machine: this.message.isCaseMachine,
        };
    },
});

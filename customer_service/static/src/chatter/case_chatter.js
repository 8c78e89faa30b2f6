import { Chatter } from "@mail/chatter/web_portal/chatter";
import "@mail/chatter/web/chatter_patch";
import { onMounted, onPatched, status } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { useBus, useService } from "@web/core/utils/hooks";
import { CASE_MODEL, COMPOSE_EVENT, SENT_EVENT } from "../const";
import { CaseNext } from "./case_next";
import { CaseRecipients } from "./case_recipients";

Object.assign(Chatter.components, { CaseNext, CaseRecipients });

patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        this.caseAnswers = useService("customer_service.answers");
        useBus(this.env.bus, COMPOSE_EVENT, ({ detail }) => this.onCompose(detail));
        useBus(this.env.bus, SENT_EVENT, ({ detail }) => this.onAnswerSent(detail));
        onMounted(() => this.composeWhereAsked());
        onPatched(() => this.composeWhereAsked());
    },

    get isCustomerServiceCase() {
        return this.props.threadModel === CASE_MODEL;
    },

    get childSubEnv() {
        const env = super.childSubEnv;
        // What the form shows as recipients has to be saved before the server sends to them.
        Object.assign(env.inChatter, {
            saveRecord: async () => (await this.props.saveRecord?.()) !== false,
        });
        return env;
    },

    /** Open the composer of a case that was opened for it. */
    composeWhereAsked() {
        const { threadId } = this.props;
        if (this.isCustomerServiceCase && threadId && this.caseAnswers.composeOnShow === threadId) {
            this.caseAnswers.composeOnShow = false;
            this.onCompose({ id: threadId, type: "message" });
        }
    },

    /**
     * Open the composer on demand of a button elsewhere on the page.
     *
     * @param {{ id: number, type: "message"|"note" }} detail which case, and how to write
     */
    async onCompose({ id, type }) {
        if (!this.isCustomerServiceCase || this.props.threadId !== id) {
            return;
        }
        await this.toggleComposer(type, { force: true });
        this.rootRef.el?.scrollIntoView({ behavior: "smooth", block: "start" });
    },

    /** Show an answer that was held until now, and what it changed on the case. */
    async onAnswerSent({ id }) {
        const { record, threadId } = this.props;
        if (!this.isCustomerServiceCase || threadId !== id) {
            return;
        }
        await this.load(this.state.thread, this.afterPostRequestList);
        if (status(this) !== "destroyed" && record && !(await record.isDirty())) {
            await record.load();
        }
    },
});

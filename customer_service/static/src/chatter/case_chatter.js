import { Chatter } from "@mail/chatter/web_portal/chatter";
import "@mail/chatter/web/chatter_patch";
import { patch } from "@web/core/utils/patch";
import { useBus } from "@web/core/utils/hooks";
import { CASE_MODEL, COMPOSE_EVENT } from "../const";
import { CaseRecipients } from "./case_recipients";

Object.assign(Chatter.components, { CaseRecipients });

patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        useBus(this.env.bus, COMPOSE_EVENT, ({ detail }) => this.onCompose(detail));
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
});

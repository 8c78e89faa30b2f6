import { Component, useEffect, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { CASE_MODEL } from "../const";

/** What is unanswered here, and the way to the next case when nothing is. */
export class CaseNext extends Component {
    static template = "customer_service.CaseNext";
    static props = { record: Object, thread: Object };

    setup() {
        this.orm = useService("orm");
        this.store = useService("mail.store");
        this.answers = useService("customer_service.answers");
        this.state = useState({ count: 0, oldestId: false });
        useEffect(
            () => {
                this.load();
            },
            () => [
                this.props.record.resId,
                this.props.record.data.awaiting_reply,
                this.props.thread.newestPersistentMessage?.id,
            ],
        );
    }

    async load() {
        const { resId, data } = this.props.record;
        if (!resId || !data.awaiting_reply) {
            Object.assign(this.state, { count: 0, oldestId: false });
            return;
        }
        const found = await this.orm.silent.call(CASE_MODEL, "unanswered_messages", [[resId]]);
        if (this.props.record.resId === resId) {
            Object.assign(this.state, { count: found.count, oldestId: found.oldest_id });
        }
    }

    showOldest() {
        const { thread } = this.props;
        const message = this.store["mail.message"].insert({ id: this.state.oldestId, thread });
        this.env.messageHighlight?.highlightMessage(message, thread);
    }

    next() {
        return this.answers.next(this.props.record.resId);
    }
}

import { Thread } from "@mail/core/common/thread";
import { Component, onWillStart, useChildSubEnv } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { CASE_MODEL } from "../const";

/** The conversation of a case to read, newest first, wherever it is shown. */
export class CaseConversation extends Component {
    static template = "customer_service.CaseConversation";
    static components = { Thread };
    static props = { caseId: Number };

    setup() {
        this.store = useService("mail.store");
        // As beside a form, but nothing can be done with a message here.
        useChildSubEnv({ inChatter: { aside: true, disabled: true }, messageHighlight: null });
        onWillStart(() => this.thread.fetchNewMessages());
    }

    get thread() {
        return this.store.Thread.insert({ model: CASE_MODEL, id: this.props.caseId });
    }
}

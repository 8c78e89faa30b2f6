import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** What is about to leave, or has just left, at the bottom of every page. */
export class HeldAnswers extends Component {
    static template = "customer_service.HeldAnswers";
    static props = {};

    setup() {
        this.answers = useState(useService("customer_service.answers"));
    }

    async next(answer) {
        await this.answers.next(answer.caseId);
        if (answer.state === "sent") {
            this.answers.forget(answer);
        }
    }
}

registry.category("main_components").add("customer_service.HeldAnswers", { Component: HeldAnswers });

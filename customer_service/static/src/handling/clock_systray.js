import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { CASE_MODEL } from "../const";
import { formatClock } from "./clock_service";

/** The agent's clock in the top bar: what runs, what is paused, and the way to My Day. */
export class ClockSystray extends Component {
    static template = "customer_service.ClockSystray";
    static components = { Dropdown };
    static props = {};

    setup() {
        this.clock = useState(useService("customer_service.clock"));
        this.action = useService("action");
        this.dropdown = useDropdownState();
    }

    get handlings() {
        const { running, paused } = this.clock;
        return running ? [running, ...paused] : paused;
    }

    time(handling) {
        return formatClock(this.clock.seconds(handling));
    }

    /** The clock for those who do not see it: only what changes rarely, so that it is not read out each second. */
    get label() {
        const { running, paused } = this.clock;
        if (running) {
            return running.case_number;
        }
        return paused.length ? String(paused.length) : "";
    }

    openCase({ case_id: caseId }) {
        this.dropdown.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: CASE_MODEL,
            res_id: caseId,
            views: [[false, "form"]],
        });
    }

    openMyDay() {
        this.dropdown.close();
        this.action.doAction("customer_service.customer_service_my_day_action", { clearBreadcrumbs: true });
    }

    async startWithoutCase() {
        await this.clock.startOn(false);
    }
}

if (session.customer_service_clock) {
    registry.category("systray").add("customer_service.ClockSystray", { Component: ClockSystray }, { sequence: 30 });
}

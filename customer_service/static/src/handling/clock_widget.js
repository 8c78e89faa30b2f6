import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatClock } from "./clock_service";

/** The agent's clock on the form of a case: start, pause, stop. */
export class ClockWidget extends Component {
    static template = "customer_service.ClockWidget";
    static props = { ...standardWidgetProps };

    setup() {
        this.clock = useState(useService("customer_service.clock"));
    }

    get handling() {
        return this.clock.ofCase(this.props.record.resId);
    }

    get isRunning() {
        return this.clock.isRunning(this.handling);
    }

    get time() {
        return formatClock(this.clock.seconds(this.handling));
    }

    async start() {
        const { record } = this.props;
        if (await record.save()) {
            await this.clock.startOn(record.resId);
        }
    }

    pause() {
        return this.measured(this.clock.pause(this.handling.id));
    }

    resume() {
        return this.clock.resume(this.handling.id);
    }

    stop() {
        return this.measured(this.clock.stop(this.handling.id));
    }

    /** Show the time that was added, unless something on the form is not saved yet. */
    async measured(change) {
        await change;
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("customer_service_clock", { component: ClockWidget });

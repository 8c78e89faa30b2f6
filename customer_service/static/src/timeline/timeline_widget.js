import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { CASE_MODEL } from "../const";
import { Timeline } from "./timeline";

/** The timeline of the record of a form: a case, a customer or an order. */
export class TimelineWidget extends Component {
    static template = "customer_service.TimelineWidget";
    static components = { Timeline };
    static props = { ...standardWidgetProps };

    /** Whenever something is said or changed, the record is written. */
    get version() {
        return this.props.record.data.write_date?.toISO() || "";
    }

    get customer() {
        const { resModel, data } = this.props.record;
        const customer = resModel === CASE_MODEL && data.commercial_partner_id;
        return customer ? { id: customer.id, name: customer.display_name } : false;
    }
}

registry.category("view_widgets").add("customer_service_timeline", {
    component: TimelineWidget,
    fieldDependencies: [{ name: "write_date", type: "datetime", readonly: true }],
});

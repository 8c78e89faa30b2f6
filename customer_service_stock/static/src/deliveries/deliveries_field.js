import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Colour of the badge of each state of a delivery. */
const STATE_COLORS = { done: "success", assigned: "info", cancel: "secondary" };

/** The deliveries and returns of an order, one a line, each a link to those who may open it. */
export class DeliveriesField extends Component {
    static template = "customer_service_stock.DeliveriesField";
    static props = { ...standardFieldProps };

    setup() {
        this.actionService = useService("action");
        this.orm = useService("orm");
    }

    get deliveries() {
        return (this.props.record.data[this.props.name] || []).map((delivery) => {
            const moment = delivery.done || delivery.promised;
            const date = moment && deserializeDateTime(moment);
            return {
                ...delivery,
                icon: delivery.is_return ? "fa-undo" : "fa-truck",
                kind: delivery.is_return ? _t("Return") : _t("Delivery"),
                color: delivery.late ? "danger" : STATE_COLORS[delivery.state] || "warning",
                date: date ? this.dateLabel(delivery, formatDate(date)) : "",
                exact: date ? formatDateTime(date) : "",
            };
        });
    }

    dateLabel(delivery, date) {
        return delivery.done ? date : _t("due %s", date);
    }

    async open(delivery) {
        const { record } = this.props;
        const action = await this.orm.call(record.resModel, "action_open_delivery", [[record.resId], delivery.id]);
        await this.actionService.doAction(action);
    }
}

registry.category("fields").add("customer_service_deliveries", {
    component: DeliveriesField,
    displayName: _t("Deliveries"),
    supportedTypes: ["json"],
});

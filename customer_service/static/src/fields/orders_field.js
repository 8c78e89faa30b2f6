import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** Colour of the badge of each state of an order. */
const STATE_COLORS = { sale: "success", draft: "info", sent: "info" };

/** The customer's last orders, one a line, each a link to the order itself. */
export class OrdersField extends X2ManyField {
    static template = "customer_service.OrdersField";

    setup() {
        super.setup();
        this.actionService = useService("action");
        this.orm = useService("orm");
    }

    get orders() {
        return this.list.records.map((record) => {
            const { name, date_order: date, amount_total: total, currency_id: currency, state } = record.data;
            return {
                id: record.resId,
                name,
                date: date ? formatDate(date) : "",
                total: formatMonetary(total, { currencyId: currency?.id }),
                state: record.fields.state.selection.find(([value]) => value === state)?.[1],
                color: STATE_COLORS[state] || "secondary",
            };
        });
    }

    async open(order) {
        // The server knows which form of an order this user may see.
        const action = await this.orm.call(this.list.resModel, "get_formview_action", [[order.id]]);
        await this.actionService.doAction(action);
    }
}

export const ordersField = {
    ...x2ManyField,
    component: OrdersField,
    displayName: _t("Last Orders"),
};

registry.category("fields").add("customer_service_orders", ordersField);

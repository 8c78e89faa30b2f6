import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("customer_service_case_menu").add(
    "action_send_payment_link",
    {
        label: _t("Payment Link"),
        title: _t("Mail the customer the link with which they pay the order of this case"),
        icon: "fa-credit-card",
        confirm: _t("Mail the customer the link to pay the order of this case?"),
        confirmLabel: _t("Mail It"),
        isShown: (data) => data.sale_order_id && data.reply_to_customer,
    },
    { sequence: 36 },
);

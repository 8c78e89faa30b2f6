import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("customer_service_case_menu").add(
    "action_void_card",
    {
        label: _t("Void a Gift Card or Coupon"),
        title: _t("One that was made from this case, so that nobody can use it any more"),
        icon: "fa-gift",
        isShown: (data) =>
            (data.documents || []).some((document) => document.model === "loyalty.card" && document.is_valid),
    },
    { sequence: 200 },
);

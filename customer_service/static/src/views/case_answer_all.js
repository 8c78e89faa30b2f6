import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("customer_service_case_menu").add(
    "action_answer_all",
    {
        label: _t("Answer All"),
        title: _t("Write one answer to the customers of all children"),
        icon: "fa-reply-all",
        hotkey: "shift+h",
        isShown: (data) => data.child_count,
    },
    { sequence: 25 },
);

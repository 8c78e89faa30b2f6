import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const mayBeParent = (data) => data.use_hierarchy && !data.parent_number;

registry
    .category("customer_service_case_menu")
    .add(
        "action_attach_to_parent",
        {
            label: _t("Attach to a Parent"),
            title: _t("It is about the same thing as another case"),
            icon: "fa-level-up",
            hotkey: "shift+y",
            isShown: (data) => mayBeParent(data) && !data.child_count,
        },
        { sequence: 50 },
    )
    .add(
        "action_attach_children",
        {
            label: _t("Attach Cases"),
            title: _t("Other cases are about the same thing: they become children of this one"),
            icon: "fa-sitemap",
            isShown: mayBeParent,
        },
        { sequence: 51 },
    )
    .add(
        "action_new_child",
        {
            label: _t("New Child"),
            title: _t("Start a case that belongs to this one"),
            icon: "fa-plus",
            isShown: mayBeParent,
        },
        { sequence: 52 },
    )
    .add(
        "action_clone_as_child",
        {
            label: _t("Clone as a Child"),
            title: _t("Start a child with the content of this case; nobody gets a mail"),
            icon: "fa-clone",
            isShown: mayBeParent,
        },
        { sequence: 53 },
    )
    .add(
        "action_detach",
        {
            label: _t("Detach from the Parent"),
            title: _t("This case stands by itself again"),
            icon: "fa-chain-broken",
            isShown: (data) => data.parent_number,
        },
        { sequence: 54 },
    );

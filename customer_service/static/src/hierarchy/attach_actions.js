import { markup } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { escape } from "@web/core/utils/strings";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { CASE_MODEL } from "../const";

const RELOAD = { type: "ir.actions.client", tag: "soft_reload" };

/** Do what a method answered: ask for a yes, or show the cases as they are now. */
function follow(env, result) {
    return env.services.action.doAction(result && result !== true ? result : RELOAD);
}

/** Let an agent choose cases; those of the same customer or order are shown first. */
async function chooseCases(env, { params }) {
    const { case_id: caseId, mode, title } = params;
    env.services.dialog.add(SelectCreateDialog, {
        resModel: CASE_MODEL,
        title,
        domain: params.domain,
        multiSelect: mode === "children",
        noCreate: true,
        context: { list_view_ref: "customer_service.customer_service_case_view_list_choose" },
        dynamicFilters: [{ description: params.first_label, domain: params.first_domain }],
        onSelected: async (ids) => {
            const [method, chosen] = mode === "children" ? ["attach_children", ids] : ["attach_to_parent", ids[0]];
            await follow(env, await env.services.orm.call(CASE_MODEL, method, [[caseId], chosen]));
        },
    });
}

registry.category("actions").add("customer_service_attach", chooseCases);

/** Cases of several customers come together only if somebody says that this is meant. */
async function confirmOtherCustomer(env, { params }) {
    const others = params.others.map((label) => markup(`<li>${escape(label)}</li>`));
    env.services.dialog.add(ConfirmationDialog, {
        title: _t("Different customers"),
        body: markup(
            `<p>${escape(_t("These are of another customer than %s:", params.parent))}</p>` +
                `<ul>${others.join("")}</ul>` +
                `<p>${escape(_t("No customer sees the case of another one. Attach them all the same?"))}</p>`,
        ),
        confirmLabel: _t("Yes, Attach"),
        confirm: async () => {
            await env.services.orm.call(CASE_MODEL, "attach_to_parent", [params.child_ids, params.parent_id], {
                other_customer_agreed: true,
            });
            await follow(env, true);
        },
        cancel: () => {},
    });
}

registry.category("actions").add("customer_service_attach_confirm", confirmOtherCustomer);

import { registry } from "@web/core/registry";
import { CASE_MODEL } from "../const";

const CLOSE = { type: "ir.actions.act_window_close" };

/** Messages of any age have come or gone: all of them are read anew, not only newer ones. */
function forgetMessages(env, id) {
    const thread = env.services["mail.store"].Thread.get({ id, model: CASE_MODEL });
    if (thread) {
        thread.messages = [];
        thread.isLoaded = false;
    }
}

/**
 * Show a case: read it anew where it is on the screen, go back to it where it stands in the trail
 * of pages that led here, else open it. So no trail names a case twice.
 */
async function showCase(env, { params }) {
    const { action } = env.services;
    const { action: opening, case_id: id, number } = params;
    forgetMessages(env, id);
    const trail = action.currentController?.config.breadcrumbs || [];
    const known = trail.findLast(
        ({ isFormView, name, url }) => isFormView && url.endsWith(`/${id}`) && name?.includes(number),
    );
    if (!known) {
        return opening;
    }
    if (known !== trail.at(-1)) {
        await action.restore(known.jsId);
        return;
    }
    return CLOSE; // whoever opened the dialog, or pressed the button, reads the form anew
}

registry.category("actions").add("customer_service_show_case", showCase);

import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { SIZES } from "@web/core/ui/ui_service";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

/**
 * The host puts the conversation beside the form on very wide screens only. An agent needs
 * both at once, on a laptop too.
 */
const ASIDE_FROM = SIZES.XL;

function asideSize(size) {
    return size >= ASIDE_FROM ? SIZES.XXL : size;
}

export class CaseFormRenderer extends FormRenderer {
    setup() {
        super.setup();
        const ui = this.uiService;
        this.uiService = Object.create(ui, { size: { get: () => asideSize(ui.size) } });
    }
}

export class CaseFormController extends FormController {
    setup() {
        super.setup(...arguments);
        // What was merged into another case stays as it is; the server refuses changes, too.
        useEffect(
            (resId, isMerged) => {
                const { root } = this.model;
                if (root && resId && isMerged === root.isInEdition) {
                    root.switchMode(isMerged ? "readonly" : "edit");
                }
            },
            () => [this.model.root?.resId, Boolean(this.model.root?.data.merged_into_id)],
        );
    }

    get className() {
        const result = super.className;
        if (!this.env.inDialog && asideSize(this.ui.size) === SIZES.XXL) {
            result["o_xxl_form_view h-100"] = true;
        }
        return result;
    }
}

registry.category("views").add("customer_service_case_form", {
    ...formView,
    Controller: CaseFormController,
    Renderer: CaseFormRenderer,
});

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { setSignaturesApart } from "../common/signature";

/**
 * Folds the history that mail programs quote, each stretch where it stands: what somebody wrote
 * between two quotations stays to be read.
 */
export class CaseQuotes extends Interaction {
    static selector = ".o_cs_body";
    static selectorHas = "[data-o-mail-quote]";

    start() {
        setSignaturesApart(this.el);
        for (const stretch of this.stretches()) {
            const detailsEl = document.createElement("details");
            const summaryEl = document.createElement("summary");
            detailsEl.className = "o_cs_quote";
            summaryEl.textContent = _t("Show earlier text");
            stretch[0].before(detailsEl);
            detailsEl.append(summaryEl, ...stretch);
        }
    }

    /**
     * @returns {HTMLElement[][]} quotations, those that follow each other directly together
     */
    stretches() {
        const stretches = [];
        for (const el of this.el.querySelectorAll("[data-o-mail-quote]")) {
            if (el.parentElement.closest("[data-o-mail-quote]")) {
                continue;
            }
            const last = stretches.at(-1);
            if (last && last.at(-1).nextElementSibling === el) {
                last.push(el);
            } else {
                stretches.push([el]);
            }
        }
        return stretches;
    }
}

registry.category("public.interactions").add("customer_service.case_quotes", CaseQuotes);

import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * The exact time behind "two hours ago", in the time zone of whoever looks.
 */
export class CaseDates extends Interaction {
    static selector = ".o_cs_portal time.o_cs_date";

    setup() {
        this.el.title = formatDateTime(luxon.DateTime.fromISO(this.el.dateTime));
    }
}

registry.category("public.interactions").add("customer_service.case_dates", CaseDates);

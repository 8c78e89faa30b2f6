import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";

/** One note, as it sticks there. */
export class StickyNote extends Component {
    static template = "customer_service.StickyNote";
    static props = { note: Object, title: { type: String, optional: true }, slots: { type: Object, optional: true } };

    get ago() {
        return deserializeDateTime(this.props.note.date).toRelative({ style: "short" });
    }

    get exact() {
        return formatDateTime(deserializeDateTime(this.props.note.date));
    }
}

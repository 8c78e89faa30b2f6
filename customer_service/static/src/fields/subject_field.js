import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

const TIME = { hour: "numeric", minute: "2-digit" };
const DAY_AND_TIME = { day: "numeric", month: "short", ...TIME };

/** The subject of a case, what was promised, the first words of its last message, and what is still to be done. */
export class SubjectField extends Component {
    static template = "customer_service.SubjectField";
    static props = { ...standardFieldProps };

    get subject() {
        return this.props.record.data[this.props.name] || "";
    }

    get preview() {
        return this.props.record.data.last_message_preview || "";
    }

    get isPrivate() {
        return this.props.record.data.last_message_private;
    }

    get followUp() {
        return this.props.record.data.follow_up || "";
    }

    /** Number of the parent, where this is a child. */
    get parentNumber() {
        return this.props.record.data.parent_number || "";
    }

    get childCount() {
        return this.props.record.data.child_count || 0;
    }

    get childText() {
        const { open_child_count: open } = this.props.record.data;
        return _t("%(open)s of %(count)s children open", { open: open || 0, count: this.childCount });
    }

    get callBack() {
        return this.props.record.data.call_back_date;
    }

    get callBackIsLate() {
        return this.callBack < DateTime.now();
    }

    get callBackTime() {
        return this.callBack.toLocaleString(this.callBack.hasSame(DateTime.now(), "day") ? TIME : DAY_AND_TIME);
    }

    get callBackExact() {
        return formatDateTime(this.callBack);
    }
}

export const subjectField = {
    component: SubjectField,
    displayName: _t("Subject and Last Message"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "last_message_preview", type: "char" },
        { name: "last_message_private", type: "boolean" },
        { name: "call_back_date", type: "datetime" },
        { name: "follow_up", type: "text" },
        { name: "parent_number", type: "char" },
        { name: "child_count", type: "integer" },
        { name: "open_child_count", type: "integer" },
    ],
};

registry.category("fields").add("customer_service_subject", subjectField);

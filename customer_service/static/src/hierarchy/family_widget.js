import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { CaseConversation } from "./case_conversation";
import { caseRunner } from "./case_runner";

/**
 * Parent and children of a case; a row opens that case's conversation in place.
 *
 * It is loaded when the tab is opened, with the rights of its reader.
 */
export class FamilyWidget extends Component {
    static template = "customer_service.FamilyWidget";
    static components = { CaseConversation };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ family: null, openId: null });
        this.run = caseRunner(this.env);
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((props) => this.load(props.record));
    }

    async load(record) {
        if (record.resId) {
            const family = await this.keepLast.add(this.orm.call(record.resModel, "family", [[record.resId]]));
            this.state.family = family;
        }
    }

    /** The parent and its children, as rows of one list. */
    get rows() {
        const { parent, children } = this.state.family;
        return [...(parent ? [{ ...parent, isParent: true }] : []), ...children];
    }

    get isParent() {
        return !this.state.family.is_child;
    }

    relative(row) {
        return row.date ? deserializeDateTime(row.date).toRelative({ style: "short" }) : "";
    }

    exact(row) {
        return row.date ? formatDateTime(deserializeDateTime(row.date)) : "";
    }

    toggle(row) {
        this.state.openId = this.state.openId === row.id ? null : row.id;
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.props.record.resModel,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    async detach(row) {
        await this.orm.call(this.props.record.resModel, "action_detach", [[row.id]]);
        await this.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    }

    call(name) {
        return this.run(name, this.props.record);
    }
}

registry.category("view_widgets").add("customer_service_family", { component: FamilyWidget });

import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SOURCE_FIELDS = ["campaign_id", "medium_id", "source_id"];

/** One button for each of the shop's usual sources; a click sets campaign, medium and source. */
export class SourceButtons extends Component {
    static template = "customer_service.SourceButtons";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ sources: [] });
        onWillStart(async () => {
            this.state.sources = await this.orm
                .cache({ type: "ram" })
                .call("customer.service.contact.source", "buttons", []);
        });
    }

    get label() {
        return _t("What made the customer contact us?");
    }

    isChosen(source) {
        const { data } = this.props.record;
        return SOURCE_FIELDS.every((name) => (source[name] && source[name][0]) === (data[name] && data[name].id));
    }

    /** A second click takes it back. */
    async choose(source) {
        const isChosen = this.isChosen(source);
        const changes = Object.fromEntries(
            SOURCE_FIELDS.map((name) => {
                const [id, displayName] = (!isChosen && source[name]) || [];
                return [name, id ? { id, display_name: displayName } : false];
            }),
        );
        if (isChosen || !source.is_other) {
            changes.source_other = false;
        }
        await this.props.record.update(changes);
    }
}

registry.category("view_widgets").add("customer_service_sources", {
    component: SourceButtons,
    fieldDependencies: [
        ...SOURCE_FIELDS.map((name) => ({ name, type: "many2one" })),
        { name: "source_other", type: "char" },
    ],
});

import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { SIZES } from "@web/core/ui/ui_service";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { COMPOSE_EVENT } from "../const";
import { pressButton } from "./press_button";

/**
 * Buttons that open the composer, where the conversation is below the form and out of sight.
 * Beside the form it has them itself.
 */
export class ComposeButtons extends Component {
    static template = "customer_service.ComposeButtons";
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
    }

    get isShown() {
        return this.ui.size < SIZES.XL;
    }

    compose(type) {
        this.env.bus.trigger(COMPOSE_EVENT, { id: this.props.record.resId, type });
    }
}

registry.category("view_widgets").add("customer_service_compose", { component: ComposeButtons });

/** The kinds of pending that the shop has made, as a menu. */
export class PendingButton extends Component {
    static template = "customer_service.PendingButton";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ stages: [] });
    }

    async loadStages() {
        const { team_id: team, stage_id: stage } = this.props.record.data;
        this.state.stages = await this.orm.searchRead(
            "customer.service.stage",
            [
                ["status", "=", "pending"],
                ["id", "!=", stage.id],
                "|",
                ["team_ids", "=", false],
                ["team_ids", "in", [team.id]],
            ],
            ["name", "color"],
        );
    }

    async choose(stage) {
        await pressButton(this.env, this.props.record, {
            name: "action_pending",
            context: { pending_stage_id: stage.id },
        });
    }
}

registry.category("view_widgets").add("customer_service_pending", { component: PendingButton });

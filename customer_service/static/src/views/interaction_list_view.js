import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";

/** A contact is recorded at the phone desk, not in an empty form. */
export class InteractionListController extends ListController {
    async createRecord() {
        await this.actionService.doAction("customer_service.customer_service_phone_desk_action");
    }
}

registry.category("views").add("customer_service_interaction_list", {
    ...listView,
    Controller: InteractionListController,
});

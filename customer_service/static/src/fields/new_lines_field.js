import { onMounted } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** Lines of a dialog that begins with an empty one, where one types at once. */
export class NewLinesField extends X2ManyField {
    setup() {
        super.setup();
        onMounted(() => {
            // On a phone the keyboard would hide what can be ticked.
            if (this.props.record.isNew && !this.env.isSmall) {
                this.onAdd({ editable: "bottom" });
            }
        });
    }
}

registry.category("fields").add("customer_service_new_lines", { ...x2ManyField, component: NewLinesField });

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_order_message_tour", {
    steps: () => [
        {
            content: "Write to the customer of the order",
            trigger: ".o_form_statusbar button[name=action_write_to_customer]",
            run: "click",
        },
        {
            content: "Choose a text",
            trigger: ".modal .o_field_widget[name=order_message_id] input",
            run: "edit Your order is late",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Your order is late')",
            run: "click",
        },
        {
            content: "It comes in the language of the customer",
            trigger: ".modal .o_field_widget[name=body]:contains('S77001 spóźni się.')",
        },
        {
            content: "It says to whom it goes",
            trigger: ".modal .o_customer_service_hint:contains('anna@lampy.example')",
        },
        {
            trigger: ".modal footer button:contains('Send to customer')",
            run: "click",
        },
        {
            content: "It says what was done",
            trigger: ".o_notification:contains('Sent to the customer')",
        },
    ],
});

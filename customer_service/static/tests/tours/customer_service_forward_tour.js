import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_forward_tour", {
    steps: () => [
        {
            trigger: ".o_form_statusbar .o_customer_service_more",
            run: "click",
        },
        {
            content: "Forward the case",
            trigger: ".o-dropdown--menu [name=action_forward]",
            run: "click",
        },
        {
            content: "To somebody else",
            trigger: ".modal .o_field_widget[name=target] label:contains('Somebody else')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=email_to] input",
            run: "edit claims@carrier.example",
        },
        {
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit Was it insured?",
        },
        {
            content: "The file of the message is ticked",
            trigger: ".modal .o_field_widget[name=attachment_ids] input:checked",
        },
        {
            content: "Leave the field, so that the preview follows",
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "press Tab",
        },
        {
            content: "The preview shows what goes out",
            trigger:
                ".modal .o_field_widget[name=preview]:contains('Was it insured?'):contains('My lamp arrived broken.')",
        },
        {
            trigger: ".modal footer button[name=action_forward]",
            run: "click",
        },
        {
            content: "It says what was done",
            trigger: ".o_notification:contains('Forwarded to claims@carrier.example')",
        },
        {
            content: "The case shows it as an internal note",
            trigger: ".o-mail-Message.o_customer_service_internal:contains('claims@carrier.example')",
        },
    ],
});

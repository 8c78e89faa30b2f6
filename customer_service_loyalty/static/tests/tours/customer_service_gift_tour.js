import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_gift_tour", {
    steps: () => [
        {
            content: "Make up for it",
            trigger: ".o_customer_service_card[name=order] button[name=action_give_card]",
            run: "click",
        },
        {
            content: "Who gets it is said",
            trigger: ".modal .o_field_widget[name=partner_id]:contains('Anna Kowalska')",
        },
        {
            content: "Enter what it is worth",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 20",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit For the long wait",
        },
        {
            trigger: ".modal footer button[name=action_give]:visible",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_notification:contains('on its way to anna@lampy.example')",
        },
        {
            content: "The case shows it",
            trigger: ".o_customer_service_card[name=order]:contains('Gift Card'):contains('Valid')",
        },
        {
            content: "It was one too many",
            trigger: ".o_form_statusbar .o_customer_service_more",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu [name=action_void_card]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit One too many",
        },
        {
            trigger: ".modal footer button[name=action_void]",
            run: "click",
        },
        {
            content: "The case says that it is void",
            trigger: ".o_customer_service_card[name=order]:contains('Void')",
        },
    ],
});

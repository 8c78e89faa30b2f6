import { registry } from "@web/core/registry";

const CARD = ".o_customer_service_card[name=order]";

registry.category("web_tour.tours").add("customer_service_return_tour", {
    steps: () => [
        {
            content: "The case says that it was sent",
            trigger: `${CARD} .o_customer_service_delivery:contains('Sent')`,
        },
        {
            content: "The customer sends something back",
            trigger: `${CARD} button[name=action_return_goods]`,
            run: "click",
        },
        {
            content: "One of the lamps",
            trigger: ".modal .o_data_row:contains('Lamp Luna') td[name=quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Lamp Luna') td[name=quantity] input",
            run: "edit 1",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Arrived broken",
        },
        {
            trigger: ".modal footer button[name=action_return]",
            run: "click",
        },
        {
            content: "The return is named",
            trigger: ".o_notification:contains('Made:') a",
        },
        {
            content: "What comes back is what is credited",
            trigger: ".modal .o_data_row:contains('Lamp Luna') td[name=is_chosen] input:checked",
        },
        {
            content: "The shades stay",
            trigger: ".modal .o_data_row:contains('Shade') td[name=is_chosen] input:not(:checked)",
        },
        {
            trigger: ".modal footer button[name=action_create_and_post]",
            run: "click",
        },
        {
            content: "The case shows the return",
            trigger: `${CARD} .o_customer_service_delivery:contains('Expected back')`,
        },
        {
            content: "And the credit note, of one lamp",
            trigger: `${CARD} .o_customer_service_document:contains('Posted'):contains('40.00')`,
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_replacement_tour", {
    steps: () => [
        {
            content: "A shade was lost",
            trigger: `${CARD} button[name=action_replace_goods]`,
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Shade') td[name=quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Shade') td[name=quantity] input",
            run: "edit 1",
        },
        {
            trigger: ".modal footer button[name=action_replace]",
            run: "click",
        },
        {
            content: "The replacement is named",
            trigger: ".o_notification:contains('Made:') a",
        },
        {
            content: "The case has kept that",
            trigger: ".o-mail-Message:contains('was made from this case')",
        },
    ],
});

import { registry } from "@web/core/registry";

const ENTRY = ".o_customer_service_timeline_entry";

registry.category("web_tour.tours").add("customer_service_timeline_tour", {
    steps: () => [
        {
            content: "The timeline is what one sees first",
            trigger: `.o_notebook .nav-link.active:contains("Timeline")`,
        },
        {
            trigger: `${ENTRY}[data-kind=message]:contains("Where is my lamp?")`,
        },
        {
            content: "What happened to the order is there too",
            trigger: `${ENTRY}[data-kind=order]:contains("Order confirmed")`,
        },
        {
            content: "A note is marked with a word",
            trigger: `${ENTRY}[data-kind=note]:contains("internal"):contains("The carrier lost it")`,
        },
        {
            content: "Only notes, please",
            trigger: ".o_customer_service_timeline_kinds button[data-kind=note]",
            run: "click",
        },
        {
            trigger: `.o_customer_service_timeline:not(:has(${ENTRY}[data-kind=message])) ${ENTRY}[data-kind=note]`,
        },
        {
            content: "Everything again",
            trigger: ".o_customer_service_timeline_kinds button:contains('All')",
            run: "click",
        },
        {
            trigger: `${ENTRY}[data-kind=message]`,
        },
        {
            content: "And of all cases of this customer",
            trigger: ".o_customer_service_timeline_customer",
            run: "click",
        },
        {
            trigger: `${ENTRY}:contains("About another matter")`,
        },
        {
            content: "There is more than one page",
            trigger: ".o_customer_service_timeline_older",
            run: "click",
        },
        {
            trigger: `${ENTRY}:contains("The first of all")`,
        },
        {
            content: "Mail names the order of somebody else",
            trigger:
                ".alert:contains('Mentions'):contains('another customer') button[name=action_dismiss_mentioned_orders]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(button[name=action_dismiss_mentioned_orders]))",
        },
        {
            content: "The other case is one press away",
            trigger: `${ENTRY}:contains("About another matter") button.btn-link`,
            run: "click",
        },
        {
            trigger: `.o_field_widget[name=name] textarea:value("Another matter"), .o_form_view:contains("Another matter")`,
        },
        {
            trigger: `${ENTRY}:contains("About another matter")`,
        },
    ],
});

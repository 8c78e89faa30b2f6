import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_clock_tour", {
    steps: () => [
        {
            content: "Start the clock on the case",
            trigger: ".o_customer_service_clock_widget button:contains('Start Clock')",
            run: "click",
        },
        {
            content: "It runs, on the form and in the top bar",
            trigger: ".o_customer_service_clock_widget:contains('Running')",
        },
        {
            trigger: ".o_customer_service_clock_running .o_customer_service_clock_time:contains('0:0')",
        },
        {
            content: "Pause it in the top bar",
            trigger: ".o_customer_service_clock",
            run: "click",
        },
        {
            trigger: ".o_customer_service_clock_row button:contains('Pause')",
            run: "click",
        },
        {
            content: "The form agrees",
            trigger: ".o_customer_service_clock_widget:contains('Paused')",
        },
        {
            content: "Somebody calls: a second clock, without a case",
            trigger: ".o_customer_service_clock_list button:contains('Start without a Case')",
            run: "click",
        },
        {
            trigger:
                ".o_customer_service_clock_row:contains('Without a case'):contains('Running') button:contains('Stop')",
            run: "click",
        },
        {
            content: "The first one waits to go on",
            trigger:
                ".o_customer_service_clock_list:not(:has(.o_customer_service_clock_row:contains('Without a case'))) button:contains('Resume')",
            run: "click",
        },
        {
            trigger: ".o_customer_service_clock_widget:contains('Running')",
        },
        {
            content: "Close the menu",
            trigger: ".o_customer_service_clock",
            run: "click",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_clock_reload_tour", {
    steps: () => [
        {
            content: "After a reload it still runs, as long as it was",
            trigger: ".o_customer_service_clock_running .o_customer_service_clock_time:contains('10:')",
        },
        {
            trigger: ".o_customer_service_clock_widget:contains('Running') button:contains('Stop')",
            run: "click",
        },
        {
            content: "What was measured stands on the case",
            trigger: "[name=handling_duration]:contains('10 min')",
        },
        {
            trigger: ".o_customer_service_clock_widget button:contains('Start Clock')",
        },
        {
            content: "My day has it",
            trigger: ".o_menu_sections [data-menu-xmlid='customer_service.menu_my_day']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=duration].o_customer_service_day_figure:contains('10 min')",
        },
        {
            content: "It was less: correct it",
            trigger: ".o_field_widget[name=handling_ids] .o_data_row button[name=action_correct]",
            run: "click",
        },
        {
            trigger: ".modal [name=minutes] input",
            run: "edit 4",
        },
        {
            trigger: ".modal [name=reason] input",
            run: "edit Forgot it",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=duration].o_customer_service_day_figure:contains('4 min')",
        },
        {
            content: "Confirm the day",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Confirmed')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_long_handling_tour", {
    steps: () => [
        {
            content: "The page is open, so the team is told at once",
            trigger: ".o_customer_service_clock_running .o_customer_service_clock_told",
        },
        {
            trigger: ".o_customer_service_clock_widget button:contains('Stop')",
            run: "click",
        },
        {
            trigger: ".o_customer_service_clock_widget button:contains('Start Clock')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_long_handling_done_tour", {
    steps: () => [
        {
            content: "The message in the channel says that it is over, and leads to the case",
            trigger: ".o-mail-Message:contains('Done'):contains('21 minutes') a[data-oe-model='customer.service.case']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_customer_service_clock_widget",
        },
    ],
});

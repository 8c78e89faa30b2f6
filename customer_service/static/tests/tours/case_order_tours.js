import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_case_order_tour", {
    steps: () => [
        {
            content: "The customer is on the line and wants another lamp",
            trigger: ".o_form_view button[name=action_new_order]",
            run: "click",
        },
        {
            content: "What they bought before is there: one tick",
            trigger: ".modal .o_data_row:first .o_data_cell[name=is_chosen]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:first .o_data_cell[name=is_chosen] input:checked",
        },
        {
            trigger: ".modal .o_data_row:first .o_data_cell[name=quantity] input",
            run: "edit 2",
        },
        {
            content: "Something else is typed",
            trigger: ".modal .o_field_x2many_list_row_add a:contains('Add a product')",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:eq(1) .o_field_widget[name=product_id] input",
            run: "edit Shade",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Shade')",
            run: "click",
        },
        {
            content: "The sum is there before anything is made",
            trigger: ".modal .o_field_widget[name=amount]:contains('95.00')",
        },
        {
            trigger: ".modal button[name=action_create_order]",
            run: "click",
        },
        {
            content: "The host's quotation, with the customer; it is confirmed while they listen",
            trigger: ".o_form_view .o_field_widget[name=order_line]:contains('Shade')",
        },
        {
            trigger: ".o_form_statusbar button[name=action_confirm]:visible",
            run: "click",
        },
        {
            trigger: ".o_form_statusbar .o_arrow_button_current:contains('Sales Order')",
        },
        {
            content: "Back to the case",
            trigger: ".oe_stat_button[name=action_open_customer_service_case]",
            run: "click",
        },
        {
            content: "The case shows the order, and that it is settled",
            trigger: ".o_customer_service_document:contains('Sales Order'):contains('95.00')",
        },
        {
            trigger: ".o-mail-Message:contains('is confirmed')",
        },
        {
            trigger: ".o_form_statusbar .o_arrow_button_current:contains('Resolved')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_case_credit_tour", {
    steps: () => [
        {
            content: "One lamp came broken",
            trigger: ".o_form_view button[name=action_credit_note]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:first .o_data_cell[name=is_chosen]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:first .o_data_cell[name=quantity] input",
            run: "edit 9",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Arrived broken",
        },
        {
            trigger: ".modal button[name=action_create_and_post]",
            run: "click",
        },
        {
            content: "More than was invoiced is refused, and what was typed stays",
            trigger: ".o_error_dialog:contains('9 are more than the 4 that were invoiced') .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_error_dialog)) .modal .o_data_row:first .o_data_cell[name=quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row .o_data_cell[name=quantity] input",
            run: "edit 1",
        },
        {
            trigger: ".modal .o_field_widget[name=amount]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=amount]:contains('40.00')",
        },
        {
            trigger: ".modal button[name=action_create_and_post]",
            run: "click",
        },
        {
            content: "The case shows it at once",
            trigger: ".o_customer_service_document:contains('Posted'):contains('40.00')",
        },
    ],
});

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_mail_server_tour", {
    steps: () => [
        {
            content: "The password is wrong: test the connection",
            trigger: "button[name=button_confirm_login]",
            run: "click",
        },
        {
            content: "A sentence says so",
            trigger: ".modal:contains('refuses the user name or the password')",
        },
        {
            trigger: ".modal .modal-footer button:contains('Close')",
            run: "click",
        },
        {
            content: "Encryption is chosen in one place",
            trigger: ".o_form_view:not(:has(.modal)) .o_field_widget[name=encryption] input:checked",
        },
        {
            content: "Mail without encryption is warned of",
            trigger: ".o_form_view:contains('can read the password and the mail')",
        },
        {
            content: "Enter the right password",
            trigger: ".o_field_widget[name=password] input",
            run: "edit canary-4711",
        },
        {
            trigger: "button[name=button_confirm_login]",
            run: "click",
        },
        {
            content: "It is confirmed; fetch now",
            trigger: "button[name=action_sync_now]",
            run: "click",
        },
        {
            content: "The outcome in words",
            trigger: ".modal:contains('Fetched 3: 3 new')",
        },
        {
            content: "And mail by mail",
            trigger: ".modal .o_data_row:contains('Question 2')",
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "The form knows when it was fetched",
            trigger: ".o_form_view:not(:has(.modal)) .o_field_widget[name=last_success]",
        },
        {
            content: "Again: nothing new",
            trigger: "button[name=action_sync_now]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('There is no new mail')",
        },
    ],
});

import { registry } from "@web/core/registry";

const CANDIDATES = ".o_customer_service_candidates";

registry.category("web_tour.tours").add("customer_service_identity_tour", {
    steps: () => [
        {
            content: "The customer is proposed, with the reason in words",
            trigger: `${CANDIDATES} label:contains('Anna Kowalska'):contains('same phone number'):contains('Customer')`,
        },
        {
            content: "Nobody is ticked, since nothing is certain",
            trigger: `${CANDIDATES}:not(:has(input:checked)) button[name=confirm_candidate]:disabled`,
        },
        {
            content: "Another entry is proposed too, once",
            trigger: `${CANDIDATES} label:contains('A. Kowalska'):contains('Unregistered')`,
        },
        {
            content: "The agent ticks the customer",
            trigger: `${CANDIDATES} label:contains('Anna Kowalska') input`,
            run: "click",
        },
        {
            trigger: `${CANDIDATES} button[name=confirm_candidate]:enabled`,
            run: "click",
        },
        {
            content: "The person is known now",
            trigger: ".alert-info:contains('This person is known now'):contains('Anna Kowalska')",
        },
        {
            content: "Nobody is proposed any more",
            trigger: `.o_form_view:not(:has(${CANDIDATES}))`,
        },
        {
            content: "The log says why",
            trigger: ".o_notebook_headers a:contains('Matches')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=match_log_ids] .o_data_row:contains('same phone number')",
        },
        {
            content: "A supervisor takes it back",
            trigger: ".o_form_statusbar button[name=action_undo_match]",
            run: "click",
        },
        {
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "The person is proposed to be somebody again",
            trigger: `${CANDIDATES} label:contains('Anna Kowalska')`,
        },
        {
            content: "They tell their address, which is a customer's: that is certain",
            trigger: ".o_field_widget[name=email] input",
            run: "edit Bob@Baker.example",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".alert-info:contains('This person is known now'):contains('Bob Baker')",
        },
    ],
});

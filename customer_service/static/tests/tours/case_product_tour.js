import { registry } from "@web/core/registry";

const ANSWER = "Turn it off and on again.";

registry.category("web_tour.tours").add("customer_service_case_product_tour", {
    steps: () => [
        {
            content: "The case says what is to be done first",
            trigger: ".o_form_view .alert:contains('when the product is verified'):contains('Lamp')",
        },
        {
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o-mail-Chatter-top .o-mail-Composer-input",
            run: `edit ${ANSWER}`,
        },
        {
            trigger: ".o-mail-Composer-send:enabled:contains('Send to customer')",
            run: "click",
        },
        {
            content: "Not yet: nothing is sent, the text stays",
            trigger: ".modal:contains('Lamp, version L-2') .btn:contains('Not Yet')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o-mail-Chatter-top .o-mail-Composer-input",
            run() {
                if (this.anchor.value !== ANSWER) {
                    throw new Error(`the text is gone: ${this.anchor.value}`);
                }
            },
        },
        {
            trigger: ".o-mail-Composer-send:enabled:contains('Send to customer')",
            run: "click",
        },
        {
            content: "One click verifies and sends",
            trigger: ".modal .btn-primary:contains('It Is as Told')",
            run: "click",
        },
        {
            trigger: `.o-mail-Message:contains("${ANSWER}")`,
        },
        {
            content: "The source takes one click, and another one takes it back",
            trigger: ".o_customer_service_sources button:contains('Other')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=source_other] input",
            run: "edit A poster",
        },
        {
            trigger: ".o_customer_service_sources button:contains('Newsletter')",
            run: "click",
        },
        {
            trigger: ".o_customer_service_sources button[aria-pressed=true]:contains('Newsletter')",
        },
        {
            trigger: "body:not(:has(.o_field_widget[name=source_other] input))",
        },
        {
            trigger: ".o_form_button_save:visible",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_duplicate_tour", {
    steps: () => [
        {
            content: "A customer, who is another one too",
            trigger: ".o_form_view .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains('Report as Duplicate')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=duplicate_partner_id] input",
            run: "edit A. Kowalska",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('A. Kowalska')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The same order",
        },
        {
            trigger: ".modal button[name=action_report]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_notification:contains('Reported')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_merge_tour", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('A. Kowalska') .o_data_cell[name=label]",
            run: "click",
        },
        {
            content: "Both are side by side",
            trigger: ".o_form_view:contains('anna@lampy.example'):contains('anna.k@mail.example')",
        },
        {
            trigger: "button[name=action_merge]",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The one that stays is shown",
            trigger: ".o_form_view .o_breadcrumb:contains('Anna Kowalska')",
        },
    ],
});

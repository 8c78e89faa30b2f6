import { registry } from "@web/core/registry";

const DIALOG = ".o_dialog .o_customer_service_customer";

registry.category("web_tour.tours").add("customer_service_customer_edit_tour", {
    steps: () => [
        {
            content: "The figures of the customer stand beside the conversation",
            trigger: ".o_customer_service_card[name=customer] .o_customer_service_figures:contains('known since')",
        },
        {
            content: "By its key, without the mouse",
            trigger: ".o_customer_service_card[name=customer] button[name=action_edit_customer][data-hotkey='shift+c']",
            run: "press alt+shift+c",
        },
        {
            content: "A second email",
            trigger: `${DIALOG} [name=further_email_ids] .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${DIALOG} [name=further_email_ids] .o_selected_row [name=value] input`,
            run: "edit bob@baker.example",
        },
        {
            content: "… which is another customer's",
            trigger: ".o_dialog footer .o_form_button_save, .o_dialog footer button[special=save]",
            run: "click",
        },
        {
            trigger: ".o_dialog:contains('belongs to Bob Baker') button:contains('Report as Duplicate')",
        },
        {
            trigger: ".o_dialog:contains('belongs to Bob Baker') footer button:contains('Close')",
            run: "click",
        },
        {
            content: "The right one",
            trigger: `${DIALOG} [name=further_email_ids] .o_data_row [name=value]`,
            run: "click",
        },
        {
            trigger: `${DIALOG} [name=further_email_ids] .o_selected_row [name=value] input`,
            run: "edit nina@work.example",
        },
        {
            content: "A second phone",
            trigger: `${DIALOG} [name=further_phone_ids] .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${DIALOG} [name=further_phone_ids] .o_selected_row [name=value] input`,
            run: "edit +48 601 555 777",
        },
        {
            content: "A tag",
            trigger: `${DIALOG} [name=category_id] input`,
            run: "edit VIP",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu a:contains('VIP')",
            run: "click",
        },
        {
            content: "The birthday",
            trigger: `${DIALOG} [name=birthday] input`,
            run: "edit 05/01/1990",
        },
        {
            trigger: ".o_dialog footer button.btn-primary:contains('Save')",
            run: "click",
        },
        {
            content: "The dialog is closed, and opens again",
            trigger:
                "body:not(:has(.o_dialog)) .o_customer_service_card[name=customer] button[name=action_edit_customer]",
            run: "click",
        },
        {
            content: "The second email becomes the main one",
            trigger: `${DIALOG} [name=further_email_ids] .o_data_row:contains('nina@work.example') button[name=action_make_main]`,
            run: "click",
        },
        {
            content: "… and the dialog stays open",
            trigger: `${DIALOG} [name=further_email_ids] .o_data_row:contains('nina@x.example')`,
        },
        {
            trigger: `${DIALOG} [name=portal_state]:contains('No login')`,
        },
        {
            content: "A login",
            trigger: `${DIALOG} button[name=action_portal_grant]`,
            run: "click",
        },
        {
            content: "The dialog shows it",
            trigger: `${DIALOG} [name=portal_state]:contains('Invited')`,
        },
        {
            trigger: ".o_dialog footer button:contains('Discard')",
            run: "click",
        },
        {
            content: "The case shows the new address",
            trigger: "body:not(:has(.o_dialog)) [name=reply_to_customer]:contains('nina@work.example')",
        },
    ],
});

import { registry } from "@web/core/registry";

const SUBJECT = "Where is my lamp?";
const NOTE = "The carrier lost it.";
const ANSWER = "A new lamp is on its way.";

registry.category("web_tour.tours").add("customer_service_case_tour", {
    url: "/odoo/cases",
    steps: () => [
        {
            content: "Open the case of the customer",
            trigger: `.o_data_row:contains("${SUBJECT}") .o_data_cell[name=name]`,
            run: "click",
        },
        {
            content: "Take it",
            trigger: ".o_form_statusbar button[name=action_take]",
            run: "click",
        },
        {
            content: "It is mine; write an internal note",
            trigger: ".o_form_view:not(:has(button[name=action_take])) .o-mail-Chatter-logNote",
            run: "click",
        },
        {
            content: "The note says that the customer will not see it",
            trigger: ".o_customer_service_note_banner",
        },
        {
            trigger: ".o-mail-Chatter-top .o-mail-Composer-input",
            run: `edit ${NOTE}`,
        },
        {
            trigger: ".o-mail-Composer-send:enabled:contains('internal note')",
            run: "click",
        },
        {
            content: "The note is marked as internal",
            trigger: `.o-mail-Message.o_customer_service_internal:contains("${NOTE}") .o_customer_service_internal_badge`,
        },
        {
            content: "Answer the customer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "The answer says to whom it goes",
            trigger: ".o_customer_service_recipients_to:contains('anna@lampy.example')",
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
            content: "The answer is not marked as internal",
            trigger: `.o-mail-Message:not(.o_customer_service_internal):contains("${ANSWER}")`,
        },
        {
            content: "Resolve it",
            trigger: ".o_form_statusbar button[name=action_resolve]",
            run: "click",
        },
        {
            content: "The state says so, folded or not beside the buttons",
            trigger: ".o_statusbar_status button:visible:contains('Resolved')",
        },
        {
            content: "Back to the list, where it is not any more",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: `.o_list_view:not(:has(.o_data_row:contains("${SUBJECT}")))`,
        },
        {
            content: "Look for it among all cases",
            trigger: ".o_searchview_facet:contains('All Unresolved') .o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_searchview_input",
            run: "edit kowalska",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            content: "There it is, resolved, with the first words of the answer",
            trigger: `.o_data_row:contains("${SUBJECT}"):contains("${ANSWER}"):contains("Resolved")`,
        },
    ],
});

import { registry } from "@web/core/registry";

const LINE = ".o_customer_service_answer_line";
const ENGLISH = ".o_customer_service_answer_texts textarea[lang='en-US']";

registry.category("web_tour.tours").add("customer_service_answer_all_tour", {
    steps: () => [
        {
            trigger: ".o_form_statusbar .o_customer_service_more",
            run: "click",
        },
        {
            content: "One answer for the customers of all children",
            trigger: ".o-dropdown--menu [name=action_answer_all]",
            run: "click",
        },
        {
            content: "Those who wait are ticked",
            trigger: `${LINE}:contains('Bob Baker') input:checked`,
        },
        {
            content: "A closed case says why it gets none",
            trigger: `${LINE}:contains('It is closed') input:disabled`,
        },
        {
            content: "Nothing is sent as long as nothing is written",
            trigger: ".modal-footer button[name=action_send]",
            run: "click",
        },
        { trigger: ".modal:contains('Write something first') .modal-footer button", run: "click" },
        { trigger: ENGLISH, run: "edit Dear" },
        {
            content: "The others see which text they get",
            trigger: ".o_customer_service_answer_fallback:contains('English')",
        },
        { trigger: ".o_customer_service_answer_insert:contains('English')", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains('Name of the customer')", run: "click" },
        {
            trigger: `${ENGLISH}:value(/Dear {{ object.customer_label }}$/)`,
            run: "edit Dear {{ object.customer_label }},",
        },
        { trigger: ".o_customer_service_answer_insert:contains('English')", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains('tomorrow')", run: "click" },
        { trigger: `${ENGLISH}:value(/, It comes tomorrow.$/)` },
        {
            content: "See what each of them gets",
            trigger: `${LINE}:contains('Anna') button:contains('Preview')`,
            run: "click",
        },
        {
            trigger: ".o_customer_service_answer_preview:contains('Dear Anna Kowalska, It comes tomorrow.')",
        },
        { trigger: ".modal-footer button:contains('Next'):enabled", run: "click" },
        { trigger: ".o_customer_service_answer_preview:contains('Dear Bob Baker')" },
        { trigger: ".modal-footer:contains('2 of 2') button:contains('Back')", run: "click" },
        {
            content: "Send it",
            trigger: ".modal-footer button[name=action_send]",
            run: "click",
        },
        {
            content: "Both have it",
            trigger: `${LINE}[data-state=sent]:contains('Anna Kowalska')`,
        },
        { trigger: ".o_customer_service_answer_lines [role=status]:contains('2 of 3 sent')" },
        {
            content: "Settle the matter",
            trigger: ".modal-footer button[name=action_resolve_parent]",
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_form_statusbar button[name=action_reopen]" },
    ],
});

registry.category("web_tour.tours").add("customer_service_answer_several_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('Where is it?') .o_list_record_selector input", run: "click" },
        { trigger: ".o_data_row:contains('Hello?') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_answer_several]", run: "click" },
        { trigger: `${LINE}:eq(1)` },
        { trigger: ENGLISH, run: "edit We look into it." },
        {
            content: "This one only",
            trigger: ".o_customer_service_answer_options .o_field_widget[name=resolve] input",
            run: "click",
        },
        { trigger: ".modal-footer button[name=action_send]", run: "click" },
        { trigger: `${LINE}[data-state=sent]:eq(1)` },
        { trigger: ".modal-footer button:contains('Close')", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_list_view" },
    ],
});

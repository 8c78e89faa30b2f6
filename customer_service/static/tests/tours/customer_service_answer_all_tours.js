import { registry } from "@web/core/registry";

const LINE = ".o_customer_service_answer_line";
const ENGLISH = ".o_customer_service_answer_texts [lang='en-US']";

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
        { trigger: ENGLISH, run: "editor Dear" },
        {
            content: "The others see which text they get",
            trigger: ".o_customer_service_answer_fallback:contains('English')",
        },
        { trigger: ".o_customer_service_answer_insert:contains('English')", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains('Name of the customer')", run: "click" },
        {
            trigger: `${ENGLISH}:contains(/Dear {{ object.customer_label }}$/)`,
            run: "editor Dear {{ object.customer_label }},",
        },
        { trigger: ".o_customer_service_answer_insert:contains('English')", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains('tomorrow')", run: "click" },
        { trigger: `${ENGLISH}:contains(/, It comes tomorrow.$/)` },
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

/** Open a case of the list, and attach it to the other one about its order. */
function attach(subject) {
    return [
        { trigger: `.o_data_row:contains('${subject}') .o_data_cell[name=name]`, run: "click" },
        {
            content: "It is about an order that has an open case already",
            trigger: "button[name=action_attach_to_suggested_parent]",
            run: "click",
        },
        { trigger: ".o_form_view:not(:has(button[name=action_attach_to_suggested_parent]))" },
        { trigger: ".o_breadcrumb .breadcrumb-item a:contains('Cases'), .o_back_button", run: "click" },
        { trigger: ".o_list_view" },
    ];
}

registry.category("web_tour.tours").add("customer_service_one_matter_tour", {
    steps: () => [
        ...attach("Second mail"),
        ...attach("Third mail"),
        { trigger: ".o_data_row:contains('First mail') .o_data_cell[name=name]", run: "click" },
        { trigger: ".o_notebook_headers a[name=hierarchy]", run: "click" },
        {
            content: "Both hang on it; answer all three at once",
            trigger:
                ".o_customer_service_family:contains('Second mail'):contains('Third mail') button[name=action_answer_all]",
            run: "click",
        },
        {
            content: "The parent's own customer waits too",
            trigger: `${LINE}:contains('parent') input:checked`,
        },
        { trigger: ".o_customer_service_answer_lines [role=status]:contains('3 of 3')" },
        {
            trigger: ".o_customer_service_answer_texts [lang='pl-PL']",
            run: "editor Paczka przyjdzie jutro.",
        },
        { trigger: ".modal-footer button[name=action_send]", run: "click" },
        { trigger: ".o_customer_service_answer_lines [role=status]:contains('3 of 3 sent')" },
        {
            content: "Settled, all together",
            trigger: ".modal-footer button[name=action_resolve_parent]",
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_form_statusbar button[name=action_reopen]" },
        { trigger: ".o_customer_service_family_child:contains('Third mail'):contains('Resolved')" },
    ],
});

registry.category("web_tour.tours").add("customer_service_answer_several_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('Where is it?') .o_list_record_selector input", run: "click" },
        { trigger: ".o_data_row:contains('Hello?') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_answer_several]", run: "click" },
        { trigger: `${LINE}:eq(1)` },
        { trigger: ENGLISH, run: "editor We look into it." },
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

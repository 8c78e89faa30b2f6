import { registry } from "@web/core/registry";

/** A message whose text is shown: what came by mail stands in a root of its own. */
const said = (text) => `.o-mail-Message .o_customer_service_mail:shadow :contains('${text}')`;

registry.category("web_tour.tours").add("customer_service_case_merge_tour", {
    steps: () => [
        {
            content: "Select both cases",
            trigger: ".o_data_row:contains('Where is my lamp') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Lamp again') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_list_selection_box, .o_selection_box",
        },
        {
            trigger: "button[name=action_merge]",
            run: "click",
        },
        {
            content: "The older one stays, and what moves is said",
            trigger: ".modal .o_customer_service_hint:contains('1 messages move')",
        },
        {
            trigger: ".modal .o_field_widget[name=survivor_id] input:value('Where is my lamp')",
        },
        {
            trigger: ".modal footer button[name=action_merge]",
            run: "click",
        },
        {
            content: "The case that stays has both questions",
            trigger: said("And the second time"),
        },
        {
            trigger: said("The first time"),
        },
        {
            content: "What went into it is one click away",
            trigger: "button[name=action_open_merges]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Merged') button[name=action_undo]",
            run: "click",
        },
        {
            content: "The other one is a case of its own again",
            trigger: ".o_form_view .o_field_widget[name=name] textarea:value('Lamp again')",
        },
        {
            trigger: said("And the second time"),
        },
        {
            trigger: ".o_customer_service_more",
            run: "click",
        },
        {
            content: "And once more, from the case",
            trigger: ".o-dropdown--menu [name=action_merge]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=case_ids] :contains('Add another case'):last",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Where is my lamp') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".modal .o_select_button",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=case_ids] .o_data_row:contains('Where is my lamp')",
        },
        {
            trigger: ".modal .o_field_widget[name=survivor_id] input",
            run: "edit Where is",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Where is my lamp')",
            run: "click",
        },
        {
            trigger: ".modal .o_customer_service_hint:contains('1 messages move')",
        },
        {
            trigger: ".modal footer button[name=action_merge]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] textarea:value('Where is my lamp')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_merged_case_tour", {
    steps: () => [
        {
            content: "It says where it is continued",
            trigger: ".o_customer_service_banner:contains('This case was merged into')",
        },
        {
            content: "Nothing can be typed",
            trigger: ".o_form_view .o_form_readonly, .o_form_view.o_form_readonly, .o_form_readonly",
        },
        {
            trigger: ".o-mail-Chatter:not(:has(.o-mail-Chatter-sendMessage))",
        },
        {
            trigger: ".o_form_statusbar:not(:has(.o_customer_service_more))",
        },
        {
            trigger: "button[name=action_open_continued]",
            run: "click",
        },
        {
            content: "Where it is continued the customer is answered",
            trigger: ".o-mail-Chatter-sendMessage:contains('Reply to customer')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_split_tour", {
    steps: () => [
        {
            trigger: said("my invoice is wrong"),
        },
        {
            content: "The message about the invoice, the newest one",
            trigger: ".o-mail-Message:eq(0)",
            run: "hover && click .o-mail-Message:eq(0) [title^='Split off']",
        },
        {
            content: "It is ticked, its first words are the subject",
            trigger: ".modal .o_field_widget[name=message_ids] input:checked",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input:value('my invoice is wrong')",
            run: "edit Wrong invoice",
        },
        {
            trigger: ".modal footer button[name=action_split]",
            run: "click",
        },
        {
            content: "The new case says where it comes from",
            trigger: ".o_customer_service_banner:contains('Split off from')",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] textarea:value('Wrong invoice')",
        },
        {
            trigger: said("my invoice is wrong"),
        },
        {
            trigger: "button[name=action_undo_split]",
            run: "click",
        },
        {
            trigger: ".modal footer button:contains('Bring Back')",
            run: "click",
        },
        {
            content: "Back in the case it came from",
            trigger: said("Where is my lamp?"),
        },
        {
            trigger: said("my invoice is wrong"),
        },
    ],
});

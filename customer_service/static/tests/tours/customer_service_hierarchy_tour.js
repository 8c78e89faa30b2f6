import { registry } from "@web/core/registry";

const TAB = ".o_notebook_headers a[name=hierarchy]";
const ROW = ".o_customer_service_family_row";

registry.category("web_tour.tours").add("customer_service_hierarchy_tour", {
    steps: () => [
        {
            content: "The case is about an order that has an open one already",
            trigger: ".o_field_widget[name=parent_suggestion]:contains('already has an open case')",
        },
        {
            content: "Attach it with one click",
            trigger: "button[name=action_attach_to_suggested_parent]",
            run: "click",
        },
        {
            content: "The proposal is gone; look at the family",
            trigger: `.o_form_view:not(:has(button[name=action_attach_to_suggested_parent])) ${TAB}`,
            run: "click",
        },
        {
            content: "Read the parent's conversation in place",
            trigger: `${ROW}.o_customer_service_family_parent .o_customer_service_family_toggle`,
            run: "click",
        },
        {
            content: "Notes are marked as such there too",
            trigger: `${ROW} .o_customer_service_conversation .o-mail-Message.o_customer_service_internal:contains('The depot burned down')`,
        },
        {
            trigger: `${ROW} .o_customer_service_conversation .o-mail-Message:contains('Anna Kowalska')`,
        },
        {
            content: "Go to the parent",
            trigger: `${ROW}.o_customer_service_family_parent button[title='Open this case']`,
            run: "click",
        },
        {
            content: "It has one child",
            trigger: `.o_form_view:has(.o_last_breadcrumb_item:contains('First')) ${TAB}`,
            run: "click",
        },
        {
            trigger: `.o_customer_service_family_child:contains('Second')`,
        },
        {
            content: "Attach another one",
            trigger: ".o_customer_service_family button[name=action_attach_children]",
            run: "click",
        },
        {
            content: "Only those of the same customer or order are shown at first",
            trigger: ".modal .o_searchview_facet:contains('Same customer or order')",
        },
        {
            trigger: ".modal .o_data_row:contains('Third') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".modal:not(:has(.o_data_row:contains('Of Bob'))) .modal-footer .o_select_button",
            run: "click",
        },
        {
            trigger: ".o_customer_service_family_child:contains('Third')",
        },
        {
            content: "Look beyond: whoever is of another customer is asked about",
            trigger: ".o_customer_service_family button[name=action_attach_children]",
            run: "click",
        },
        {
            trigger: ".modal .o_searchview_facet:contains('Same customer or order') .o_facet_remove",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Of Bob') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .o_select_button",
            run: "click",
        },
        {
            content: "Yes, that is meant",
            trigger: ".modal:contains('Different customers'):contains('Of Bob') .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_customer_service_family_child:contains('Of Bob')",
        },
        {
            content: "All end together",
            trigger: ".o_form_statusbar button[name=action_resolve]",
            run: "click",
        },
        {
            trigger: ".o_customer_service_family_child:contains('Of Bob'):contains('Resolved')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_hierarchy_child_tour", {
    steps: () => [
        {
            trigger: TAB,
            run: "click",
        },
        {
            content: "Nothing hangs on it yet",
            trigger: ".o_customer_service_family:contains('stands alone') button[name=action_clone_as_child]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input:value('First')",
            run: "edit Copy of it",
        },
        {
            trigger: ".modal footer button[name=action_create]",
            run: "click",
        },
        {
            content: "The child is open, with the conversation of its parent as notes",
            trigger: ".o_last_breadcrumb_item:contains('Copy of it')",
        },
        {
            trigger: ".o-mail-Chatter .o-mail-Message.o_customer_service_internal:contains('Anna Kowalska')",
        },
        {
            content: "Take it off again by the menu",
            trigger: ".o_form_statusbar .o_customer_service_more",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Detach from the Parent')",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:contains('Parent Case')) .o_notebook_headers",
        },
    ],
});

import { registry } from "@web/core/registry";

const CURRENT = ".o_customer_service_alert";

registry.category("web_tour.tours").add("customer_service_case_panel_tour", {
    steps: () => [
        {
            content: "The first alert is shown, the words of all are there",
            trigger: `${CURRENT}[data-kind=danger]:contains("About Blocked")`,
        },
        { trigger: ".o_customer_service_alerts:contains('1 of 3')" },
        {
            content: "The next one by its key",
            trigger: ".o_customer_service_alert_next[data-hotkey='shift+w']",
            run: "press alt+shift+W",
        },
        { trigger: ".o_customer_service_alerts:contains('2 of 3')" },
        {
            content: "By the arrows",
            trigger: ".o_customer_service_alerts [role=tab][aria-selected=true]:contains('Late')",
            run: "press ArrowRight",
        },
        { trigger: `${CURRENT}[data-kind=info]:contains("About VIP")` },
        {
            content: "After the last comes the first",
            trigger: ".o_customer_service_alerts [role=tab][aria-selected=true]:contains('VIP')",
            run: "press ArrowRight",
        },
        { trigger: `${CURRENT}[data-kind=danger]:contains("About Blocked")` },
        {
            content: "Facts stand in the cards of customer and matter",
            trigger: "[name=customer_facts] dl:contains('Speaks'):contains('Polish')",
        },
        { trigger: "[name=case_facts] dl:contains('Our number')" },
        {
            content: "What sticks to the company is on the case of its colleague",
            trigger: ".o_customer_service_sticky:contains('Pays late')",
        },
        {
            trigger: ".o_customer_service_sticky_add button[data-place=case]",
            run: "click",
        },
        {
            trigger: ".o_customer_service_sticky_draft textarea",
            run: "edit This parcel is broken",
        },
        {
            trigger: ".o_customer_service_sticky_draft label[data-color=green]",
            run: "click",
        },
        {
            trigger: ".o_customer_service_sticky_draft button:enabled:contains('Stick On')",
            run: "click",
        },
        {
            content: "It sticks, and can be changed",
            trigger: ".o_customer_service_sticky[data-color=green]:contains('broken') button[title='Change the note']",
            run: "click",
        },
        {
            trigger: ".o_customer_service_sticky_draft textarea",
            run: "edit This parcel is fragile",
        },
        {
            content: "By the keyboard",
            trigger: ".o_customer_service_sticky_draft textarea",
            run: "press ctrl+Enter",
        },
        {
            trigger: ".o_customer_service_sticky:contains('fragile')",
        },
        {
            content: "Taken off, and put back",
            trigger: ".o_customer_service_sticky:contains('Pays late') button[title='Take the note off']",
            run: "click",
        },
        {
            trigger: ".o_customer_service_stickies:not(:contains('Pays late'))",
        },
        {
            trigger: ".o_notification button:contains('Undo')",
            run: "click",
        },
        {
            trigger: ".o_customer_service_sticky:contains('Pays late')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_alert_settings_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=name] input", run: "edit Hello" },
        { trigger: ".o_field_widget[name=color] .o_radio_item:contains('Blue') input", run: "click" },
        { trigger: ".o_field_widget[name=about] .o_radio_item:contains('The customer') input:first", run: "click" },
        { trigger: ".o_field_widget[name=text] textarea", run: "edit We know {{ object.nothing }}" },
        { content: "A wrong field is refused when it is saved", trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_error_dialog .modal-body:contains('is no field of')" },
        { trigger: ".modal footer button:contains('Close')", run: "click" },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name=text] textarea",
            run: "edit We know {{ object.name }}",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible" },
        {
            content: "The preview shows what agents will see",
            trigger: "[name=preview] .o_customer_service_alert[data-kind=info]:contains('We know')",
        },
    ],
});

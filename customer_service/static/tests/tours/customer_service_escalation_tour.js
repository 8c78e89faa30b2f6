import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_service_escalation_tour", {
    steps: () => [
        {
            content: "Escalate the case",
            trigger: ".o_form_statusbar button[name=action_escalate]",
            run: "click",
        },
        {
            content: "Choose what it is about",
            trigger: ".modal .o_customer_service_choice_card:contains('Technical') input",
            run: "click",
        },
        {
            content: "The facts are listed, and the serial number is missing",
            trigger: ".modal .o_customer_service_fact[data-known='false']:contains('Serial number')",
        },
        {
            trigger: ".modal .o_field_widget[name=question] textarea",
            run: "edit Why does it hum?",
        },
        {
            content: "Try it without the facts",
            trigger: ".modal footer button[name=action_escalate]",
            run: "click",
        },
        {
            content: "It names what is missing",
            trigger: ".modal:contains('Serial number'):contains('must be known') button.btn-primary:contains('Close')",
            run: "click",
        },
        {
            content: "Nothing that was typed is lost; fill in what is missing right there",
            trigger: ".modal .o_field_widget[name=question] textarea:value('Why does it hum?')",
        },
        {
            trigger: ".modal .o_customer_service_fact:contains('Serial number') input",
            run: "edit SN-42 && press Tab",
        },
        {
            trigger: ".modal .o_customer_service_fact[data-known='true']:contains('Serial number')",
        },
        {
            content: "The message is shown as it will appear",
            trigger: ".modal .o_field_widget[name=preview]:contains('Why does it hum?'):contains('@Supervisor')",
        },
        {
            trigger: ".modal footer button[name=action_escalate]",
            run: "click",
        },
        {
            content: "It says what was done",
            trigger: ".o_notification:contains('Escalated to Supervisor')",
        },
        {
            content: "The case shows where it stands",
            trigger: ".o_customer_service_escalation:contains('Technical'):contains('Waiting for an answer')",
        },
        {
            content: "And keeps a note",
            trigger: ".o-mail-Message.o_customer_service_internal:contains('Why does it hum?')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_escalation_answer_tour", {
    steps: () => [
        {
            content: "The supervisor answers",
            trigger: ".o_customer_service_escalation button:contains('Answer')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=advice] textarea",
            run: "edit Turn it off first.",
        },
        {
            trigger: ".modal .o_field_widget[name=questions] textarea",
            run: (helpers) => helpers.edit("Which bulb?\nSince when?"),
        },
        {
            trigger: ".modal footer button[name=action_answer]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('has your answer')",
        },
        {
            trigger: ".o_customer_service_escalation:contains('Turn it off first.')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_escalation_return_tour", {
    steps: () => [
        {
            content: "The agent writes down what the customer says",
            trigger: ".o_customer_service_question:contains('Which bulb?') input[type=text]",
            run: "edit E27 && press Tab",
        },
        {
            content: "An answer ticks its question",
            trigger: ".o_customer_service_question:contains('Which bulb?') input[type=checkbox]:checked",
        },
        {
            trigger: ".o_customer_service_question:contains('Since when?') input[type=checkbox]",
            run: "click",
        },
        {
            trigger: ".o_customer_service_question:contains('Since when?') input[type=checkbox]:checked",
        },
        {
            trigger: ".o_customer_service_escalation button:contains('Send the Answers')",
            run: "click",
        },
        {
            content: "It is the supervisor's turn again",
            trigger: ".o_customer_service_escalation:contains('Waiting for an answer')",
        },
        {
            trigger: ".o-mail-Message.o_customer_service_internal:contains('E27')",
        },
        {
            trigger: ".o_form_statusbar .o_customer_service_more",
            run: "click",
        },
        {
            content: "Promise the customer a call",
            trigger: ".o-dropdown--menu [name=action_promise_call_back]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=call_back] label:contains('In 1 hour')",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_promise]",
            run: "click",
        },
        {
            trigger: ".alert:contains('Call-back promised') button[name=action_call_back_done]",
            run: "click",
        },
        {
            content: "The promise is kept",
            trigger: ".o_customer_service_case_form:not(:has(.alert:contains('Call-back promised')))",
        },
    ],
});

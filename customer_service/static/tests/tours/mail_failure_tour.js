import { registry } from "@web/core/registry";

const row = (subject) => `.o_data_row:contains('${subject}')`;

registry.category("web_tour.tours").add("customer_service_mail_failure", {
    steps: () => [
        {
            content: "The card of the team says that mail failed, and leads to it",
            trigger: ".o_kanban_record:contains('Shop Support') a:contains('failed mails')",
            run: "click",
        },
        {
            content: "Each failed mail says why",
            trigger: `${row("Tax question")}:contains('The tax is missing')`,
        },
        {
            content: "Look at one of them",
            trigger: `${row("Lottery")} td[name='subject']`,
            run: "click",
        },
        {
            content: "The source of the mail can be read",
            trigger: ".o_form_view [name='source_preview']:contains('Subject: Lottery')",
        },
        {
            content: "It is nothing for us",
            trigger: "button[name='action_discard']",
            run: "click",
        },
        {
            content: "It can be put back",
            trigger: "button[name='action_restore']",
        },
        {
            content: "Back to the list",
            trigger: ".o_breadcrumb a:contains('Failed Mail'), .o_back_button:contains('Failed Mail')",
            run: "click",
        },
        {
            content: "It is off the list of waiting mail",
            trigger: `.o_list_view:not(:has(${row("Lottery")}))`,
        },
        {
            content: "Retry all that is left",
            trigger: "button[name='action_retry_all']",
            run: "click",
        },
        {
            content: "The outcome is told",
            trigger: ".o_notification:contains('Processed: 2')",
        },
        {
            content: "Nothing is left, and that is said",
            trigger: ".o_view_nocontent:contains('All is well')",
        },
    ],
});

import { registry } from "@web/core/registry";

const WRONG = "Helllo Anna, you recieve the Blorp lamp.";
const RIGHT = "Hello Anna, you receive the Blorp lamp.";

const openCase = (subject) => [
    {
        content: "Open the case",
        trigger: `.o_data_row:contains("${subject}") .o_data_cell[name=name]`,
        run: "click",
    },
    {
        trigger: ".o-mail-Chatter-sendMessage",
        run: "click",
    },
];

registry.category("web_tour.tours").add("customer_service_spellcheck_tour", {
    url: "/odoo/cases",
    steps: () => [
        ...openCase("Where is my lamp?"),
        {
            content: "The browser knows the language, too",
            trigger: ".o-mail-Chatter-top .o-mail-Composer [lang=en-US] .o-mail-Composer-input[spellcheck=true]",
            run: `edit ${WRONG}`,
        },
        {
            trigger: ".o-mail-Composer-send:enabled:contains('Send to customer')",
            run: "click",
        },
        {
            content: "The first wrong word, with its suggestions; nothing was sent",
            trigger: ".o_customer_service_spelling_context mark:contains('Helllo')",
        },
        {
            trigger: ".o_customer_service_spelling_finish:contains('Send anyway')",
        },
        {
            trigger: ".o_customer_service_spelling_suggestion:contains('Hello')",
            run: "click",
        },
        {
            content: "The second one by the keyboard",
            trigger: ".o_customer_service_spelling_context:has(mark:contains('recieve'))",
            run: "press 1",
        },
        {
            content: "The third one is a brand of ours",
            trigger: ".o_customer_service_spelling_context:has(mark:contains('Blorp'))",
            run: "press a",
        },
        {
            content: "Back to the text: it is right now",
            trigger: ".o_customer_service_spelling_finish:contains('Send to customer')",
            run: "press Escape",
        },
        {
            trigger: "body:not(:has(.o_dialog))",
        },
        {
            trigger: ".o-mail-Chatter-top .o-mail-Composer-input",
            run() {
                if (this.anchor.value !== RIGHT) {
                    throw new Error(`The text is: ${this.anchor.value}`);
                }
            },
        },
        {
            content: "No mistake is left, so it is sent at once",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: `.o-mail-Message:contains("${RIGHT}")`,
        },
        {
            trigger: "body:not(:has(.o_dialog))",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_spellcheck_anyway_tour", {
    url: "/odoo/cases",
    steps: () => [
        ...openCase("Where is my lamp?"),
        {
            trigger: ".o-mail-Chatter-top .o-mail-Composer-input",
            run: "edit Helllo. Helllo again.",
        },
        {
            content: "At any time, not only before sending",
            trigger: ".o-mail-Chatter-top .o-mail-Composer button[name=customer-service-check-spelling]:enabled",
            run: "click",
        },
        {
            trigger: ".o_customer_service_spelling_words:contains('×2')",
            run: "press i",
        },
        {
            trigger: ".o_customer_service_spelling_finish:contains('Done')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_dialog)) .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "Send it as it is",
            trigger: ".o_customer_service_spelling_finish:contains('Send anyway')",
            run: "press Enter",
        },
        {
            trigger: '.o-mail-Message:contains("Helllo. Helllo again.")',
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_spellcheck_large_tour", {
    url: "/odoo/cases",
    steps: () => [
        ...openCase("Where is my lamp?"),
        {
            trigger: ".o-mail-Chatter-top .o-mail-Composer-input",
            run: "edit Helllo Anna",
        },
        {
            trigger: ".o-mail-Chatter-top .o-mail-Composer button[name=open-full-composer]",
            run: "click",
        },
        {
            trigger: ".o_mail_composer_form .odoo-editor-editable:contains('Helllo Anna')",
        },
        {
            trigger: ".modal-footer button:contains('Check spelling')",
            run: "click",
        },
        {
            trigger: ".o_customer_service_spelling_suggestion:contains('Hello')",
            run: "click",
        },
        {
            trigger: ".o_customer_service_spelling_finish:contains('Done')",
            run: "click",
        },
        {
            trigger: ".o_mail_composer_form .odoo-editor-editable:contains('Hello Anna')",
        },
        {
            trigger: "button.o_mail_send:not([disabled])",
            run: "click",
        },
        {
            trigger: '.o-mail-Message:contains("Hello Anna")',
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_spellcheck_japanese_tour", {
    url: "/odoo/cases",
    steps: () => [
        ...openCase("Where is my lamp?"),
        {
            content: "There is no dictionary, and the composer says so",
            trigger: ".o_customer_service_spelling_note:contains('browser')",
        },
        {
            trigger: ".o-mail-Chatter-top .o-mail-Composer [lang=ja-JP] .o-mail-Composer-input[spellcheck=true]",
            run: "edit ランプ helllo",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('ランプ helllo')",
        },
    ],
});

const textIn = (lang) => `.o_customer_service_answer_texts [lang='${lang}']`;

registry.category("web_tour.tours").add("customer_service_spellcheck_answer_all_tour", {
    url: "/odoo/cases",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Where is my lamp?') .o_data_cell[name=name]",
            run: "click",
        },
        { trigger: ".o_form_statusbar .o_customer_service_more", run: "click" },
        { trigger: ".o-dropdown--menu [name=action_answer_all]", run: "click" },
        { trigger: textIn("en-US"), run: "editor I recieve it, {{ object.number }}" },
        { trigger: textIn("pl-PL"), run: "editor Paczka przyjdzie jutrro." },
        {
            content: "One language, because the agent asks",
            trigger: ".o_customer_service_answer_spelling:contains('English')",
            run: "click",
        },
        {
            content: "What is filled in is no word of the text",
            trigger: ".o_customer_service_spelling_context mark:contains('recieve')",
        },
        {
            trigger: ".o_dialog:not(:has(mark:contains('object'))) .o_customer_service_spelling_finish",
            run: "press Escape",
        },
        {
            trigger: "body:not(:has(.o_customer_service_spelling)) .modal-footer button[name=action_send]",
            run: "click",
        },
        {
            content: "Both before they go to many: one stays as it is",
            trigger: ".o_customer_service_spelling_finish:contains('Send anyway')",
            run: "click",
        },
        {
            content: "The other is mended",
            trigger: ".o_customer_service_spelling_context:has(mark:contains('jutrro'))",
        },
        { trigger: ".o_customer_service_spelling_suggestion:contains('jutro')", run: "click" },
        { trigger: ".o_customer_service_spelling_finish:contains('Send')", run: "click" },
        { trigger: ".o_customer_service_answer_line[data-state=sent]:eq(1)" },
    ],
});

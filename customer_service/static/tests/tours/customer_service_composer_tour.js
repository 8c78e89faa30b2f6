import { registry } from "@web/core/registry";

const INPUT = ".o-mail-Chatter-top .o-mail-Composer-input";
const SEND = ".o-mail-Composer-send:enabled:contains('Send to customer')";
const PICKER = ".o_customer_service_picker_body";
const ANSWER = "The lamp left us today.";

/** What the text box holds, in this order. */
function holds(input, ...parts) {
    let from = 0;
    for (const part of parts) {
        const index = input.value.indexOf(part, from);
        if (index < 0) {
            throw new Error(`“${part}” is not where it should be in “${input.value}”`);
        }
        from = index + part.length;
    }
}

function pick(button, name, text) {
    return [
        { trigger: `.o-mail-Composer button[title^='${button}']`, run: "click" },
        { trigger: `${PICKER} input`, run: `edit ${name}` },
        {
            content: "Only what was searched for is left",
            trigger: `${PICKER}:not(:has(.o_customer_service_picker_item:eq(1))) .o_customer_service_picker_item:contains('${name}')`,
        },
        { trigger: `${PICKER} input`, run: "press Enter" },
        { trigger: `body:not(:has(${PICKER})) ${INPUT}:value(/${text}/)` },
    ];
}

registry.category("web_tour.tours").add("customer_service_composer_tour", {
    url: "/odoo/cases",
    steps: () => [
        {
            trigger: `.o_data_row:contains("Where is my lamp?") .o_data_cell[name=name]`,
            run: "click",
        },
        {
            content: "One message waits; show it",
            trigger: ".o_customer_service_oldest:contains('Show it')",
            run: "click",
        },
        { trigger: ".o-mail-Message.o-highlighted" },
        { trigger: ".o-mail-Chatter-sendMessage", run: "click" },
        {
            content: "The answer starts with the team's greeting and closing",
            trigger: `${INPUT}:value(/Hello Anna Kowalska,\\s+Kind regards/)`,
        },
        {
            content: "Which is no answer yet",
            trigger: SEND,
            run: "click",
        },
        { trigger: ".o_notification:contains('only greeting and closing')" },
        {
            content: "It does not become a note",
            trigger: ".o-mail-Chatter-logNote",
            run: "click",
        },
        { trigger: `.o-mail-Chatter[data-composer=note] ${INPUT}:value(/^$/)` },
        { trigger: ".o-mail-Chatter-sendMessage", run: "click" },
        { trigger: `${INPUT}:value(/Hello Anna Kowalska/)` },
        ...pick("Templates", "Sending back", "Send it back"),
        ...pick("Canned", "sorry", "We are sorry, Anna"),
        ...pick("Canned", "track", "today is the day"),
        {
            content: "All is between greeting and closing, filled in",
            trigger: `${INPUT}:value(/today is the day/)`,
            run() {
                holds(
                    this.anchor,
                    "Hello Anna Kowalska,",
                    "Send it back to us",
                    "We are sorry, Anna Kowalska.",
                    "today is the day",
                    "Kind regards",
                );
            },
        },
        { trigger: ".o-mail-AttachmentList:contains('label.txt')" },
        {
            content: "Press twice",
            trigger: SEND,
            run() {
                this.anchor.click();
                this.anchor.click();
            },
        },
        {
            content: "It is held; take it back",
            trigger: ".o_customer_service_undo",
            run: "click",
        },
        {
            content: "All of it is back",
            trigger: `${INPUT}:value(/today is the day/)`,
            run() {
                holds(this.anchor, "Hello", "Send it back", "We are sorry", "Kind regards");
            },
        },
        { trigger: ".o-mail-AttachmentList:contains('label.txt')" },
        { trigger: `body:not(:has(.o_customer_service_held_answer))` },
        { trigger: INPUT, run: `edit ${ANSWER}` },
        { trigger: SEND, run: "click" },
        { trigger: ".o_customer_service_held_answer:contains('Sent in')" },
        {
            content: "It leaves by itself",
            trigger: `.o-mail-Message:contains("${ANSWER}")`,
            timeout: 20000,
        },
        {
            content: "Go on with the next one who waits",
            trigger: ".o_customer_service_held_answer:contains('Sent') .o_customer_service_held_next",
            run: "click",
        },
        { trigger: ".o_last_breadcrumb_item:contains('Broken shade')" },
        {
            content: "It can be answered later, too",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        { trigger: `${INPUT}:value(/Kind regards/)` },
        { trigger: INPUT, run: "edit We call you tomorrow." },
        { trigger: ".o_customer_service_later:enabled", run: "click" },
        { trigger: `.o_customer_service_picker_item:contains('Tomorrow morning')`, run: "click" },
        { trigger: ".o-mail-Scheduled-Message:contains('We call you tomorrow.')" },
    ],
});

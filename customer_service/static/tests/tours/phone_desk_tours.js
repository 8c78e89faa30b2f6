import * as hoot from "@odoo/hoot-dom";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** A customer whom we know, with one new matter, costs at most this many keys beside the text. */
const MOST_KEYS = 12;

/** What an agent does without the mouse: the cursor has to be there already. */
const type = (trigger, text) => ({
    content: `Type “${text}” where the cursor is`,
    trigger: `${trigger}:focus`,
    run: () => hoot.edit(text, { confirm: false }),
});

const press = (trigger, key) => ({
    content: `Press ${key} where the cursor is`,
    trigger: `${trigger}:focus`,
    run: `press ${key}`,
});

const WHO = "#phone_desk_who";
const ABOUT = ".o_phone_desk_about";
const part = (name) => `.o_phone_desk_matter:last [data-focus$="-${name}"]`;
const TYPE = `${part("type")} input`;
const ORDER = `${part("order")} input`;
const NAME = part("name");
const DESCRIPTION = part("description");
const RESOURCES = `${part("resources")} input:first`;
const OUTCOME = `${part("outcome")} input:first`;
const FOLLOW_UP = part("follow-up");
const DONE = ".o_phone_desk_done";

let keys = [];

/** Count what is pressed beside the text itself. */
function countKeys() {
    keys = [];
    browser.addEventListener(
        "keydown",
        (ev) => {
            const isText =
                ev.key.length === 1 && !ev.ctrlKey && !ev.altKey && ev.target.matches("input[type=text], textarea");
            if (!isText && !["Control", "Alt", "Shift"].includes(ev.key)) {
                keys.push(ev.key);
            }
        },
        { capture: true },
    );
}

registry.category("web_tour.tours").add("customer_service_phone_desk_known_tour", {
    url: "/odoo/phone-desk",
    steps: () => [
        {
            content: "The cursor waits for the caller",
            trigger: `${WHO}:focus`,
            run: countKeys,
        },
        type(WHO, "601-234-567"),
        {
            content: "She never called before, and the number is written in another way",
            trigger: ".o_phone_desk_candidate.active:contains('Anna Kowalska')",
        },
        press(WHO, "Enter"),
        {
            content: "Who it is stands beside it",
            trigger: ".o_phone_desk_card:contains('Anna Kowalska'):contains('Lampy Kowalska')",
        },
        press(ABOUT, "n"),
        press(TYPE, "Enter"),
        press(ORDER, "Enter"),
        type(NAME, "Lamp flickers"),
        press(NAME, "Enter"),
        type(DESCRIPTION, "Since yesterday. The bulb was loose."),
        press(DESCRIPTION, "Tab"),
        press(RESOURCES, "Enter"),
        press(OUTCOME, "s"),
        press(DONE, "Enter"),
        {
            content: "It is recorded, and the cursor waits for the next caller",
            trigger: ".o_phone_desk_result:contains('Anna Kowalska'):contains('Lamp flickers'):contains('Resolved')",
        },
        {
            trigger: `${WHO}:focus`,
            run() {
                if (keys.length > MOST_KEYS) {
                    throw new Error(`${keys.length} keys beside the text: ${keys.join(", ")}`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_phone_desk_unknown_tour", {
    url: "/odoo/phone-desk",
    steps: () => [
        type(WHO, "Jan Zielony"),
        {
            trigger: ".o_phone_desk_candidate.o_phone_desk_new.active",
        },
        press(WHO, "Enter"),
        type("#phone_desk_person_phone", "0601 999 888"),
        press("#phone_desk_person_phone", "Enter"),
        type("#phone_desk_person_email", "jan@zielony.example"),
        press("#phone_desk_person_email", "Enter"),
        press("#phone_desk_person_zip", "Enter"),
        press("#phone_desk_person_other", "Enter"),

        press(ABOUT, "n"),
        press(TYPE, "Enter"),
        press(ORDER, "Enter"),
        type(NAME, "Wants a catalogue"),
        press(NAME, "Enter"),
        press(DESCRIPTION, "Tab"),
        press(RESOURCES, "Enter"),
        press(OUTCOME, "s"),

        {
            content: "There is something else",
            trigger: `${DONE}:focus`,
            run: "press Alt+a",
        },
        press(ABOUT, "n"),
        {
            content: "The page is loaded again in the middle of it",
            trigger: `${TYPE}:focus`,
            run: () => browser.location.reload(),
            expectUnloadPage: true,
        },
        {
            content: "Nothing is lost",
            trigger: ".o_phone_desk_matter:first input:value('Wants a catalogue')",
        },
        press(TYPE, "Enter"),
        press(ORDER, "Enter"),
        type(NAME, "Opening hours on Sunday"),
        press(NAME, "Enter"),
        type(DESCRIPTION, "Asked for the shop in Kraków."),
        press(DESCRIPTION, "Tab"),
        press(RESOURCES, "Enter"),
        press(OUTCOME, "f"),
        type(FOLLOW_UP, "Ask the shop and call back"),
        press(FOLLOW_UP, "Enter"),
        {
            content: "Pressed twice, it is recorded once",
            trigger: `${DONE}:focus`,
            async run() {
                await Promise.all([hoot.press("Enter"), hoot.press("Enter")]);
            },
        },
        {
            trigger:
                ".o_phone_desk_result:contains('Jan Zielony'):contains('Wants a catalogue'):contains('Opening hours')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_phone_desk_mismatch_tour", {
    steps: () => [
        type(WHO, "Bob Baker"),
        {
            trigger: ".o_phone_desk_candidate.active:contains('Bob Baker')",
        },
        press(WHO, "Enter"),
        {
            trigger: ".o_phone_desk_card:contains('Bob Baker')",
        },
        press(ABOUT, "n"),
        press(TYPE, "Enter"),
        type(ORDER, "FOREIGN"),
        {
            trigger: ".o-autocomplete--dropdown-item:contains('FOREIGN1'):contains('Anna Kowalska')",
        },
        press(ORDER, "Enter"),
        type(NAME, "Where is it?"),
        {
            content: "Ctrl+Enter is Done, wherever the cursor is; the end is still missing",
            trigger: `${NAME}:focus`,
            run: "press Control+Enter",
        },
        {
            trigger: ".o_phone_desk_footer .alert-danger:contains('Is it solved')",
        },
        press(OUTCOME, "s"),
        press(DONE, "Enter"),
        {
            content: "The order is somebody else's: nothing is recorded, and there are ways out",
            trigger: ".modal:contains('FOREIGN1'):contains('Lampy Kowalska'):contains('Bob Baker')",
        },
        {
            trigger: ".modal .o_phone_desk_repair:contains('The caller is')",
            run: "click",
        },
        {
            content: "It is Anna then; what was typed is still there",
            trigger: ".o_phone_desk_card:contains('Anna Kowalska')",
        },
        {
            trigger: ".o_phone_desk_matter input:value('Where is it?')",
        },
        {
            trigger: DONE,
            run: "click",
        },
        {
            trigger: ".o_phone_desk_result:contains('Anna Kowalska'):contains('Where is it?')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_phone_desk_incoming_tour", {
    steps: () => [
        {
            content: "One person has this number: they are there without a key",
            trigger: ".o_phone_desk_card:contains('Anna Kowalska')",
        },
        {
            content: "The clock runs",
            trigger: ".o_phone_desk_clock.btn-success",
        },
        press(ABOUT, "1"),
        type(DESCRIPTION, "It is still missing."),
        press(DESCRIPTION, "Tab"),
        press(RESOURCES, "Enter"),
        press(OUTCOME, "f"),
        type(FOLLOW_UP, "Ask the carrier"),
        press(FOLLOW_UP, "Enter"),
        press(DONE, "Enter"),
        {
            trigger: ".o_phone_desk_result:contains('Anna Kowalska'):contains('Where is my lamp?')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_phone_desk_from_case_tour", {
    steps: () => [
        {
            trigger: ".o_form_statusbar .o_customer_service_more",
            run: "click",
        },
        {
            content: "The customer of this case is on the line",
            trigger: ".o-dropdown--menu .dropdown-item:contains('Record Contact')",
            run: "click",
        },
        {
            content: "Customer and case are filled in",
            trigger: ".o_phone_desk_matter:contains('Where is my lamp?')",
        },
        {
            trigger: ".o_phone_desk_card:contains('Anna Kowalska')",
        },
        type(DESCRIPTION, "It has arrived."),
        press(DESCRIPTION, "Tab"),
        press(RESOURCES, "Enter"),
        press(OUTCOME, "s"),
        press(DONE, "Enter"),
        {
            trigger: ".o_phone_desk_result:contains('Resolved')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_phone_desk_error_tour", {
    url: "/odoo/phone-desk",
    steps: () => [
        type(WHO, "Anna Kowalska"),
        {
            trigger: ".o_phone_desk_candidate.active:contains('Anna Kowalska')",
        },
        press(WHO, "Enter"),
        press(ABOUT, "n"),
        press(TYPE, "Enter"),
        press(ORDER, "Enter"),
        type(NAME, "Lamp flickers"),
        press(NAME, "Enter"),
        press(DESCRIPTION, "Tab"),
        press(RESOURCES, "Enter"),
        press(OUTCOME, "s"),
        press(DONE, "Enter"),
        {
            content: "What the server refused is said in words, and everything typed is still there",
            trigger: ".o_phone_desk_footer .alert-danger:contains('The shop is closed')",
        },
        {
            trigger: ".o_phone_desk_matter input:value('Lamp flickers')",
        },
    ],
});

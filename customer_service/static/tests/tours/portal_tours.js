import { registry } from "@web/core/registry";

/**
 * @param {string} name
 * @returns {DataTransfer} what a file dialog or a drag brings
 */
function fileTransfer(name) {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["content of " + name], name, { type: "text/plain" }));
    return transfer;
}

function chooseFile(name) {
    return {
        content: `choose ${name} in the file dialog`,
        trigger: ".o_cs_ready input[name='attachment'][multiple]:not(:visible)",
        run({ anchor }) {
            anchor.files = fileTransfer(name).files;
            anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

function dropFile(name) {
    return {
        content: `drop ${name} on the answer`,
        trigger: "form.o_cs_answer.o_cs_ready",
        run({ anchor }) {
            const dataTransfer = fileTransfer(name);
            anchor.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer }));
        },
    };
}

registry.category("web_tour.tours").add("customer_service_portal_customer", {
    steps: () => [
        {
            content: "home says that something waits",
            trigger: ".o_portal_index_card:contains('Requests waiting for you'):contains('1')",
        },
        {
            content: "open the list",
            trigger: ".o_portal_index_card a[title='My requests']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "both requests are there",
            trigger: ".o_cs_table:contains('Another matter'):contains('Where is my lamp?')",
        },
        {
            trigger: ".o_portal_search_panel input[name='search']",
            run: "edit lamp",
        },
        {
            trigger: ".o_portal_search_panel button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "only one is left",
            trigger: ".o_cs_table:not(:contains('Another matter')) a:contains('Where is my lamp?')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it is my turn",
            trigger: ".o_cs_next_step:contains('your turn')",
        },
        {
            trigger: ".o_cs_message_ours:contains('Which lamp is it?')",
        },
        {
            content: "an empty answer is not sent",
            trigger: ".o_cs_ready .o_cs_send",
            run: "click",
        },
        {
            trigger: ".o_cs_problem:contains('Please write something first.')",
        },
        {
            trigger: "textarea[name='body']",
            run: "edit The brass one",
        },
        chooseFile("lamp.txt"),
        {
            content: "the problem is gone",
            trigger: ".o_cs_answer:not(:has(.o_cs_problem)) .o_cs_chosen:contains('lamp.txt')",
        },
        dropFile("shade.txt"),
        dropFile("mistake.txt"),
        {
            trigger: ".o_cs_chosen li:contains('mistake.txt') button",
            run: "click",
        },
        {
            trigger: ".o_cs_chosen:contains('lamp.txt'):contains('shade.txt'):not(:contains('mistake.txt'))",
        },
        {
            trigger: ".o_cs_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_cs_thanks:contains('we have your message')",
        },
        {
            trigger: ".o_cs_message_customer:contains('The brass one') .o_cs_file:contains('lamp.txt')",
        },
        {
            trigger: ".o_cs_badge_working",
        },
        {
            trigger: ".o_cs_ready .o_cs_solved",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_cs_badge_solved",
        },
        {
            trigger: "textarea[name='body']",
            run: "edit It broke again",
        },
        {
            trigger: ".o_cs_ready .o_cs_reopen",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_cs_message_customer:contains('It broke again')",
        },
        {
            trigger: ".o_cs_badge_working",
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_portal_guest", {
    steps: () => [
        {
            content: "this request and no way to others",
            trigger: "#wrapwrap > main:not(:has(a[href^='/my'])) h1:contains('A stranger asks')",
        },
        {
            trigger: ".o_cs_message_ours:contains('Yes, it is dimmable.')",
        },
        {
            trigger: "textarea[name='body']",
            run: "edit Thank you, one more question",
        },
        chooseFile("plan.txt"),
        {
            trigger: ".o_cs_chosen:contains('plan.txt')",
        },
        {
            trigger: ".o_cs_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_cs_message_customer:contains('one more question') b:contains('You')",
        },
        {
            trigger: ".o_cs_ready .o_cs_solved",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_cs_badge_solved",
        },
    ],
});

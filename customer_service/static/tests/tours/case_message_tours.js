import { registry } from "@web/core/registry";

const MAIL = ".o_customer_service_mail";
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Tell the server elsewhere how far we are: it notes in what order it is asked. */
async function tellElsewhere(word) {
    await wait(1000);
    const url = document.querySelector(MAIL).shadowRoot.querySelector(".counter").textContent;
    await fetch(`${url}/${word}`);
}

registry.category("web_tour.tours").add("customer_service_case_pictures", {
    steps: () => [
        {
            content: "The mail is shown, and says that its pictures are blocked",
            trigger: `.o-mail-Message:has(${MAIL}) .o_customer_service_blocked`,
            run: () => tellElsewhere("before"),
        },
        {
            content: "What the customer wrote in another way is blocked too",
            trigger: ".o-mail-Message:not(:has(.o_customer_service_mail)) .o_customer_service_blocked",
        },
        {
            content: "Ask for the pictures of the mail",
            trigger: `.o-mail-Message:has(${MAIL}) .o_customer_service_blocked button`,
            run: "click",
        },
        {
            content: "The line is gone from the mail only",
            trigger: `.o-mail-Chatter:has(.o_customer_service_blocked) .o-mail-Message:has(${MAIL}):not(:has(.o_customer_service_blocked))`,
            run: () => tellElsewhere("after"),
        },
    ],
});

const badge = (check, word) => ({
    content: `The mail says: ${word}`,
    trigger: `.o-mail-Message .o_customer_service_sender[data-check='${check}']:contains('${word}')`,
});

registry.category("web_tour.tours").add("customer_service_case_messages", {
    steps: () => [
        badge("verified", "verified sender"),
        badge("unverified", "not verified"),
        badge("failed", "sender check failed"),
        {
            content: "What was quoted is folded, and the button has a word",
            trigger: `.o-mail-Message ${MAIL}:shadow .o-mail-ellipsis:contains('Quoted text')`,
            run() {
                const root = this.anchor.getRootNode();
                const [quoteEl, ...others] = root.querySelectorAll("[data-o-mail-quote]");
                if (others.length || quoteEl.checkVisibility()) {
                    throw new Error("The quotation is to be folded, and nothing else");
                }
                if (!root.querySelector(".o_customer_service_signature")?.checkVisibility()) {
                    throw new Error("The signature is to be seen");
                }
                this.anchor.click();
                if (!quoteEl.checkVisibility()) {
                    throw new Error("The quotation is to be unfolded");
                }
            },
        },
        {
            content: "An automatic reply is one line",
            trigger:
                ".o_customer_service_folded:not(:has(.o-mail-Message-core:visible)) .o_customer_service_machine_line:contains('Automatic reply'):contains('Out of office')",
            run: "click",
        },
        {
            content: "Which opens",
            trigger: `.o_customer_service_machine:not(.o_customer_service_folded) ${MAIL}:shadow p:contains('holiday')`,
        },
    ],
});

registry.category("web_tour.tours").add("customer_service_attached_mail", {
    steps: () => [
        {
            content: "Open the attached mail",
            trigger:
                ".o-mail-Message .o-mail-AttachmentContainer[data-mimetype='message/rfc822'] .o-mail-AttachmentCard-info",
            run: "click",
        },
        {
            content: "It says from whom it is, and what",
            trigger: ".o_dialog:contains('Your parcel'):contains('shipping@carrier.example') b:contains('lost')",
        },
        {
            content: "Its pictures are blocked",
            trigger: ".o_dialog .o_customer_service_blocked",
        },
        {
            trigger: ".o_dialog .modal-footer button:contains('Back to the case')",
            run: "click",
        },
        {
            content: "One dialog was open, not two",
            trigger: "body:not(:has(.o_dialog))",
        },
    ],
});

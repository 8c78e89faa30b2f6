const QUOTE = "data-o-mail-quote";

/** What mail programs put around a signature: as the server marks it, and as the host leaves it. */
const SIGNATURES = `[${QUOTE}="signature"], .gmail_signature, .moz-signature, .o_mail_signature, #Signature, #signature`;

/** Two dashes alone on their line, as the standard has it. */
const DASHES = /^\s*--[ \u00a0]?\s*(\n|$)/;

/** Whoever writes more than this below the dashes has quoted something. */
const LONGEST = 1000;

/**
 * Set signatures apart from what is quoted: they are small, but not folded, since a phone number
 * in them is what one looks for.
 *
 * @param {HTMLElement} bodyEl of a message
 */
export function setSignaturesApart(bodyEl) {
    for (const el of bodyEl.querySelectorAll(`${SIGNATURES}, [${QUOTE}]`)) {
        const isInside = el.parentElement.closest(`[${QUOTE}], .o_customer_service_signature`);
        if (isInside || !(el.matches(SIGNATURES) || isBelowDashes(el)) || hasQuotation(el)) {
            continue;
        }
        for (const markedEl of [el, ...el.querySelectorAll(`[${QUOTE}]`)]) {
            markedEl.removeAttribute(QUOTE);
        }
        el.classList.add("o_customer_service_signature");
    }
}

function isBelowDashes(el) {
    // A line break is text here, whatever the element is.
    const text = [...el.childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("");
    return DASHES.test(text) && text.length < LONGEST;
}

function hasQuotation(el) {
    return el.querySelector("blockquote") || /^>/m.test(el.textContent);
}

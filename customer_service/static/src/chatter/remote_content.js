import { markup } from "@odoo/owl";
import { createDocumentFragmentFromContent } from "@web/core/utils/html";

/** Where the server puts the attributes that would load something from the internet. */
const BLOCKED = "data-customer-service-blocked";

/** What may come back from there: never a script. */
const LOADING =
    /^([\w-]+:)?(background|data|href|lowsrc|poster|src|srcset|style)$|^(clip-path|cursor|fill|filter|mask|stroke)$/;

/**
 * @param {string|ReturnType<markup>} body of a message
 * @returns {boolean} whether something was left out of it
 */
export function hasBlocked(body) {
    if (!body || !body.includes(BLOCKED)) {
        return false;
    }
    return Boolean(createDocumentFragmentFromContent(body).querySelector(`[${BLOCKED}]`));
}

/**
 * @param {ReturnType<markup>} body of a message, as the server sends it
 * @returns {ReturnType<markup>} the same with everything that was left out
 */
export function withPictures(body) {
    // This document is parsed and never shown: nothing in it is loaded.
    const doc = createDocumentFragmentFromContent(body);
    for (const el of doc.querySelectorAll(`[${BLOCKED}]`)) {
        const attributes = Object.entries(JSON.parse(el.getAttribute(BLOCKED)));
        el.removeAttribute(BLOCKED);
        for (const [name, value] of attributes.filter(([name]) => LOADING.test(name))) {
            el.setAttribute(name, value);
        }
        // The other side need not know which page of ours the picture is on.
        el.setAttribute("referrerpolicy", "no-referrer");
    }
    // markup: the body as it was sanitized when the message came in
    return markup(doc.body.innerHTML);
}

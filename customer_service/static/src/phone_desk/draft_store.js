import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";

/**
 * What is typed at the phone desk outlives a reload of the page, but not the browser's window:
 * what people tell must not stay on a computer that others use too.
 */
const storageKey = () => `customer_service.phone_desk.${user.userId}`;

export function loadDrafts() {
    try {
        return JSON.parse(browser.sessionStorage.getItem(storageKey()));
    } catch {
        return null;
    }
}

export function saveDrafts(draft, parked) {
    try {
        browser.sessionStorage.setItem(storageKey(), JSON.stringify({ draft, parked }));
    } catch {
        // Full or forbidden: the recording works without.
    }
}

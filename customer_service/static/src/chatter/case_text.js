/**
 * Templates are HTML, the small composer holds text: how the one becomes the other, and where
 * the cursor goes.
 */

/** Stands where the cursor goes, in a range of characters that nobody types. */
const CURSOR = "\uE000";

const PARAGRAPHS = ["P", "H1", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "TABLE", "BLOCKQUOTE", "PRE"];
const LINES = ["DIV", "LI", "TR", "SECTION", "ARTICLE", "HEADER", "FOOTER"];
const SILENT = ["STYLE", "SCRIPT", "HEAD", "TITLE"];

/**
 * @param {Element} root
 * @returns {Element|undefined} the first empty paragraph, in which an answer is to be written
 */
export function findPlace(root) {
    return [...root.querySelectorAll("p, div")].find(
        (block) => !block.textContent.trim() && !block.querySelector("img, hr, table, p, div"),
    );
}

/** @returns {string} the address of a link, where its words do not say it */
function addressOf(node) {
    const href = node.getAttribute("href") || "";
    const shown = node.textContent.trim();
    return /^https?:/.test(href) && href !== shown ? ` (${href})` : "";
}

function toText(node) {
    if (node.nodeType === Node.TEXT_NODE) {
        return node.nodeValue.replace(/\s+/g, " ");
    }
    if (node.nodeType !== Node.ELEMENT_NODE || SILENT.includes(node.tagName)) {
        return "";
    }
    if (node.tagName === "BR") {
        return "\n";
    }
    const text = [...node.childNodes].map(toText).join("");
    if (node.tagName === "A") {
        return text + addressOf(node);
    }
    if (node.tagName === "LI") {
        const isNumbered = node.parentElement?.tagName === "OL";
        const sign = isNumbered ? `${[...node.parentElement.children].indexOf(node) + 1}.` : "-";
        return `\n${sign} ${text.trim()}`;
    }
    if (PARAGRAPHS.includes(node.tagName)) {
        return `\n\n${text}\n\n`;
    }
    return LINES.includes(node.tagName) ? `\n${text}\n` : text;
}

/**
 * @param {string} html
 * @returns {{ text: string, cursor: number, words: string }} the text, where the cursor goes in it
 *      (-1: there is no empty paragraph), and the mere words, to compare
 */
export function textOf(html) {
    const { body } = new DOMParser().parseFromString(String(html), "text/html");
    const words = wordsOf(body.textContent);
    findPlace(body)?.replaceChildren(CURSOR);
    const marked = toText(body)
        .replace(/[ \t]*\n[ \t]*/g, "\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim();
    return { text: marked.replace(CURSOR, ""), cursor: marked.indexOf(CURSOR), words };
}

/** @returns {string} a text without any space, as an editor may add some */
export function wordsOf(text) {
    return text.replace(/\s+/g, "");
}

/**
 * What is written in a composer, as the spell check sees it: places count the characters of the
 * text, or of ``textContent`` of the editor.
 */

/** The plain text of the small composer. */
export class PlainText {
    /** @param {Object} composer the record of the composer */
    constructor(composer) {
        this.composer = composer;
    }

    get content() {
        return { content: this.composer.composerText, html: false };
    }

    /** @returns {boolean} false when the word is not there any more */
    replace(offset, word, replacement) {
        const text = this.composer.composerText;
        if (!text.startsWith(word, offset)) {
            return false;
        }
        this.composer.composerText = text.slice(0, offset) + replacement + text.slice(offset + word.length);
        return true;
    }

    done() {}
}

/** The text in an editor, with its formats. */
export class EditorText {
    /** @param {Object} editor the editor */
    constructor(editor) {
        this.editor = editor;
    }

    get content() {
        return { content: this.editor.editable.innerHTML, html: true };
    }

    /** @returns {boolean} false when the word is not there any more */
    replace(offset, word, replacement) {
        const range = rangeOf(this.editor.editable, offset, word.length);
        if (range?.toString() !== word) {
            return false;
        }
        const { startContainer: node, startOffset: start } = range;
        range.deleteContents();
        node.insertData(start, replacement);
        return true;
    }

    /** One step back in the editor undoes everything that was replaced since. */
    done() {
        this.editor.shared.history.addStep();
    }
}

/**
 * @param {Element} root
 * @param {number} offset where in the text of the element
 * @param {number} length
 * @returns {Range|null}
 */
function rangeOf(root, offset, length) {
    const range = root.ownerDocument.createRange();
    const walker = root.ownerDocument.createTreeWalker(root, window.NodeFilter.SHOW_TEXT);
    let position = 0;
    let isStarted = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const end = position + node.length;
        if (!isStarted && offset < end) {
            range.setStart(node, offset - position);
            isStarted = true;
        }
        if (isStarted && offset + length <= end) {
            range.setEnd(node, offset + length - position);
            return range;
        }
        position = end;
    }
    return null;
}

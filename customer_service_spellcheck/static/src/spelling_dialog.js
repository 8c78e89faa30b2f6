import { Component, onMounted, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";

const MOST_SUGGESTIONS = 5;

/** The misspelt words of an answer, one after the other, for the mouse, a finger or the keyboard. */
export class SpellingDialog extends Component {
    static template = "customer_service_spellcheck.SpellingDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        language: { type: String, optional: true },
        learn: Function,
        replace: Function,
        send: { type: Function, optional: true },
        sendText: { type: String, optional: true },
        suggest: Function,
        words: Array,
    };

    setup() {
        this.primary = useRef("primary");
        this.state = useState({
            current: 0,
            entries: this.props.words.map((entry) => ({ ...entry, outcome: "" })),
        });
        for (let digit = 1; digit <= MOST_SUGGESTIONS; digit++) {
            useHotkey(String(digit), () => this.pick(this.suggestions[digit - 1]));
        }
        useHotkey("i", () => this.ignore());
        useHotkey("a", () => this.learn());
        useHotkey("enter", () => this.onEnter());
        useHotkey("arrowdown", () => this.move(1), { allowRepeat: true });
        useHotkey("arrowup", () => this.move(-1), { allowRepeat: true });
        onWillStart(() => this.completeSuggestions());
        onMounted(() => this.primary.el?.focus());
        useEffect(
            () => {
                this.completeSuggestions();
                this.primary.el?.focus();
            },
            () => [this.state.current],
        );
    }

    get title() {
        return this.props.language ? _t("Spelling: %s", this.props.language) : _t("Spelling");
    }

    get entry() {
        return this.state.entries[this.state.current];
    }

    get suggestions() {
        return this.entry.outcome ? [] : this.entry.suggestions || [];
    }

    get open() {
        return this.state.entries.filter(({ outcome }) => !outcome).length;
    }

    get primaryText() {
        if (!this.props.send) {
            return _t("Done");
        }
        return this.open ? _t("Send anyway") : this.props.sendText;
    }

    /** Suggestions that took too long to come with the words are asked for when one gets there. */
    async completeSuggestions() {
        const entry = this.entry;
        if (entry.suggestions === null) {
            entry.suggestions = undefined;
            entry.suggestions = await this.props.suggest(entry.word);
        }
    }

    select(index) {
        this.state.current = index;
    }

    move(step) {
        const count = this.state.entries.length;
        this.select((this.state.current + step + count) % count);
    }

    pick(suggestion) {
        if (!suggestion) {
            return;
        }
        const entry = this.entry;
        const grown = suggestion.length - entry.word.length;
        const places = entry.offsets.toSorted((one, other) => other - one);
        for (const place of places) {
            if (!this.props.replace(place, entry.word, suggestion)) {
                continue;
            }
            for (const other of this.state.entries) {
                other.offsets = other.offsets.map((offset) => (offset > place ? offset + grown : offset));
            }
        }
        this.settle("replaced", suggestion);
    }

    ignore() {
        if (!this.entry.outcome) {
            this.settle("ignored");
        }
    }

    async learn() {
        const entry = this.entry;
        if (!entry.outcome) {
            this.settle("learnt");
            await this.props.learn(entry.word);
        }
    }

    /** Note what became of the word and go to the next that is open. */
    settle(outcome, replacement = "") {
        Object.assign(this.entry, { outcome, replacement });
        const { current, entries } = this.state;
        const order = [...entries.keys()].map((step) => (current + step) % entries.length);
        const next = order.find((index) => !entries[index].outcome);
        if (next !== undefined) {
            this.select(next);
        }
        this.primary.el?.focus();
    }

    /** A suggestion that was reached with the Tab key is picked, else the answer goes out. */
    onEnter() {
        const focused = document.activeElement;
        if (focused?.closest(".o_customer_service_spelling") && focused !== this.primary.el) {
            focused.click();
        } else {
            this.finish();
        }
    }

    finish() {
        this.props.send?.();
        this.props.close();
    }
}

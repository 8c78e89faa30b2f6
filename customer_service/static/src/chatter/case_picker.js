import { Component, useRef, useState } from "@odoo/owl";
import { useAutofocus } from "@web/core/utils/hooks";
import { normalize } from "@web/core/l10n/utils";

/** A short list to choose from, with a search and without the mouse. */
export class CasePicker extends Component {
    static template = "customer_service.CasePicker";
    static props = {
        close: Function,
        /** Each has an id, a name, and perhaps a text that is shown below it. */
        items: Array,
        empty: String,
        onSelect: Function,
        search: { type: String, optional: true },
    };

    setup() {
        this.state = useState({ term: "", active: 0 });
        this.listRef = useRef("list");
        useAutofocus({ refName: this.props.search ? "search" : "list" });
    }

    get items() {
        const terms = normalize(this.state.term).split(/\s+/).filter(Boolean);
        return this.props.items.filter((item) => {
            const words = normalize(`${item.name} ${item.text || ""}`);
            return terms.every((term) => words.includes(term));
        });
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        this.state.active = 0;
    }

    onKeydown(ev) {
        const last = this.items.length - 1;
        if (ev.key === "ArrowDown") {
            this.state.active = Math.min(this.state.active + 1, last);
        } else if (ev.key === "ArrowUp") {
            this.state.active = Math.max(this.state.active - 1, 0);
        } else if (ev.key === "Enter") {
            this.select(this.items[this.state.active]);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        this.listRef.el?.children[this.state.active]?.scrollIntoView({ block: "nearest" });
    }

    select(item) {
        if (item) {
            this.props.close();
            this.props.onSelect(item);
        }
    }
}

import { Component } from "@odoo/owl";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";

/**
 * A few words of a picklist beside each other. One stop of the Tab key: arrows go from word to
 * word, Space takes one, Enter goes on.
 */
export class Choices extends Component {
    static template = "customer_service.PhoneDeskChoices";
    static props = {
        name: String,
        label: String,
        focus: { type: String, optional: true },
        multiple: { type: Boolean, optional: true },
        small: { type: Boolean, optional: true },
        /** dicts of `id`, `name` and perhaps `icon` */
        entries: Array,
        chosen: Array,
        onChange: Function,
        onNext: { type: Function, optional: true },
    };

    isChosen(entry) {
        return this.props.chosen.includes(entry.id);
    }

    /** The one that Tab stops at: the first that is chosen, else the first. */
    isTabStop(entry) {
        const stop = this.props.entries.find((other) => this.isChosen(other)) || this.props.entries[0];
        return stop === entry;
    }

    choose(entry) {
        const { chosen, multiple, onChange } = this.props;
        if (!multiple) {
            onChange([entry.id]);
        } else if (this.isChosen(entry)) {
            onChange(chosen.filter((id) => id !== entry.id));
        } else {
            onChange([...chosen, entry.id]);
        }
    }

    onKeydown(ev) {
        const hotkey = getActiveHotkey(ev);
        if (hotkey === "enter") {
            ev.preventDefault();
            this.props.onNext?.();
            return;
        }
        const step = { arrowright: 1, arrowdown: 1, arrowleft: -1, arrowup: -1 }[hotkey];
        if (!step || !this.props.multiple) {
            return; // radio buttons go from one to the other by themselves
        }
        ev.preventDefault();
        const inputs = [...ev.currentTarget.querySelectorAll("input")];
        const index = inputs.indexOf(ev.target);
        inputs[(index + step + inputs.length) % inputs.length].focus();
    }
}

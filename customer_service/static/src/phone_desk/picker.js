import { Component } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";

/**
 * One choice out of a list that may be long: typed in part, taken with Enter. Enter without
 * having typed anything goes on and leaves it as it is.
 */
export class Picker extends Component {
    static template = "customer_service.PhoneDeskPicker";
    static components = { AutoComplete };
    static props = {
        id: String,
        label: String,
        focus: String,
        value: { type: String, optional: true },
        placeholder: { type: String, optional: true },
        /** gets what is typed, returns entries with `id` and `name`, or a promise of them */
        search: Function,
        onPick: Function,
        onNext: Function,
    };
    static defaultProps = { value: "", placeholder: "" };

    get sources() {
        return [{ options: (request) => this.options(request), optionSlot: "option" }];
    }

    options(request) {
        const found = this.props.search(request);
        return found instanceof Promise ? found.then((entries) => this.toOptions(entries)) : this.toOptions(found);
    }

    toOptions(entries) {
        return entries.map((entry) => ({
            label: entry.name,
            data: entry,
            onSelect: () => this.props.onPick(entry),
        }));
    }

    onChange({ inputValue }) {
        if (!inputValue.trim()) {
            this.props.onPick(null);
        }
    }

    onKeydown(ev) {
        if (getActiveHotkey(ev) === "enter") {
            ev.preventDefault();
            this.props.onNext();
        }
    }
}

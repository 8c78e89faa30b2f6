import { Component, onWillUpdateProps, useRef, useState } from "@odoo/owl";

const ICONS = {
    danger: "fa-exclamation-circle",
    warning: "fa-exclamation-triangle",
    success: "fa-star",
    info: "fa-star",
    secondary: "fa-chain-broken",
};

/**
 * What must not be overlooked, one card at a time: the words of all of them are tabs, the arrow
 * keys and the buttons step through.
 */
export class Alerts extends Component {
    static template = "customer_service.Alerts";
    static props = { alerts: Array, hotkey: { type: String, optional: true } };

    setup() {
        this.root = useRef("root");
        this.state = useState({ index: 0 });
        onWillUpdateProps(({ alerts }) => {
            const keys = JSON.stringify(alerts.map((alert) => alert.key));
            if (keys !== JSON.stringify(this.props.alerts.map((alert) => alert.key))) {
                this.state.index = 0;
            }
        });
    }

    get count() {
        return this.props.alerts.length;
    }

    get current() {
        return this.props.alerts[this.state.index] || this.props.alerts[0];
    }

    get icon() {
        return ICONS[this.current.kind] || ICONS.warning;
    }

    get href() {
        return `/odoo/${this.current.model}/${this.current.res_id}`;
    }

    show(index) {
        this.state.index = (index + this.count) % this.count;
    }

    step(by) {
        this.show(this.state.index + by);
    }

    onKeydown(ev) {
        const target = {
            ArrowRight: this.state.index + 1,
            ArrowDown: this.state.index + 1,
            ArrowLeft: this.state.index - 1,
            ArrowUp: this.state.index - 1,
            Home: 0,
            End: this.count - 1,
        }[ev.key];
        if (target !== undefined) {
            ev.preventDefault();
            ev.stopPropagation();
            this.show(target);
            this.root.el.querySelectorAll("[role=tab]")[this.state.index]?.focus();
        }
    }
}

import { Component, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

/** The time spent on this contact, running. */
export class PhoneDeskClock extends Component {
    static template = "customer_service.PhoneDeskClock";
    static props = { recording: Object };

    setup() {
        this.recording = useState(this.props.recording);
        const clock = this.env.services["customer_service.clock"];
        if (clock) {
            useState(clock);
        }
        this.state = useState({ now: Date.now() });
        const timer = browser.setInterval(() => (this.state.now = Date.now()), 1000);
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get text() {
        const seconds = Math.floor(this.recording.elapsed(Math.max(this.state.now, Date.now())) / 1000);
        const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
        const parts = hours ? [hours, minutes, seconds % 60] : [minutes, seconds % 60];
        return parts.map((part) => String(part).padStart(2, "0")).join(":");
    }
}

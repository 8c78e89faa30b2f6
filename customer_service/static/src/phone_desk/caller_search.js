import { Component, useEffect, useState } from "@odoo/owl";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { Deferred } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { CASE_MODEL, IDENTITY_MODEL, INTERACTION_MODEL, ORDER_MODEL, PARTNER_MODEL } from "./recording";

const DELAY = 120;

const KINDS = {
    [PARTNER_MODEL]: { icon: "fa-user", label: _t("Customer") },
    [IDENTITY_MODEL]: { icon: "fa-user-o", label: _t("Unregistered") },
    [ORDER_MODEL]: { icon: "fa-shopping-bag", label: _t("Order") },
    [CASE_MODEL]: { icon: "fa-life-ring", label: _t("Case") },
    [INTERACTION_MODEL]: { icon: "fa-phone", label: _t("Interaction") },
};

/** *Who?*: one field for everything an agent may have at hand, candidates below it. */
export class CallerSearch extends Component {
    static template = "customer_service.PhoneDeskCallerSearch";
    static props = { recording: Object };

    setup() {
        this.recording = useState(this.props.recording);
        this.orm = useService("orm");
        this.state = useState({ candidates: [], active: 0, answered: "", isWaiting: false });
        this.lookupSoon = useDebounced(() => this.lookup(), DELAY);
        // After a reload of the page, and when a telephone system puts a call through.
        useEffect(
            () => {
                if (this.text) {
                    this.onInput();
                }
            },
            () => [this.recording.isIncoming],
        );
    }

    get text() {
        return this.recording.draft.text.trim();
    }

    kind(candidate) {
        return KINDS[candidate.model];
    }

    /** The candidates, and behind them somebody new. */
    get options() {
        const { candidates } = this.state;
        return this.text ? [...candidates, { isNew: true, name: this.text }] : [];
    }

    onInput() {
        this.recording.start();
        this.recording.error = "";
        this.pending ||= new Deferred();
        this.lookupSoon();
    }

    async lookup() {
        const { text, pending } = this;
        let found = [];
        try {
            found = text ? await this.orm.silent.call(IDENTITY_MODEL, "lookup", [text]) : [];
        } catch (error) {
            this.settle(pending, text);
            throw error;
        }
        if (text === this.text) {
            this.state.candidates = found;
            this.state.active = 0;
            this.state.answered = text;
            this.settle(pending, text);
            this.chooseCertain();
        }
    }

    settle(pending, text) {
        if (text === this.text) {
            pending?.resolve();
            this.pending = null;
        }
    }

    /** A call that was put through by the telephone needs no Enter where there is no doubt. */
    chooseCertain() {
        const { candidates } = this.state;
        if (this.recording.isIncoming) {
            this.recording.isIncoming = false;
            if (candidates.length === 1 && candidates[0].certain) {
                this.recording.choose(candidates[0]);
            }
        }
    }

    async choose(index) {
        const option = this.options[index];
        if (!option) {
            return;
        }
        if (option.isNew) {
            this.recording.newPerson();
        } else {
            await this.recording.choose(option);
        }
    }

    async takeActive() {
        if (!this.text || this.state.isWaiting) {
            return;
        }
        // Enter is faster than the server: what it finds for this text is meant.
        this.state.isWaiting = true;
        try {
            await this.pending;
        } finally {
            this.state.isWaiting = false;
        }
        await this.choose(this.state.active);
    }

    onKeydown(ev) {
        const { length } = this.options;
        const hotkey = getActiveHotkey(ev);
        if (hotkey === "enter") {
            this.takeActive();
        } else if (hotkey === "arrowdown" && length) {
            this.state.active = (this.state.active + 1) % length;
        } else if (hotkey === "arrowup" && length) {
            this.state.active = (this.state.active + length - 1) % length;
        } else if (hotkey === "escape" && this.text) {
            this.recording.draft.text = "";
            this.state.candidates = [];
        } else if (!this.state.isWaiting || hotkey === "tab") {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
}

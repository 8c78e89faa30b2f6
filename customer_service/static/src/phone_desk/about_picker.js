import { Component, useEffect, useState } from "@odoo/owl";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Picker } from "./picker";
import { CASE_MODEL } from "./recording";

const MOST_FOUND = 8;

/** *About*: the caller's open cases, numbered, or a new one. */
export class AboutPicker extends Component {
    static template = "customer_service.PhoneDeskAboutPicker";
    static components = { Picker };
    static props = { recording: Object, matter: Object };

    setup() {
        this.recording = useState(this.props.recording);
        this.matter = useState(this.props.matter);
        this.orm = useService("orm");
        this.state = useState({ active: 0, isOther: false, digit: 0 });
        this.otherLabel = _t("Another case");
        useEffect(
            (isLoading) => {
                if (!isLoading && this.state.digit) {
                    const { digit } = this.state;
                    this.state.digit = 0;
                    this.takeCase(digit - 1);
                }
            },
            () => [this.recording.isLoading],
        );
    }

    get cases() {
        return this.recording.openCases(this.matter);
    }

    /** How many there are to choose from: the cases, a new one, another one. */
    get length() {
        return this.cases.length + 2;
    }

    takeCase(index) {
        const found = this.cases[index];
        if (found) {
            this.recording.aboutCase(this.matter, found);
        }
    }

    take(index) {
        const { length } = this.cases;
        if (index < length) {
            this.takeCase(index);
        } else if (index === length) {
            this.recording.aboutNew(this.matter);
        } else {
            this.state.isOther = true;
            this.recording.focusOn(`${this.matter.key}-other`);
        }
    }

    onKeydown(ev) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const hotkey = getActiveHotkey(ev);
        const { length } = this.cases;
        if (/^[1-9]$/.test(hotkey)) {
            if (this.recording.isLoading) {
                this.state.digit = Number(hotkey); // faster than the server
            } else {
                this.takeCase(Number(hotkey) - 1);
            }
        } else if (hotkey === "n") {
            this.take(length);
        } else if (hotkey === "o") {
            this.take(length + 1);
        } else if (["enter", "space"].includes(hotkey)) {
            this.take(this.state.active);
        } else if (hotkey === "arrowdown") {
            this.state.active = (this.state.active + 1) % this.length;
        } else if (hotkey === "arrowup") {
            this.state.active = (this.state.active + this.length - 1) % this.length;
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    async searchOther(request) {
        const domain = request ? [["search_text", "ilike", request]] : this.domainOfCaller;
        const found = await this.orm.silent.searchRead(
            CASE_MODEL,
            domain,
            ["number", "name", "customer_label", "stage_id", "stage_color"],
            { limit: MOST_FOUND, order: "id desc" },
        );
        return found.map(({ id, number, name, customer_label, stage_id, stage_color }) => ({
            id,
            number,
            subject: name,
            status: stage_id[1],
            color: stage_color,
            name: [`${number} ${name}`, customer_label].filter(Boolean).join(" · "),
        }));
    }

    get domainOfCaller() {
        const known = (this.recording.card?.cases || []).map(({ id }) => id);
        return [["id", "in", known]];
    }

    pickOther(found) {
        if (found) {
            this.recording.aboutCase(this.matter, { ...found, name: found.subject });
        }
    }
}

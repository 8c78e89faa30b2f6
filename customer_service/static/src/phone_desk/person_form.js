import { Component, onWillUnmount, useState } from "@odoo/owl";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { IDENTITY_MODEL, PARTNER_MODEL } from "./recording";

const FIELDS = [
    { name: "name", label: _t("Name"), type: "text" },
    { name: "phone", label: _t("Phone"), type: "tel" },
    { name: "email", label: _t("Email"), type: "email" },
    { name: "zip", label: _t("Postcode"), type: "text" },
    {
        name: "other",
        label: _t("Other"),
        type: "text",
        placeholder: _t("Company, birthday, anything that helps to know them again"),
    },
];

/** What a person we do not know tells about themself, watched for somebody whom we do know. */
export class PersonForm extends Component {
    static template = "customer_service.PhoneDeskPersonForm";
    static props = { recording: Object };

    setup() {
        this.recording = useState(this.props.recording);
        this.orm = useService("orm");
        this.state = useState({ known: null });
        this.fields = FIELDS;
        this.watchSoon = useDebounced((text) => this.watch(text), 400);
        onWillUnmount(() => (this.isGone = true));
    }

    onInput(field) {
        const text = this.recording.draft.person[field.name].trim();
        if (["email", "phone"].includes(field.name) && text) {
            this.watchSoon(text);
        }
    }

    /** Look whether an address or number belongs to somebody, without being in the way. */
    async watch(text) {
        let found = [];
        try {
            found = await this.orm.silent.call(IDENTITY_MODEL, "lookup", [text]);
        } catch {
            return; // it is only a hint
        }
        if (!this.isGone) {
            this.state.known =
                found.find(({ certain, model }) => certain && [PARTNER_MODEL, IDENTITY_MODEL].includes(model)) || null;
        }
    }

    async take(candidate) {
        await this.recording.choose(candidate);
    }

    onKeydown(ev, index) {
        if (getActiveHotkey(ev) !== "enter") {
            return;
        }
        ev.preventDefault();
        const next = FIELDS[index + 1];
        if (next) {
            this.recording.focusOn(`person-${next.name}`);
        } else {
            this.recording.focusMatter(this.recording.draft.matters.at(-1));
        }
    }
}

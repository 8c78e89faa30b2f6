import { Component, useState } from "@odoo/owl";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { INTERACTION_MODEL } from "./recording";

const DELAY = 300;

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
        this.state = useState({ candidates: [] });
        this.fields = FIELDS;
        this.watchSoon = useDebounced(() => this.watch(), DELAY);
        this.keepLast = new KeepLast();
    }

    /** Look whether this is somebody we know after all, without being in the way. */
    async watch() {
        const { person } = this.recording.draft;
        try {
            this.state.candidates = await this.keepLast.add(
                this.orm.silent.call(INTERACTION_MODEL, "caller_candidates", [{ ...person }]),
            );
        } catch {
            this.state.candidates = []; // it is only a hint
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

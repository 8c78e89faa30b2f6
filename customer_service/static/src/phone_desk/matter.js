import { Component, useState } from "@odoo/owl";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { fuzzyLookup } from "@web/core/utils/search";
import { AboutPicker } from "./about_picker";
import { Choices } from "./choices";
import { Picker } from "./picker";
import { ORDER_MODEL } from "./recording";

const MOST_ORDERS = 8;

/** One thing the caller talks about: which case, what was said, and how it ended. */
export class Matter extends Component {
    static template = "customer_service.PhoneDeskMatter";
    static components = { AboutPicker, Choices, Picker };
    static props = { recording: Object, matter: Object, index: Number };

    setup() {
        this.recording = useState(this.props.recording);
        this.matter = useState(this.props.matter);
        this.orm = useService("orm");
        this.state = useState({ showsMore: Boolean(this.matter.teamId || this.matter.priority) });
        this.outcomes = [
            { id: "solved", name: _t("Solved"), key: "S", icon: "fa-check" },
            { id: "followUp", name: _t("Follow-up"), key: "F", icon: "fa-flag-o" },
        ];
        this.labels = {
            type: _t("Type"),
            order: _t("Order"),
            noOrder: _t("None"),
            resources: _t("Resources used"),
        };
    }

    get desk() {
        return this.recording.desk;
    }

    id(part) {
        return `phone_desk_${this.matter.key}_${part}`;
    }

    focusName(part) {
        return `${this.matter.key}-${part}`;
    }

    next(part) {
        this.recording.focusOn(part === "done" ? part : this.focusName(part));
    }

    // type and order

    get typeName() {
        return this.desk.types.find(({ id }) => id === this.matter.typeId)?.name || "";
    }

    searchTypes(request) {
        return request ? fuzzyLookup(request, this.desk.types, ({ name }) => name) : this.desk.types;
    }

    pickType(type) {
        this.matter.typeId = type?.id || false;
        if (type) {
            this.next(this.hasOtherType ? "type-other" : "order");
        }
    }

    get hasOtherType() {
        return this.recording.hasOther("types", [this.matter.typeId]);
    }

    get orderName() {
        return this.matter.order?.name || "";
    }

    /** The caller's own orders first; what is typed finds others too, and names whose they are. */
    async searchOrders(request) {
        const own = (this.recording.card?.orders || []).map(({ id, name, product, state }) => ({
            id,
            name,
            hint: [state, product].filter(Boolean).join(" · "),
        }));
        if (!request) {
            return own;
        }
        const near = own.filter(({ name }) => name.toLowerCase().includes(request.toLowerCase()));
        const found = await this.orm.silent.searchRead(
            ORDER_MODEL,
            [
                ["name", "ilike", request],
                ["id", "not in", own.map(({ id }) => id)],
            ],
            ["name", "partner_id"],
            { limit: MOST_ORDERS },
        );
        return [...near, ...found.map(({ id, name, partner_id }) => ({ id, name, hint: partner_id[1] }))];
    }

    pickOrder(order) {
        this.matter.order = order ? { id: order.id, name: order.name } : null;
        if (order) {
            this.next("name");
        }
    }

    // what came of it

    get hasOtherResource() {
        return this.recording.hasOther("resources", this.matter.resourceIds);
    }

    chooseOutcome(outcome) {
        this.matter.outcome = outcome;
        this.leaveOutcome();
    }

    leaveOutcome() {
        if (this.matter.outcome === "followUp") {
            this.next("follow-up");
        } else if (this.matter.outcome === "solved") {
            this.next("done");
        }
    }

    onOutcomeKeydown(ev) {
        const hotkey = getActiveHotkey(ev);
        const outcome = this.outcomes.find(({ key }) => key.toLowerCase() === hotkey);
        if (outcome) {
            this.chooseOutcome(outcome.id);
        } else if (hotkey === "enter") {
            this.leaveOutcome();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** Enter goes on to another part of this matter. */
    onEnter(ev, part) {
        if (getActiveHotkey(ev) === "enter") {
            ev.preventDefault();
            this.next(part);
        }
    }
}

import { Component, onMounted, onPatched, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { CASE_MODEL } from "../const";

const { DateTime } = luxon;
const ORDER_MODEL = "sale.order";

/** What happened on one day, under the name of the day. */
function byDay(entries) {
    const days = [];
    for (const entry of entries) {
        const day = entry.moment.startOf("day");
        if (days.at(-1)?.day.toMillis() !== day.toMillis()) {
            days.push({ day, label: dayLabel(day), entries: [] });
        }
        days.at(-1).entries.push(entry);
    }
    return days;
}

function dayLabel(day) {
    const past = Math.round(DateTime.now().startOf("day").diff(day, "days").days);
    if (past === 0) {
        return _t("Today");
    }
    if (past === 1) {
        return _t("Yesterday");
    }
    return day.toLocaleString({ weekday: "short", day: "numeric", month: "long", year: "numeric" });
}

/**
 * All that happened with a customer, about a case or an order: newest first, by kind, page by
 * page. On a case, everything of its customer is one press away.
 */
export class Timeline extends Component {
    static template = "customer_service.Timeline";
    static props = {
        model: String,
        id: Number,
        /** Changes when there may be something new. */
        version: { type: String, optional: true },
        /** The customer of a case: `{ id, name }`. */
        customer: { type: [Object, { value: false }], optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            kinds: [],
            chosen: [],
            entries: [],
            cursor: null,
            ofCustomer: false,
            isLoading: true,
            hasFailed: false,
        });
        this.root = useRef("root");
        /** Place of the entry that gets the focus when it is shown. */
        this.focused = null;
        onMounted(() => this.load());
        onPatched(() => this.focusEntry());
        onWillUpdateProps((next) => {
            const isOther = next.model !== this.props.model || next.id !== this.props.id;
            if (isOther) {
                Object.assign(this.state, { entries: [], cursor: null, ofCustomer: false });
            }
            if (isOther || next.version !== this.props.version) {
                this.load(next);
            }
        });
    }

    get days() {
        return byDay(this.state.entries);
    }

    get isFiltered() {
        return this.state.chosen.length > 0;
    }

    /** Where nothing happened there is nothing to choose from. */
    get hasKinds() {
        const { entries, cursor } = this.state;
        return this.isFiltered || Boolean(entries.length || cursor);
    }

    /** Whose timeline is shown. */
    source(props) {
        const { ofCustomer } = this.state;
        return ofCustomer && props.customer ? ["res.partner", props.customer.id] : [props.model, props.id];
    }

    /** Read the first page. */
    load(props = this.props) {
        return this.read(props, null);
    }

    /**
     * Read the next page. The button keeps the focus, so that it can be pressed again; when there
     * is no more, the focus goes to the first of what came last.
     */
    async loadOlder() {
        if (this.state.isLoading) {
            return;
        }
        const shown = this.state.entries.length;
        await this.read(this.props, this.state.cursor);
        if (!this.state.cursor) {
            this.focused = shown;
        }
    }

    async read(props, before) {
        const { state } = this;
        Object.assign(state, { isLoading: true, hasFailed: false });
        const asked = this.orm.silent.call("customer.service.timeline", "timeline", this.source(props), {
            kinds: [...state.chosen],
            before,
        });
        try {
            const page = await this.keepLast.add(asked);
            const entries = page.entries.map((entry) => this.withMoment(entry));
            Object.assign(state, {
                kinds: page.kinds,
                entries: before ? [...state.entries, ...entries] : entries,
                cursor: page.cursor,
                isLoading: false,
            });
        } catch {
            Object.assign(state, { isLoading: false, hasFailed: true });
        }
    }

    focusEntry() {
        if (this.focused !== null) {
            this.root.el.querySelectorAll(".o_customer_service_timeline_entry")[this.focused]?.focus();
            this.focused = null;
        }
    }

    withMoment(entry) {
        const moment = deserializeDateTime(entry.date);
        return {
            ...entry,
            moment,
            time: moment.toLocaleString(DateTime.TIME_SIMPLE),
            exact: formatDateTime(moment),
            iso: moment.toISO(),
        };
    }

    isChosen(kind) {
        return this.state.chosen.includes(kind);
    }

    toggle(kind) {
        const { chosen } = this.state;
        this.state.chosen = chosen.includes(kind) ? chosen.filter((other) => other !== kind) : [...chosen, kind];
        return this.load();
    }

    showAll() {
        this.state.chosen = [];
        return this.load();
    }

    showOfCustomer(ofCustomer) {
        this.state.ofCustomer = ofCustomer;
        return this.load();
    }

    /** Whether an entry leads elsewhere than where one is. */
    leadsElsewhere(model, id) {
        return Boolean(model && id) && (model !== this.props.model || id !== this.props.id);
    }

    /** The case that an entry names, unless all of them are of it. */
    caseOf(entry) {
        return this.props.model === CASE_MODEL && !this.state.ofCustomer ? null : entry.case;
    }

    /** The order that an entry names, where that is not said already. */
    orderOf(entry) {
        const { order, title } = entry;
        const isOwn = this.props.model === CASE_MODEL && !this.state.ofCustomer && entry.case?.id === this.props.id;
        return isOwn || order?.name === title || !this.leadsElsewhere(ORDER_MODEL, order?.id) ? null : order;
    }

    async open(model, id) {
        // The server knows which form of a record this user may see.
        const action = await this.orm.call(model, "get_formview_action", [[id]]);
        return this.action.doAction(action);
    }
}

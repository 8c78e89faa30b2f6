import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Alerts } from "../panel/alerts";
import { StickyNote } from "../panel/sticky_note";
import { CASE_MODEL, IDENTITY_MODEL, INTERACTION_MODEL, ORDER_MODEL, PARTNER_MODEL } from "./recording";

/** What we know about the person on the line, and what they have with us. */
export class CallerCard extends Component {
    static template = "customer_service.PhoneDeskCallerCard";
    static components = { Alerts, StickyNote };
    static props = { recording: Object };

    setup() {
        this.recording = useState(this.props.recording);
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.notification = useService("notification");
    }

    get card() {
        return this.recording.card;
    }

    get isEmpty() {
        return !["cases", "contacts", "orders", "products"].some((name) => this.card[name].length);
    }

    get localTime() {
        const { tz } = this.card.person;
        return tz ? luxon.DateTime.now().setZone(tz).toLocaleString(luxon.DateTime.TIME_SIMPLE) : "";
    }

    ago(date) {
        return date ? deserializeDateTime(date).toRelative({ style: "short" }) : "";
    }

    exact(date) {
        return date ? formatDateTime(deserializeDateTime(date)) : "";
    }

    href(model, id) {
        return `/odoo/${model}/${id}`;
    }

    hrefCase(found) {
        return this.href(CASE_MODEL, found.id);
    }

    hrefOrder(order) {
        return this.href(ORDER_MODEL, order.id);
    }

    hrefContact(contact) {
        return this.href(INTERACTION_MODEL, contact.id);
    }

    get hrefPerson() {
        return this.href(this.card.person.model, this.card.person.id);
    }

    /** The agent ticks one: from now on this person is that customer, with all their history. */
    async confirmCandidate(candidate) {
        const { person } = this.card;
        const method = candidate.model === PARTNER_MODEL ? "action_become" : "action_same_as";
        await this.orm.call(IDENTITY_MODEL, method, [[person.id], candidate.id]);
        this.notification.add(
            _t("%(person)s is known as %(name)s from now on.", { person: person.name, name: candidate.name }),
            { type: "success" },
        );
        await this.recording.choose(candidate);
    }
}

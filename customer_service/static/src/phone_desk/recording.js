import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { Reactive } from "@web/core/utils/reactive";
import { uuid } from "@web/core/utils/strings";

const { DateTime } = luxon;

export const INTERACTION_MODEL = "customer.service.interaction";
export const CASE_MODEL = "customer.service.case";
export const ORDER_MODEL = "sale.order";
export const PARTNER_MODEL = "res.partner";
export const IDENTITY_MODEL = "customer.service.identity";

const MILLISECONDS_AN_HOUR = 3600000;
/** How often a part of the screen is looked for that is only just being drawn. */
const MOST_FRAMES = 60;

const TELEPHONE = /^[+(]?[\d\s().\-/‐-―ー－]{4,}$/;

function blankMatter() {
    return {
        key: uuid(),
        about: null, // "case" or "new"
        case: null,
        orderHint: null,
        order: null,
        typeId: false,
        typeOther: "",
        teamId: false,
        priority: false,
        name: "",
        description: "",
        resourceIds: [],
        resourceOther: "",
        outcome: null, // "solved" or "followUp"
        followUp: "",
    };
}

function blankDraft(values = {}) {
    return {
        requestKey: uuid() + uuid(),
        text: "",
        caller: null, // {model, id, name} of somebody we know
        person: null, // {name, email, phone, zip, other} of somebody new
        phone: "",
        originator: "customer",
        channelId: false,
        channelOther: "",
        sourceId: false,
        sourceOther: "",
        isRemote: false,
        date: null,
        startedAt: null,
        pausedAt: null,
        pausedFor: 0,
        handlingId: false,
        matters: [blankMatter()],
        ...values,
    };
}

/** What a person told first, put where it belongs. */
function guessPerson(text) {
    const person = { name: "", email: "", phone: "", zip: "", other: "" };
    if (text.includes("@")) {
        person.email = text;
    } else if (isTelephone(text)) {
        person.phone = text;
    } else {
        person.name = text;
    }
    return person;
}

export function isTelephone(text) {
    return TELEPHONE.test(text.normalize("NFKC"));
}

/**
 * One contact that is being recorded: what is typed, in a form that survives a reload of the
 * page, and what is known about the caller.
 *
 * `draft` is plain data. Nothing in it is ever lost by an error: only a recording that the
 * server has confirmed, or *Discard*, empties it.
 */
export class Recording extends Reactive {
    /**
     * @param {Object} services `orm`, and `clock` where the server measures
     * @param {Object} desk what the server offers to choose from
     * @param {Object} stored `draft` and `parked` of the browser's session
     */
    setup({ orm, clock }, desk, stored) {
        this.orm = orm;
        this.clock = clock;
        this.desk = desk;
        this.draft = stored?.draft || this.blank();
        this.parked = stored?.parked || [];
        this.card = null;
        this.isIncoming = false;
        this.isLoading = false;
        this.isSaving = false;
        this.error = "";
        this.result = null;
        this.root = null;
    }

    blank(values) {
        return blankDraft({ channelId: this.desk.channel_id, ...values });
    }

    get isBlank() {
        const { caller, person, text, matters } = this.draft;
        return !caller && !person && !text && matters.length === 1 && !matters[0].about;
    }

    /** Who is on the line, as agents call them. */
    get callerName() {
        const { caller, person } = this.draft;
        return caller?.name || person?.name || person?.phone || person?.email || this.draft.text;
    }

    // the clock

    /** Let the clock run, on a case where the contact begins with one. */
    start(caseId = false) {
        const { draft } = this;
        if (draft.startedAt) {
            return;
        }
        draft.startedAt = Date.now();
        if (this.clock?.isAgent) {
            this.starting = this.startHandling(draft, caseId);
        }
    }

    /** The server measures too; where it cannot be reached the browser's count is recorded. */
    async startHandling(draft, caseId) {
        try {
            const { running } = await this.clock.startOn(caseId);
            draft.handlingId = running?.id || false;
        } catch {
            draft.handlingId = false;
        }
    }

    /** What the server measures for this contact, as the clock of the agent knows it. */
    get handling() {
        const { handlingId } = this.draft;
        return (
            handlingId && [this.clock?.running, ...(this.clock?.paused || [])].find((found) => found?.id === handlingId)
        );
    }

    get isRunning() {
        const { startedAt, pausedAt } = this.draft;
        return this.handling ? this.clock.isRunning(this.handling) : Boolean(startedAt && !pausedAt);
    }

    pause() {
        const { draft } = this;
        if (this.handling && this.isRunning) {
            this.clock.pause(this.handling.id);
        }
        draft.pausedAt ||= Date.now();
    }

    resume() {
        const { draft } = this;
        if (this.handling && !this.isRunning) {
            this.clock.resume(this.handling.id);
        }
        if (draft.pausedAt) {
            draft.pausedFor += Date.now() - draft.pausedAt;
            draft.pausedAt = null;
        }
    }

    /** End what the server measures for a contact that is not recorded. */
    stopHandling() {
        if (this.handling) {
            this.clock.stop(this.handling.id);
        }
    }

    togglePause() {
        if (!this.draft.startedAt) {
            this.start();
        } else if (this.isRunning) {
            this.pause();
        } else {
            this.resume();
        }
    }

    /** Time spent so far, in milliseconds. */
    elapsed(now = Date.now()) {
        if (this.handling) {
            return this.clock.seconds(this.handling) * 1000;
        }
        const { startedAt, pausedAt, pausedFor } = this.draft;
        return startedAt ? Math.max(0, (pausedAt || now) - startedAt - pausedFor) : 0;
    }

    // where the keyboard is

    /**
     * Put the cursor somewhere as soon as it is drawn.
     *
     * @param {string} name the `data-focus` of an element
     */
    focusOn(name, frames = MOST_FRAMES) {
        this.focusWanted = name;
        const seek = () => {
            if (this.focusWanted !== name || !this.root) {
                return;
            }
            const target = this.root.querySelector(`[data-focus="${name}"]`);
            const element = target?.matches(":is(input, textarea, button, [tabindex])")
                ? target
                : target?.querySelector("input:checked, input, textarea, [tabindex], button");
            if (element && !element.disabled) {
                this.focusWanted = null;
                element.focus();
            } else if (frames--) {
                requestAnimationFrame(seek);
            }
        };
        seek();
        if (this.focusWanted) {
            requestAnimationFrame(seek);
        }
    }

    focusFirst() {
        const { caller, person, matters } = this.draft;
        if (person && !person.name && !person.email) {
            this.focusOn("person-name");
        } else if (caller || person) {
            this.focusMatter(matters.at(-1));
        } else {
            this.focusOn("who");
        }
    }

    focusMatter(matter) {
        if (!matter.about) {
            this.focusOn(`${matter.key}-about`);
        } else if (matter.about === "new") {
            this.focusOn(`${matter.key}-type`);
        } else {
            this.focusOn(`${matter.key}-description`);
        }
    }

    // who

    /**
     * Take somebody, or the owner of an order or case, from the look-up.
     *
     * @param {Object} candidate `model`, `id` and `name`
     */
    async choose(candidate) {
        this.start(candidate.model === CASE_MODEL && candidate.id);
        const { draft } = this;
        if (!draft.phone && isTelephone(draft.text)) {
            draft.phone = draft.text;
        }
        draft.phone ||= draft.person?.phone || "";
        draft.person = null;
        draft.caller = { model: candidate.model, id: candidate.id, name: candidate.name };
        this.focusMatter(draft.matters.at(-1));
        await this.loadCard();
        const { card } = this;
        if (!card || draft !== this.draft) {
            return;
        }
        if (card.case) {
            this.proposeCase(card.case);
        } else if (card.order) {
            this.proposeOrder(card.order);
        }
    }

    /** Look again what the caller has with us. */
    async loadCard() {
        const { draft } = this;
        const { caller } = draft;
        if (!caller) {
            this.card = null;
            return;
        }
        this.isLoading = true;
        try {
            const card = await this.orm.call(INTERACTION_MODEL, "caller_card", [caller.model, caller.id]);
            if (draft !== this.draft || draft.caller !== caller) {
                return;
            }
            this.card = card;
            if (card.person.model) {
                const { model, id, name } = card.person;
                draft.caller = { model, id, name };
            } else {
                draft.caller = null;
                const [phone = "", email = ""] = [card.person.phones[0], card.person.emails[0]];
                draft.person = { ...guessPerson(""), name: card.person.name, phone, email };
            }
        } catch (error) {
            if (draft === this.draft && draft.caller === caller) {
                draft.caller = null;
                this.card = null;
                this.focusOn("who");
            }
            throw error;
        } finally {
            this.isLoading = false;
        }
    }

    proposeCase(found) {
        const matter = this.draft.matters.at(-1);
        if (!matter.about) {
            this.aboutCase(matter, found);
        }
    }

    proposeOrder(order) {
        const matter = this.draft.matters.at(-1);
        if (!matter.about) {
            matter.orderHint = { id: order.id, name: order.name };
        }
    }

    /** Nobody we know: what they tell is kept. */
    newPerson(text = this.draft.text) {
        this.start();
        const { draft } = this;
        draft.caller = null;
        draft.person = guessPerson(text.trim());
        draft.person.phone ||= draft.phone;
        this.card = null;
        this.focusOn(draft.person.name ? "person-phone" : "person-name");
    }

    /** Look for somebody else; what was said about the matters stays. */
    forgetCaller() {
        const { draft } = this;
        draft.caller = null;
        draft.person = null;
        this.card = null;
        this.focusOn("who");
    }

    // what about

    /** Open cases of the caller that no matter is about yet. */
    openCases(matter) {
        const chosen = this.draft.matters
            .filter((other) => other.case && other.key !== matter.key)
            .map((other) => other.case.id);
        return (this.card?.cases || []).filter(({ id, is_open }) => is_open && !chosen.includes(id));
    }

    aboutCase(matter, found) {
        matter.about = "case";
        matter.case = {
            id: found.id,
            number: found.number,
            name: found.name,
            status: found.status,
            color: found.color,
        };
        this.focusMatter(matter);
    }

    aboutNew(matter) {
        matter.about = "new";
        matter.case = null;
        matter.order = matter.order || matter.orderHint;
        this.focusMatter(matter);
    }

    aboutNothing(matter) {
        matter.about = null;
        matter.case = null;
        this.focusMatter(matter);
    }

    addMatter() {
        const { matters } = this.draft;
        matters.push(blankMatter());
        this.focusMatter(matters.at(-1));
    }

    removeMatter(matter) {
        const { matters } = this.draft;
        matters.splice(
            matters.findIndex(({ key }) => key === matter.key),
            1,
        );
        if (!matters.length) {
            matters.push(blankMatter());
        }
        this.focusMatter(matters.at(-1));
    }

    // drafts

    /** Put what is unfinished aside and begin anew. */
    park() {
        if (!this.isBlank) {
            this.pause();
            this.parked.push(this.draft);
        }
        this.reset();
    }

    async unpark(draft) {
        const index = this.parked.findIndex(({ requestKey }) => requestKey === draft.requestKey);
        const [found] = this.parked.splice(index, 1);
        this.park();
        this.draft = found;
        this.resume();
        this.focusFirst();
        await this.loadCard();
    }

    reset(values) {
        this.draft = this.blank(values);
        this.card = null;
        this.error = "";
    }

    // done

    /** What is missing, the first of it: `text` and where it is asked for; null when all is there. */
    get missing() {
        const { caller, person, matters } = this.draft;
        if (!caller && !person) {
            return { text: _t("Who is it? Look for the person first."), focus: "who" };
        }
        if (person && !["name", "email", "phone", "other"].some((name) => person[name].trim())) {
            return { text: _t("Enter the name, or something else to know the person by."), focus: "person-name" };
        }
        for (const matter of matters) {
            const found = this.missingOf(matter);
            if (found) {
                return { text: found[0], focus: `${matter.key}-${found[1]}` };
            }
        }
        return null;
    }

    missingOf(matter) {
        if (!matter.about) {
            return [_t("What is it about? Choose a case, or N for a new one."), "about"];
        }
        if (matter.about === "new" && !matter.name.trim()) {
            return [_t("Say in a few words what it is about."), "name"];
        }
        if (!matter.outcome) {
            return [_t("Is it solved, or does somebody have to follow up?"), "outcome"];
        }
        if (matter.outcome === "followUp" && !matter.followUp.trim()) {
            return [_t("Say what is still to be done."), "follow-up"];
        }
        return null;
    }

    /** What goes to the server. */
    get values() {
        const { draft } = this;
        const source = this.desk.sources.find(({ id }) => id === draft.sourceId);
        const values = {
            request_key: draft.requestKey,
            date: draft.date || this.startDate,
            originator: draft.originator,
            channel_id: draft.channelId,
            channel_other: draft.channelOther,
            phone: draft.phone || draft.person?.phone || "",
            duration: this.elapsed() / MILLISECONDS_AN_HOUR,
            is_remote: draft.isRemote,
            campaign_id: source?.campaign_id || false,
            medium_id: source?.medium_id || false,
            source_id: source?.source_id || false,
            source_other: source?.is_other ? draft.sourceOther : "",
            matters: draft.matters.map((matter) => this.matterValues(matter)),
        };
        if (draft.handlingId) {
            values.handling_id = draft.handlingId;
        }
        if (draft.person) {
            values.person = { ...draft.person };
        } else if (draft.caller.model === PARTNER_MODEL) {
            values.partner_id = draft.caller.id;
        } else {
            values.identity_id = draft.caller.id;
        }
        return values;
    }

    /** When the contact began, by the server's clock. */
    get startDate() {
        const { startedAt } = this.draft;
        return startedAt ? serializeDateTime(DateTime.fromMillis(startedAt + this.desk.clockSkew)) : false;
    }

    matterValues(matter) {
        const values = {
            description: matter.description,
            resource_ids: [...matter.resourceIds],
            resource_other: this.hasOther("resources", matter.resourceIds) ? matter.resourceOther : "",
            follow_up: matter.outcome === "followUp" ? matter.followUp : "",
            solved: matter.outcome === "solved",
        };
        if (matter.about === "case") {
            return { case_id: matter.case.id, ...values };
        }
        return {
            name: matter.name.trim(),
            type_id: matter.typeId,
            type_other: this.hasOther("types", [matter.typeId]) ? matter.typeOther : "",
            team_id: matter.teamId,
            priority: matter.priority,
            sale_order_id: matter.order?.id || false,
            ...values,
        };
    }

    /** Whether what is chosen of a picklist asks for free text. */
    hasOther(list, ids) {
        return this.desk[list].some((entry) => entry.is_other && ids.includes(entry.id));
    }

    /**
     * Say whose the cases and orders are that belong to somebody else.
     *
     * @returns {Promise<Object[]>} one dict for each, empty where all is well
     */
    check() {
        return this.orm.call(INTERACTION_MODEL, "check_person", [this.values]);
    }

    /** Send all of it. The same request twice is recorded once: its key stays until it is confirmed. */
    async record() {
        await this.starting;
        const name = this.callerName;
        const result = await this.orm.call(INTERACTION_MODEL, "record", [this.values]);
        this.reset();
        this.result = { interactionId: result.interaction_id, name, cases: [] };
        this.result.cases = await this.orm.searchRead(
            CASE_MODEL,
            [["id", "in", result.case_ids]],
            ["number", "name", "stage_id"],
            { order: "id" },
        );
    }
}

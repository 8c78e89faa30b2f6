import { Component, onMounted, onWillStart, onWillUnmount, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDateTime, formatDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { effect } from "@web/core/utils/reactive";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Alerts } from "../panel/alerts";
import { CallerCard } from "./caller_card";
import { CallerSearch } from "./caller_search";
import { Choices } from "./choices";
import { PhoneDeskClock } from "./clock";
import { loadDrafts, saveDrafts } from "./draft_store";
import { Matter } from "./matter";
import { MismatchDialog } from "./mismatch_dialog";
import { PersonForm } from "./person_form";
import { CASE_MODEL, IDENTITY_MODEL, INTERACTION_MODEL, ORDER_MODEL, PARTNER_MODEL, Recording } from "./recording";

const CARD_MODELS = [CASE_MODEL, IDENTITY_MODEL, ORDER_MODEL, PARTNER_MODEL];
const CLOCK_SERVICE = "customer_service.clock";
/** What the server says in words for people. */
const REFUSALS = "odoo.exceptions.";
const MISMATCH_ERROR = "PersonMismatch";

/**
 * The number that a telephone system put into the address, as it was written there. The
 * router takes numbers for numbers, and they lose their plus sign and their zeros.
 */
function numberOfAddress() {
    const { number } = router.current;
    if (!number) {
        return "";
    }
    const written = new URLSearchParams(browser.location.search.replaceAll("+", "%2B")).get("number") || "";
    return Number(written) === number || written === number ? written : String(number);
}

/** Openings of this screen for somebody: coming back to it is no second call. */
const opened = new Set();

/** Recording a call, without a hand leaving the keyboard. */
export class PhoneDesk extends Component {
    static template = "customer_service.PhoneDesk";
    static components = {
        Alerts,
        CallerCard,
        CallerSearch,
        Choices,
        DateTimeInput,
        Layout,
        Matter,
        PersonForm,
        PhoneDeskClock,
    };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Phone Desk");

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.display = { controlPanel: {} };
        this.labels = {
            channel: _t("How"),
            originator: _t("Who began"),
            source: _t("Source"),
        };
        this.originators = [
            { id: "customer", name: _t("The customer") },
            { id: "agent", name: _t("We") },
        ];
        this.state = useState({ showsContact: false });
        this.recording = useState(new Recording());
        useSetupAction({ rootRef: this.root });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
        onWillStart(() => this.load());
        onMounted(() => {
            this.recording.root = this.root.el;
            this.begin();
        });
        onWillUnmount(() => (this.recording.root = null));
    }

    async load() {
        this.number = numberOfAddress();
        const desk = await this.orm.call(INTERACTION_MODEL, "phone_desk", []);
        desk.clockSkew = deserializeDateTime(desk.now).toMillis() - Date.now();
        this.recording.setup({ orm: this.orm, clock: this.env.services[CLOCK_SERVICE] }, desk, loadDrafts());
        effect(({ draft, parked }) => saveDrafts(draft, parked), [this.recording]);
    }

    get desk() {
        return this.recording.desk;
    }

    get draft() {
        return this.recording.draft;
    }

    /** Begin with whom we were opened for, else go on with what was typed before a reload. */
    async begin() {
        const { recording, number } = this;
        const { caller } = this.draft;
        const asked = this.askedFor;
        if (asked && !(caller?.model === asked.model && caller.id === asked.id)) {
            recording.park();
            await recording.choose(asked);
        } else if (number && this.draft.phone !== number) {
            recording.park();
            recording.reset({ text: number, phone: number });
            recording.isIncoming = true;
            recording.start();
            recording.focusOn("who");
        } else {
            recording.focusFirst();
            await recording.loadCard();
        }
    }

    /** The record that this screen was opened for by a button of its form. */
    get askedFor() {
        const { context, jsId, params } = this.props.action;
        const model = params?.model || context?.active_model;
        const id = params?.id || context?.active_id;
        if (!CARD_MODELS.includes(model) || !id || opened.has(jsId)) {
            return null;
        }
        opened.add(jsId);
        return { model, id, name: "" };
    }

    // the contact as a whole

    get channelIsOther() {
        return this.recording.hasOther("channels", [this.draft.channelId]);
    }

    get sourceIsOther() {
        return this.recording.hasOther("sources", [this.draft.sourceId]);
    }

    nameOf(entries, id) {
        return entries.find((entry) => entry.id === id)?.name || "";
    }

    /** How, who and when in a few words; they are seldom changed. */
    get contactSummary() {
        const { channelId, channelOther, originator, isRemote } = this.draft;
        return [
            this.channelIsOther
                ? channelOther || this.nameOf(this.desk.channels, channelId)
                : this.nameOf(this.desk.channels, channelId),
            originator === "agent" ? _t("begun by us") : _t("begun by the customer"),
            this.date ? formatDateTime(this.date) : _t("now"),
            isRemote ? _t("remote support") : "",
        ]
            .filter(Boolean)
            .join(" · ");
    }

    showContact() {
        this.state.showsContact = true;
        this.recording.focusOn("channel");
    }

    /** The one that was pressed last; pressed again, it is none. */
    chooseSource(ids) {
        this.draft.sourceId = ids.at(-1) || false;
    }

    get date() {
        return this.draft.date ? deserializeDateTime(this.draft.date) : false;
    }

    setDate(date) {
        this.draft.date = date ? serializeDateTime(date) : null;
    }

    // the end

    onKeydown(ev) {
        if (getActiveHotkey(ev) === "control+enter" && this.root.el?.contains(document.activeElement)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.done();
        }
    }

    /** Record all of it. Whatever goes wrong, what is typed stays. */
    async done() {
        const { recording } = this;
        if (recording.isSaving) {
            return;
        }
        if (recording.isBlank) {
            recording.focusOn("who");
            return;
        }
        const { missing } = recording;
        if (missing) {
            recording.error = missing.text;
            recording.focusOn(missing.focus);
            return;
        }
        recording.isSaving = true;
        recording.error = "";
        try {
            await recording.record();
            recording.focusOn("who");
        } catch (error) {
            await this.onError(error);
        } finally {
            recording.isSaving = false;
        }
    }

    async onError(error) {
        const { recording } = this;
        if (error instanceof ConnectionLostError) {
            recording.error = _t("The server cannot be reached. Nothing is lost: press Done again in a moment.");
        } else if (error instanceof RPCError && error.exceptionName?.endsWith(MISMATCH_ERROR)) {
            await this.repair();
        } else if (error instanceof RPCError && error.exceptionName?.startsWith(REFUSALS)) {
            recording.error = error.data.message;
        } else {
            recording.error = _t("This could not be recorded. Nothing is lost: it is all still here.");
            throw error;
        }
    }

    /** Ask who is right where a case or an order is somebody else's. */
    async repair() {
        const { recording } = this;
        const [mismatch] = await recording.check();
        if (mismatch) {
            this.dialog.add(MismatchDialog, { recording, mismatch });
        }
    }

    discard() {
        if (this.recording.isBlank) {
            this.forget();
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Discard This Recording?"),
            body: _t("Nothing of it has been recorded yet."),
            confirmLabel: _t("Discard"),
            confirm: () => this.forget(),
            cancelLabel: _t("Go On"),
            cancel: () => {},
        });
    }

    forget() {
        this.recording.stopHandling();
        this.recording.reset();
        this.recording.focusOn("who");
    }
}

registry.category("actions").add("customer_service.phone_desk", PhoneDesk);

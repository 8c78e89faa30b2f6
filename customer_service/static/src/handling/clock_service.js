import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { CLOCK_EVENT, HANDLING_MODEL } from "../const";

/** A page that was out of sight for longer than this asks what the clock shows, in milliseconds. */
const STALE = 60_000;

/**
 * The clock of the agent. The server measures; a page only counts on from what the server said, so
 * that nothing is lost when it is reloaded or closed. All pages of the agent are told by the bus.
 */
export class HandlingClock {
    constructor(env, { bus_service: bus, notification, orm }) {
        Object.assign(this, { env, bus, notification, orm });
        /** Whether this user has a clock at all. */
        this.isAgent = Boolean(session.customer_service_clock);
        this.running = false;
        this.paused = [];
        this.receivedAt = 0;
        this.now = 0;
        this.asked = new Set();
    }

    start() {
        if (!this.isAgent) {
            return;
        }
        this.bus.subscribe(CLOCK_EVENT, (clock) => this.show(clock));
        this.bus.addEventListener("BUS:RECONNECT", () => this.refresh());
        document.addEventListener("visibilitychange", () => {
            if (!document.hidden && Date.now() - this.now > STALE) {
                this.refresh();
            }
        });
        this.show(session.customer_service_clock);
    }

    /** Take over what the server says. */
    show({ running, paused }) {
        this.running = running;
        this.paused = paused;
        this.receivedAt = this.now = Date.now();
        this.closeReminder(running);
        this.tick();
    }

    tick() {
        browser.clearTimeout(this.timer);
        this.now = Date.now();
        if (this.running) {
            this.watch();
            this.timer = browser.setTimeout(() => this.tick(), 1000);
        }
    }

    get sinceReceived() {
        return Math.max(0, Math.floor((this.now - this.receivedAt) / 1000));
    }

    /**
     * @param {Object} handling one of those that the clock shows
     * @returns {number} how many seconds it has lasted
     */
    seconds(handling) {
        const isRunning = this.running && this.running.id === handling.id;
        return handling.seconds + (isRunning ? this.sinceReceived : 0);
    }

    /** @returns {Object|undefined} what is not done of a case: running or paused */
    ofCase(caseId) {
        return [this.running, ...this.paused].find((handling) => handling && handling.case_id === caseId);
    }

    isRunning(handling) {
        return Boolean(this.running && handling && this.running.id === handling.id);
    }

    /** Tell the team, and ask the agent, at the very second in which it is due. */
    watch() {
        const { id, alert_after: alertAfter, remind_after: remindAfter, stretch } = this.running;
        if (alertAfter && this.seconds(this.running) >= alertAfter && !this.asked.has(id)) {
            this.asked.add(id);
            // Where this fails the server tells them within a minute by itself.
            this.call("handling_alert", id, this.orm.silent).catch(() => {});
        }
        if (remindAfter && stretch + this.sinceReceived >= remindAfter && !this.reminder) {
            this.remind(this.running);
        }
    }

    remind(handling) {
        const label = handling.case_number || _t("without a case");
        const close = this.notification.add(
            _t("Your clock has been running for a long time: %(label)s. Is that on purpose?", { label }),
            {
                type: "warning",
                sticky: true,
                title: _t("Clock"),
                buttons: [
                    {
                        name: _t("Still Working"),
                        primary: true,
                        onClick: () => this.call("handling_keep", handling.id),
                    },
                    { name: _t("Stop"), onClick: () => this.stop(handling.id) },
                ],
                onClose: () => {
                    if (this.reminder?.id === handling.id) {
                        this.reminder.isClosed = true;
                    }
                },
            },
        );
        this.reminder = { id: handling.id, close, isClosed: false };
    }

    /** Another page has answered, or the clock stands: there is nothing to ask any more. */
    closeReminder(running) {
        const isAnswered = this.reminder && (!running || running.id !== this.reminder.id || !this.isOverdue(running));
        if (isAnswered) {
            const { close, isClosed } = this.reminder;
            this.reminder = undefined;
            if (!isClosed) {
                close();
            }
        }
    }

    isOverdue({ remind_after: remindAfter, stretch }) {
        return Boolean(remindAfter) && stretch >= remindAfter;
    }

    // What an agent does. Each returns what the clock shows afterwards.

    async call(method, id, orm = this.orm) {
        const clock = await orm.call(HANDLING_MODEL, method, [id]);
        this.show(clock);
        return clock;
    }

    /** @param {number|false} caseId the case, or false while there is none */
    startOn(caseId) {
        return this.call("handling_start", caseId);
    }

    pause(id) {
        return this.call("handling_pause", id);
    }

    resume(id) {
        return this.call("handling_resume", id);
    }

    stop(id) {
        return this.call("handling_stop", id);
    }

    async refresh() {
        this.show(await this.orm.silent.call(HANDLING_MODEL, "handling_clock"));
    }
}

/**
 * @param {number} seconds
 * @returns {string} such as 4:05 or 1:04:05
 */
export function formatClock(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const rest = two(seconds % 60);
    return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

export const handlingClockService = {
    dependencies: ["bus_service", "notification", "orm"],
    start(env, services) {
        const clock = reactive(new HandlingClock(env, services));
        clock.start();
        return clock;
    },
};

registry.category("services").add("customer_service.clock", handlingClockService);

import { markup, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { serializeDateTime } from "@web/core/l10n/dates";
import { isHtmlEmpty } from "@web/core/utils/html";
import { CASE_MODEL, COMPOSE_EVENT, SENT_EVENT } from "../const";
import { textOf } from "./case_text";

/** How long an answer that has left is still spoken of, in milliseconds. */
const SENT_SHOWN = 8000;

/**
 * Answers that are held on the server for a moment, so that they can be taken back. It lives as
 * long as the page: an agent goes on to the next case while the last answer is still held. When
 * the page dies, the server sends by itself.
 */
export class CaseAnswers {
    constructor(env, { action, "mail.store": store, notification, orm }) {
        Object.assign(this, { env, action, store, notification, orm });
        /** What is held, or has just left, newest last. */
        this.held = [];
        /** A case whose composer opens as soon as its conversation is shown. */
        this.composeOnShow = false;
        this.left = new Set();
    }

    /**
     * Bring an answer to the server without sending it.
     *
     * @param {import("models").Thread} thread the case
     * @param {ReturnType<markup>} body
     * @param {Object} postData what the host's composer posts
     * @param {luxon.DateTime} [date] when it leaves, else as soon as it cannot be undone
     * @returns {Promise<boolean>} false where answers are sent at once
     */
    async hold(thread, body, postData, date) {
        const { composerText: text, composerHtml: html } = thread.composer;
        const params = await this.store.getMessagePostParams({ body, postData, thread });
        const result = await rpc("/customer_service/answer/hold", {
            thread_id: thread.id,
            post_data: params.post_data,
            canned_response_ids: params.canned_response_ids || [],
            scheduled_date: date ? serializeDateTime(date) : null,
        });
        if (!result) {
            return false;
        }
        this.store.insert(result.store_data);
        if (date) {
            this.notification.add(_t("The answer leaves on %s.", date.toLocaleString(luxon.DateTime.DATETIME_MED)), {
                type: "success",
            });
        } else {
            this.countDown({
                id: result.held_id,
                caseId: thread.id,
                name: thread.display_name || "",
                text,
                html,
                signature: postData.emailAddSignature,
                seconds: result.seconds,
            });
        }
        return true;
    }

    /**
     * Begin to count down for an answer that is held on the server.
     *
     * @param {Object} answer its id, its case, its text, the seconds that are left
     */
    countDown(answer) {
        this.held.push({ ...answer, due: Date.now() + answer.seconds * 1000, state: "held" });
        this.tick();
    }

    /** Count down, and send what cannot be undone any more. */
    tick() {
        browser.clearTimeout(this.timer);
        const now = Date.now();
        for (const answer of this.held) {
            if (answer.state === "held") {
                answer.seconds = Math.max(0, Math.ceil((answer.due - now) / 1000));
                if (!answer.seconds) {
                    this.send(answer);
                }
            }
        }
        if (this.held.some(({ state }) => state === "held")) {
            this.timer = browser.setTimeout(() => this.tick(), 250);
        }
    }

    async send(answer) {
        answer.state = "sending";
        try {
            await this.orm.silent.call("mail.scheduled.message", "customer_service_send", [answer.id]);
            answer.state = "sent";
        } catch {
            answer.state = "late";
        }
        this.env.bus.trigger(SENT_EVENT, { id: answer.caseId });
        browser.setTimeout(() => this.forget(answer), SENT_SHOWN);
    }

    forget(answer) {
        const index = this.held.findIndex(({ id }) => id === answer.id);
        if (index >= 0) {
            this.held.splice(index, 1);
        }
    }

    /** Take an answer back into the composer of its case. */
    async undo(answer) {
        if (answer.state !== "held") {
            return;
        }
        answer.state = "undoing";
        let data;
        try {
            data = await this.orm.call("mail.scheduled.message", "customer_service_undo", [answer.id]);
        } catch (error) {
            // It is not lost: it is still held, and leaves.
            answer.state = "held";
            this.tick();
            throw error;
        }
        this.forget(answer);
        if (!data) {
            this.notification.add(_t("Too late: this answer has left already."), {
                type: "warning",
            });
            this.env.bus.trigger(SENT_EVENT, { id: answer.caseId });
            return;
        }
        this.store["mail.scheduled.message"].get(answer.id)?.delete();
        this.restore(answer, data);
        await this.compose(answer.caseId);
    }

    /** Put what was taken back before whatever has been written since. */
    restore(answer, data) {
        this.store.insert(data.store_data);
        const thread = this.store.Thread.insert({ model: CASE_MODEL, id: answer.caseId });
        const { composer } = thread;
        const isDraft = !isHtmlEmpty(composer.composerHtml) && !composer.isCasePrefill;
        const later = isDraft ? composer.composerText : "";
        composer.casePrefill = undefined;
        composer.emailAddSignature = answer.signature;
        if (this.env.services["mail.composer"].htmlEnabled) {
            // markup: as it was sanitized when it was stored
            const html = answer.html || markup(data.body);
            composer.composerHtml = isDraft ? markup`${html}${composer.composerHtml}` : html;
        } else {
            composer.composerText = later ? `${answer.text}\n\n${later}` : answer.text;
        }
        for (const id of data.attachment_ids) {
            composer.attachments.add({ id });
        }
        thread.additionalRecipients = data.partner_ids.map(({ id, name, email }) => ({
            partner_id: id,
            persona: { id, model: "res.partner" },
            name,
            email,
        }));
    }

    /** Open the composer of a case, and the case where it is not on the screen. */
    async compose(caseId) {
        const { currentController } = this.action;
        const { resModel, resId } = currentController?.props || {};
        const shown = currentController?.state?.resId || resId;
        if (resModel === CASE_MODEL && shown === caseId) {
            this.env.bus.trigger(COMPOSE_EVENT, { id: caseId, type: "message" });
            return;
        }
        this.composeOnShow = caseId;
        await this.open(caseId);
    }

    async open(caseId) {
        const fromNext = this.action.currentController?.action?.context?.customer_service_next;
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: CASE_MODEL,
                res_id: caseId,
                views: [[false, "form"]],
                context: { customer_service_next: true },
            },
            // One case after the other is one step of the way, not a long trail of them.
            fromNext ? { stackPosition: "replaceCurrentAction" } : {},
        );
    }

    /**
     * Open the case whose customer has waited longest; those that were left come again at the end.
     *
     * @param {number} caseId the case that is left
     */
    async next(caseId) {
        this.left.add(caseId);
        const ask = () => this.orm.call(CASE_MODEL, "next_waiting_case", [[...this.left]]);
        let next = await ask();
        if (!next && this.left.size > 1) {
            this.left = new Set([caseId]);
            next = await ask();
        }
        if (next) {
            await this.open(next.id);
        } else {
            this.notification.add(_t("Nobody else is waiting for an answer."), { type: "success" });
        }
    }
}

export const caseAnswersService = {
    dependencies: ["action", "mail.composer", "mail.store", "notification", "orm"],
    start(env, services) {
        return reactive(new CaseAnswers(env, services));
    },
};

registry.category("services").add("customer_service.answers", caseAnswersService);

/** The large composer has given its answer to the server: count down for it as well. */
function countDownForLargeComposer(env, { params }) {
    env.services["customer_service.answers"].countDown({
        id: params.held_id,
        caseId: params.case_id,
        name: params.name,
        text: textOf(params.body).text,
        // Not from here, where an address that somebody sent may put anything: from the server, when
        // it is taken back.
        html: null,
        signature: false, // it is in the text
        seconds: params.seconds,
    });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("customer_service_held_answer", countDownForLargeComposer);

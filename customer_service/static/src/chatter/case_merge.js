import { Chatter } from "@mail/chatter/web_portal/chatter";
import { registerMessageAction } from "@mail/core/common/message_actions";
import { Message as MessageModel } from "@mail/core/common/message_model";
import { toRaw } from "@odoo/owl";
import { fields } from "@mail/core/common/record";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { CASE_MODEL } from "../const";

/** Messages that can become a case of their own: those in which somebody speaks. */
const MOVING = ["comment", "email", "email_outgoing", "auto_comment"];

registry
    .category("customer_service_case_menu")
    .add(
        "action_merge",
        {
            label: _t("Merge…"),
            title: _t("Make one case of this one and others"),
            icon: "fa-compress",
            isShown: () => true,
        },
        { sequence: 60 },
    )
    .add(
        "action_split",
        {
            label: _t("Split…"),
            title: _t("Make a case of some of the messages"),
            icon: "fa-code-fork",
            isShown: (data) => data.message_count > 1,
        },
        { sequence: 61 },
    );

const replyTo = registry.category("mail.message/actions").get("reply-to");
const mayReply = replyTo.condition;
// The host offers it for each note, whether or not one may write there.
replyTo.condition = (params) =>
    mayReply(params) && (params.thread?.model !== CASE_MODEL || params.thread.canPostMessage);

/** What was merged into a case or split off when its messages were read last, by its id. */
const movesOfCases = new Map();

patch(MessageModel.prototype, {
    setup() {
        super.setup(...arguments);
        /** True for what was said to or by a customer whose case was merged into this one. */
        this.customer_service_kept_apart = fields.Attr(false);
    },
});

patch(Chatter.prototype, {
    /**
     * Messages of any age come and go when cases are merged, split or given back. What was read
     * before is forgotten then: the host asks for newer ones only.
     */
    async load(thread, requestList) {
        const data = thread.model === CASE_MODEL && this.props.record?.data;
        if (data) {
            const moves = `${data.merge_count}/${data.merged_into_id?.id || ""}/${data.split_from_id?.id || ""}`;
            if (thread.isLoaded && movesOfCases.get(thread.id) !== moves) {
                thread.messages = [];
                thread.isLoaded = false;
            }
            movesOfCases.set(thread.id, moves);
        }
        return super.load(thread, requestList);
    },

    /** A case that was merged into another one is read, not written to. */
    get isMergedCase() {
        return this.isCustomerServiceCase && Boolean(this.props.record?.data.merged_into_id);
    },
});

registerMessageAction("customer-service-split", {
    condition: ({ message, owner, thread }) =>
        thread?.model === CASE_MODEL &&
        MOVING.includes(message.message_type) &&
        Boolean(owner.env.inChatter) &&
        thread.hasWriteAccess,
    icon: "fa fa-code-fork",
    name: _t("Split off…"),
    onSelected: async ({ message: msg, owner, thread: thr }) => {
        const message = toRaw(msg);
        const thread = toRaw(thr);
        const { action, orm } = owner.env.services;
        const split = await orm.call(CASE_MODEL, "action_split", [[thread.id]], {
            context: { customer_service_split_ids: [message.id] },
        });
        await action.doAction(split);
    },
    sequence: 70,
});

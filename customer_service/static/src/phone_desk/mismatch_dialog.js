import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { CASE_MODEL, IDENTITY_MODEL, INTERACTION_MODEL, ORDER_MODEL, PARTNER_MODEL } from "./recording";

/** A case or an order is somebody else's: who is right? */
export class MismatchDialog extends Component {
    static template = "customer_service.PhoneDeskMismatchDialog";
    static components = { Dialog };
    static props = {
        recording: Object,
        /** what the server says of one case or order: `matter`, `kind`, `id`, `label`, `owner` */
        mismatch: Object,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
    }

    get title() {
        const { kind, label } = this.props.mismatch;
        return kind === "case" ? _t("Case %s is somebody else's", label) : _t("Order %s is somebody else's", label);
    }

    get ownerName() {
        return this.props.mismatch.owner.name;
    }

    get callerName() {
        return this.props.recording.callerName;
    }

    /** The ways out, the likeliest first. */
    get repairs() {
        const { kind, owner } = this.props.mismatch;
        const { caller } = this.props.recording.draft;
        const repairs = [];
        if (owner.model) {
            repairs.push({
                label: _t("The caller is %s", this.ownerName),
                hint: _t("Record this contact for %s.", this.ownerName),
                run: () => this.takeOwner(),
            });
        }
        if (caller?.model === IDENTITY_MODEL && owner.model === PARTNER_MODEL) {
            repairs.push({
                label: _t("They are the same person"),
                hint: _t("%(caller)s becomes the customer %(owner)s, with all that was recorded.", {
                    caller: this.callerName,
                    owner: this.ownerName,
                }),
                run: () => this.matchCaller(caller.id),
            });
        }
        if (caller?.model === PARTNER_MODEL && owner.model === IDENTITY_MODEL) {
            repairs.push({
                label: _t("They are the same person"),
                hint: _t("%(owner)s becomes the customer %(caller)s, with all that was recorded.", {
                    caller: this.callerName,
                    owner: this.ownerName,
                }),
                run: () => this.match(owner.id, caller.id),
            });
        }
        if (kind === "case" && caller?.model === PARTNER_MODEL) {
            repairs.push({
                label: _t("The case belongs to %s", this.callerName),
                hint: _t("The case moves to this customer. Its answers go to them from now on."),
                run: () => this.moveCase(caller.id),
            });
        }
        repairs.push({
            label: kind === "case" ? _t("It is another case") : _t("It is another order"),
            hint: _t("Choose again."),
            run: () => this.forget(),
        });
        return repairs;
    }

    async repair({ run }) {
        await run();
        this.props.close();
    }

    /** The record itself: its owner may be a company, and the caller is one of its people. */
    get record() {
        const { kind, id, label } = this.props.mismatch;
        return { model: kind === "case" ? CASE_MODEL : ORDER_MODEL, id, name: label };
    }

    async takeOwner() {
        await this.props.recording.choose(this.record);
    }

    async matchCaller(identityId) {
        const { model, id } = this.record;
        const { person } = await this.orm.call(INTERACTION_MODEL, "caller_card", [model, id]);
        await this.match(identityId, person.id);
    }

    /** An unregistered person turned out to be a customer: for good, with their history. */
    async match(identityId, partnerId) {
        const { recording } = this.props;
        await this.orm.call(IDENTITY_MODEL, "action_become", [[identityId], partnerId]);
        await recording.choose({ model: PARTNER_MODEL, id: partnerId, name: "" });
    }

    async moveCase(partnerId) {
        const { recording, mismatch } = this.props;
        await this.orm.write(CASE_MODEL, [mismatch.id], { partner_id: partnerId });
        await recording.loadCard();
    }

    forget() {
        const { recording, mismatch } = this.props;
        const matter = recording.draft.matters[mismatch.matter];
        if (mismatch.kind === "case") {
            recording.aboutNothing(matter);
        } else {
            matter.order = null;
            recording.focusOn(`${matter.key}-order`);
        }
    }
}

import { Component } from "@odoo/owl";

/** Whom an answer goes to, from which address and in which language, before it is written. */
export class CaseRecipients extends Component {
    static template = "customer_service.CaseRecipients";
    static props = { record: Object, thread: Object };

    get data() {
        return this.props.record.data;
    }

    get to() {
        const { customer_label: label, reply_to_customer: address } = this.data;
        if (!address) {
            return label || "";
        }
        return label && label !== address ? `${label} <${address}>` : address;
    }

    /** Without an address the answer stays in the portal and on the case. */
    get isReachable() {
        return Boolean(this.data.reply_to_customer);
    }

    get copies() {
        return this.data.email_cc || "";
    }

    /** People who were added in the large composer, which was then left without sending. */
    get others() {
        return this.props.thread.additionalRecipients.map(({ name, email }) => name || email);
    }

    removeOthers() {
        this.props.thread.additionalRecipients = [];
    }

    get language() {
        const selection = this.props.record.fields.lang?.selection || [];
        return selection.find(([code]) => code === this.data.lang)?.[1] || "";
    }

    async onChangeCopies(ev) {
        await this.props.record.update({ email_cc: ev.target.value.trim() || false });
    }
}

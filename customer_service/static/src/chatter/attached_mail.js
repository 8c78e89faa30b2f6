import { AttachmentList } from "@mail/core/common/attachment_list";
import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { CASE_MODEL } from "../const";
import { hasBlocked, withPictures } from "./remote_content";

/** A mail that came as the attachment of a mail, to be read in place. */
export class AttachedMailDialog extends Component {
    static template = "customer_service.AttachedMailDialog";
    static components = { Dialog };
    static props = { attachment: Object, onDownload: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ mail: null });
        onWillStart(async () => {
            const mail = await this.orm.call("ir.attachment", "customer_service_read_mail", [
                [this.props.attachment.id],
            ]);
            // markup: the server has sanitized it
            this.state.mail = { ...mail, body: markup(mail.body) };
        });
    }

    get hasBlockedContent() {
        return hasBlocked(this.state.mail.body);
    }

    showPictures() {
        this.state.mail.body = withPictures(this.state.mail.body);
    }
}

patch(AttachmentList.prototype, {
    /** Whether a file is a mail that we can show. */
    isCaseMail({ id, message, mimetype, name, thread }) {
        const model = (message?.thread || this.env.message?.thread || thread)?.model;
        const isMail = mimetype === "message/rfc822" || /\.eml$/i.test(name || "");
        return model === CASE_MODEL && id > 0 && isMail && !this.env.inComposer;
    },

    onClickAttachment(attachment) {
        if (!this.isCaseMail(attachment)) {
            return super.onClickAttachment(...arguments);
        }
        // A press on the card reaches the frame around it as well.
        if (!this.isMailOpen) {
            this.isMailOpen = true;
            this.dialog.add(
                AttachedMailDialog,
                { attachment, onDownload: () => this.onClickDownload(attachment) },
                { onClose: () => (this.isMailOpen = false) },
            );
        }
    },

    getActions(attachment) {
        const actions = super.getActions(...arguments);
        if (this.isCaseMail(attachment)) {
            actions.unshift({
                label: _t("Read"),
                icon: "fa fa-envelope-open-o",
                onSelect: () => this.onClickAttachment(attachment),
            });
        }
        return actions;
    },
});

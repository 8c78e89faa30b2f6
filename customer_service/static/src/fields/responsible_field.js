import {
    Many2OneAvatarUserField,
    many2OneAvatarUserField,
} from "@mail/views/web/fields/many2one_avatar_user_field/many2one_avatar_user_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { pressButton } from "../views/press_button";

/** Who is responsible; a case that nobody has offers to be taken. */
export class ResponsibleField extends Many2OneAvatarUserField {
    static template = "customer_service.ResponsibleField";

    get canTake() {
        const { record, readonly } = this.props;
        return readonly && record.resId && !this.value && this.env.onClickViewButton;
    }

    async take() {
        await pressButton(this.env, this.props.record, { name: "action_take" });
    }
}

export const responsibleField = {
    ...many2OneAvatarUserField,
    component: ResponsibleField,
    displayName: _t("Responsible"),
};

registry.category("fields").add("customer_service_responsible", responsibleField);

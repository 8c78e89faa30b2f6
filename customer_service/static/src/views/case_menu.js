import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { pressButton } from "./press_button";

/**
 * What an agent does with a case now and then. An entry is named after the method of the case
 * that it calls, unless it says otherwise; add-ons add theirs.
 *
 *     label     what it is called
 *     title     what it does, in one line
 *     icon      class of Font Awesome
 *     isShown   tells, by the values of the case, whether it can be done now
 *     confirm   what is asked before, if anything; confirmLabel: the button that says yes
 *     hotkey    key to press with Alt, if any
 *     type      "object" (a method of the case, the default) or "action" (an action)
 *     name      of the method or the action, where the key of the entry is not it
 */
const caseMenu = registry.category("customer_service_case_menu");

const isUnresolved = (data) => ["open", "pending"].includes(data.status);

caseMenu
    .add(
        "record_contact",
        {
            label: _t("Record Contact"),
            title: _t("The customer is on the line, or at the counter"),
            icon: "fa-phone",
            hotkey: "shift+i",
            type: "action",
            name: "customer_service.customer_service_phone_desk_action",
            isShown: () => true,
        },
        { sequence: 10 },
    )
    .add(
        "action_promise_call_back",
        {
            label: _t("Call Back"),
            title: _t("Promise the customer a call"),
            icon: "fa-clock-o",
            hotkey: "shift+b",
            isShown: (data) => isUnresolved(data) && !data.call_back_date,
        },
        { sequence: 20 },
    )
    .add(
        "action_forward",
        {
            label: _t("Forward"),
            title: _t("Ask a colleague, or somebody else; the customer does not see it"),
            icon: "fa-share",
            hotkey: "shift+d",
            isShown: () => true,
        },
        { sequence: 30 },
    )
    .add(
        "action_remote_support",
        {
            label: _t("Remote Support"),
            title: _t("Mail the link to the tool with which you look at the customer's screen"),
            icon: "fa-desktop",
            confirm: _t("Mail the customer the link to the tool for remote support?"),
            confirmLabel: _t("Mail It"),
            isShown: (data) => data.remote_support_url && data.reply_to_customer,
        },
        { sequence: 35 },
    )
    .add(
        "cc_me",
        {
            label: _t("CC Me"),
            title: _t("Send me a copy of each message of this case"),
            icon: "fa-files-o",
            name: "action_cc_me",
            isShown: (data) => !data.message_is_follower,
        },
        { sequence: 40 },
    )
    .add(
        "stop_cc",
        {
            label: _t("Stop CC"),
            title: _t("You get a copy of each message of this case. Click to get none any more."),
            icon: "fa-files-o",
            name: "action_cc_me",
            isShown: (data) => data.message_is_follower,
        },
        { sequence: 41 },
    )
    .add(
        "action_mark_spam",
        {
            label: _t("Spam"),
            title: _t("Close it and block the sender. Both can be taken back."),
            icon: "fa-ban",
            confirm: _t("Close this case and block the sender? Both can be taken back."),
            isShown: (data) => !data.is_spam && !data.sale_order_id && data.email_normalized,
        },
        { sequence: 900 },
    );

/** The menu *More* of a case. */
export class CaseMenu extends Component {
    static template = "customer_service.CaseMenu";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        for (const entry of this.allEntries) {
            if (entry.hotkey) {
                useHotkey(`alt+${entry.hotkey}`, () => this.choose(entry), {
                    bypassEditableProtection: true,
                    isAvailable: () => entry.isShown(this.props.record.data),
                });
            }
        }
    }

    get allEntries() {
        return caseMenu.getEntries().map(([key, entry]) => ({ key, name: key, ...entry }));
    }

    get entries() {
        return this.allEntries.filter((entry) => entry.isShown(this.props.record.data));
    }

    async choose(entry) {
        await pressButton(this.env, this.props.record, {
            name: entry.name,
            type: entry.type || "object",
            confirm: entry.confirm,
            "confirm-label": entry.confirmLabel,
        });
    }
}

registry.category("view_widgets").add("customer_service_more", { component: CaseMenu });

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

let nextId = 1;

/**
 * A choice among a few, each a card that says what it is. One group of radio buttons for the
 * keyboard and for screen readers. The cards are in a JSON field beside it: a list of
 * `{id, name, text, lines: [{icon, title, text}]}`.
 */
export class ChoiceCardsField extends Component {
    static template = "customer_service.ChoiceCardsField";
    static props = { ...standardFieldProps, cards: String };

    setup() {
        this.group = `o_customer_service_choice_${nextId++}`;
    }

    get cards() {
        return this.props.record.data[this.props.cards] || [];
    }

    get isRelation() {
        return this.props.record.fields[this.props.name].type === "many2one";
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get chosen() {
        const value = this.props.record.data[this.props.name];
        return this.isRelation ? value?.id : value;
    }

    choose(card) {
        const value = this.isRelation ? { id: card.id, display_name: card.name } : card.id;
        return this.props.record.update({ [this.props.name]: value });
    }
}

export const choiceCardsField = {
    component: ChoiceCardsField,
    displayName: _t("Choice of Cards"),
    supportedTypes: ["many2one", "char"],
    extractProps: ({ options }) => ({ cards: options.cards }),
};

registry.category("fields").add("customer_service_choice_cards", choiceCardsField);

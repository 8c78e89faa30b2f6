import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** What each customer would get, one after the other. */
export class AnswerPreview extends Component {
    static template = "customer_service.AnswerPreview";
    static components = { Dialog };
    static props = {
        answerId: Number,
        close: Function,
        lines: { type: Array, element: { type: Object, shape: { id: Number, name: String } } },
        start: Number,
        texts: Object,
        withGreeting: Boolean,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ index: this.props.start, shown: null });
        onWillStart(() => this.show(this.props.start));
    }

    get line() {
        return this.props.lines[this.state.index];
    }

    get title() {
        return _t("What %s Gets", this.line.name);
    }

    get body() {
        // markup: rendered and sanitized by the server
        return markup(this.state.shown.body);
    }

    async show(index) {
        const { answerId, lines, texts, withGreeting } = this.props;
        const shown = await this.orm.call("customer.service.answer.all", "preview", [[answerId], lines[index].id], {
            texts,
            with_greeting: withGreeting,
        });
        Object.assign(this.state, { index, shown });
    }
}

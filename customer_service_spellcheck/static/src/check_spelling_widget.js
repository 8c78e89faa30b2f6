import { HtmlComposerMessageField } from "@mail/views/web/fields/html_composer_message_field/html_composer_message_field";
import { Component, toRaw } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { EditorText } from "./written_text";

/** Record of a large composer → its editor, so that the button in the footer finds the one above it. */
const editors = new WeakMap();

patch(HtmlComposerMessageField.prototype, {
    onEditorLoad(editor) {
        super.onEditorLoad(...arguments);
        editors.set(toRaw(this.props.record), editor);
    },
});

/** The button of the large composer. */
export class CheckSpelling extends Component {
    static template = "customer_service_spellcheck.CheckSpelling";
    static props = { ...standardWidgetProps };

    setup() {
        this.spelling = useService("customer_service_spellcheck.spelling");
    }

    async onClick() {
        const { record } = this.props;
        const editor = editors.get(toRaw(record));
        const [caseId] = JSON.parse(record.data.res_ids || "[]");
        if (editor && caseId) {
            await this.spelling.check(new EditorText(editor), caseId, "");
        }
    }
}

registry.category("view_widgets").add("customer_service_check_spelling", { component: CheckSpelling });

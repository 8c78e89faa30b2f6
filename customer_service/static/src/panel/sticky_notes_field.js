import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { StickyNote } from "./sticky_note";

const COLORS = [
    { value: "yellow", label: _t("Yellow") },
    { value: "green", label: _t("Green") },
    { value: "blue", label: _t("Blue") },
    { value: "pink", label: _t("Pink") },
];

let nextId = 1;

/**
 * The notes that stick to a case, its customer and their company. They are written right here,
 * and kept at once: the form need not be saved.
 */
export class StickyNotesField extends Component {
    static template = "customer_service.StickyNotesField";
    static components = { StickyNote };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.colors = COLORS;
        this.prefix = `o_customer_service_sticky_${nextId++}`;
        this.text = useRef("text");
        this.root = useRef("root");
        this.state = useState({ saved: null, draft: null, isSaving: false });
        useEffect(
            (key) => {
                if (key) {
                    this.text.el.focus();
                    this.text.el.selectionStart = this.text.el.value.length;
                }
            },
            () => [this.state.draft?.key],
        );
    }

    get places() {
        // What was kept here is newer than what the form has loaded.
        const { saved } = this.state;
        const loaded = this.props.record.data[this.props.name];
        return (saved && saved.of === loaded ? saved.places : loaded) || [];
    }

    get notes() {
        return this.places.flatMap(({ place, name, notes }) => notes.map((note) => ({ ...note, place, name })));
    }

    titleOf({ place, name }) {
        return place === "case" ? _t("This case") : name;
    }

    add({ place, name }) {
        this.state.draft = { key: place, place, name, text: "", color: "yellow" };
    }

    edit(note) {
        this.state.draft = { ...note, key: `note-${note.id}` };
    }

    /** Leave the draft and stay where one was with the keyboard. */
    cancel() {
        this.state.draft = null;
        this.root.el.querySelector("button")?.focus();
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            this.cancel();
        } else if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.save();
        }
    }

    async save() {
        const { id, place, text, color } = this.state.draft;
        if (!text.trim() || this.state.isSaving) {
            return;
        }
        await this.keep(id ? { id, text: text.trim(), color } : { place, text: text.trim(), color });
        this.cancel();
    }

    async remove(note) {
        await this.keep({ id: note.id, active: false });
        const close = this.notification.add(_t("The note is taken off."), {
            type: "info",
            buttons: [
                {
                    name: _t("Undo"),
                    primary: true,
                    onClick: () => {
                        close();
                        return this.keep({ id: note.id, active: true });
                    },
                },
            ],
        });
    }

    async keep(values) {
        const { record, name } = this.props;
        const loaded = record.data[name];
        this.state.isSaving = true;
        try {
            const places = await this.orm.call(record.resModel, "keep_sticky_note", [[record.resId], values]);
            this.state.saved = { of: loaded, places };
        } finally {
            this.state.isSaving = false;
        }
    }
}

export const stickyNotesField = {
    component: StickyNotesField,
    displayName: _t("Sticky Notes"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_service_sticky_notes", stickyNotesField);

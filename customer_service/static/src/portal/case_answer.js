import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * The answer box of a request: files come by dialog, camera, drag or paste into one list, what the
 * server would refuse is said before anything is sent, and a press of a button sends once.
 * The page works without it.
 */
export class CaseAnswer extends Interaction {
    static selector = "form.o_cs_answer";
    dynamicContent = {
        _root: {
            "t-on-submit": this.onSubmit,
            "t-on-dragover.prevent": () => (this.isDragging = true),
            "t-on-dragleave": this.onDragLeave,
            "t-on-drop.prevent": this.onDrop,
            "t-att-class": () => ({ o_cs_ready: true, o_cs_dragging: this.isDragging }),
        },
        _window: {
            // Back to a page that the browser kept: its buttons work again.
            "t-on-pageshow": () => (this.isSending = false),
        },
        "textarea[name='body']": {
            "t-on-paste": this.onPaste,
            "t-on-keydown": this.onKeydown,
        },
        "input[type='file']": {
            "t-on-change.withTarget": this.onChoose,
        },
        ".o_cs_chosen": {
            "t-on-click": this.onRemove,
        },
        "button[type='submit']": {
            "t-att-disabled": () => this.isSending,
        },
    };

    setup() {
        this.isDragging = false;
        this.isSending = false;
        this.files = [];
        this.inputEl = this.el.querySelector("input[type='file'][multiple]");
        this.textEl = this.el.querySelector("textarea[name='body']");
        this.chosenEl = this.el.querySelector(".o_cs_chosen");
    }

    // ---------------------------------------------------------------------------------------
    // Files
    // ---------------------------------------------------------------------------------------

    /**
     * Takes what was chosen over into the one list, so that a second choice adds to the first.
     */
    onChoose(ev, inputEl) {
        const chosen = [...inputEl.files];
        if (inputEl !== this.inputEl) {
            inputEl.value = "";
        }
        this.addFiles(chosen);
    }

    onDragLeave(ev) {
        if (!this.el.contains(ev.relatedTarget)) {
            this.isDragging = false;
        }
    }

    onDrop(ev) {
        this.isDragging = false;
        this.addFiles([...ev.dataTransfer.files]);
    }

    onPaste(ev) {
        const files = [...(ev.clipboardData?.files || [])];
        if (this.inputEl && files.length) {
            ev.preventDefault();
            this.addFiles(files);
        }
    }

    onRemove(ev) {
        const buttonEl = ev.target.closest("button[data-index]");
        if (buttonEl) {
            this.files.splice(Number(buttonEl.dataset.index), 1);
            this.showFiles();
        }
    }

    addFiles(files) {
        if (!this.inputEl) {
            return;
        }
        const isKnown = (file) =>
            this.files.some(
                (known) =>
                    known.name === file.name && known.size === file.size && known.lastModified === file.lastModified,
            );
        this.files.push(...files.filter((file) => !isKnown(file)));
        this.showFiles();
    }

    /**
     * Puts the list into the form's own input and under the eyes of the customer.
     */
    showFiles() {
        const transfer = new DataTransfer();
        for (const file of this.files) {
            transfer.items.add(file);
        }
        this.inputEl.files = transfer.files;
        this.chosenEl.replaceChildren(...this.files.map((file, index) => this.fileRow(file, index)));
        this.showProblem(this.filesProblem());
    }

    fileRow(file, index) {
        const rowEl = document.createElement("li");
        const nameEl = document.createElement("span");
        nameEl.className = "text-break";
        nameEl.textContent = file.name;
        const sizeEl = document.createElement("small");
        sizeEl.className = "text-muted text-nowrap";
        sizeEl.textContent = this.readableSize(file.size);
        const removeEl = document.createElement("button");
        removeEl.type = "button";
        removeEl.className = "btn-close btn-sm";
        removeEl.dataset.index = index;
        removeEl.setAttribute("aria-label", _t("Remove %s", file.name));
        rowEl.append(nameEl, sizeEl, removeEl);
        return rowEl;
    }

    readableSize(size) {
        return size < 1024 ** 2
            ? _t("%s KB", Math.max(1, Math.round(size / 1024)))
            : _t("%s MB", (size / 1024 ** 2).toFixed(1));
    }

    filesProblem() {
        const { maxFiles, maxSize } = this.el.dataset;
        if (this.files.length > Number(maxFiles)) {
            return _t("These are too many files. Please choose at most %s.", maxFiles);
        }
        if (this.files.reduce((sum, file) => sum + file.size, 0) > Number(maxSize)) {
            return _t(
                "The files are too large. Together they may have %s MB, please choose smaller ones.",
                Math.floor(maxSize / 1024 ** 2),
            );
        }
        return "";
    }

    // ---------------------------------------------------------------------------------------
    // Sending
    // ---------------------------------------------------------------------------------------

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.el.requestSubmit(this.el.querySelector(".o_cs_send, .o_cs_reopen"));
        }
    }

    onSubmit(ev) {
        const isAnswer = ev.submitter?.classList.contains("o_cs_send");
        const isEmpty = !this.textEl.value.trim() && !this.files.length;
        const problem = this.filesProblem() || (isAnswer && isEmpty && _t("Please write something first."));
        if (problem || this.isSending) {
            ev.preventDefault();
            this.showProblem(problem);
            this.textEl.focus();
            return;
        }
        // The button still has to tell the browser where the form goes.
        this.waitForTimeout(() => (this.isSending = true), 0);
    }

    /**
     * @param {string|false} problem one sentence, none takes the last one away
     */
    showProblem(problem) {
        let alertEl = this.el.querySelector(".o_cs_problem");
        if (!problem) {
            alertEl?.remove();
            return;
        }
        if (!alertEl) {
            alertEl = document.createElement("div");
            alertEl.className = "alert alert-danger o_cs_problem";
            alertEl.setAttribute("role", "alert");
            this.textEl.previousElementSibling.before(alertEl);
        }
        alertEl.textContent = problem;
    }
}

registry.category("public.interactions").add("customer_service.case_answer", CaseAnswer);

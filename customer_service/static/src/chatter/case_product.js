import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";

/**
 * Ask whether the product is the one that the customer told.
 *
 * @param {Object} dialogs the dialog service
 * @param {{ product: string | false, version: string | false }} told
 * @returns {Promise<boolean>} true where it is
 */
export function askAboutProduct(dialogs, { product, version }) {
    const title = _t("Which product is it?");
    return new Promise((resolve) => {
        const onClose = () => resolve(false);
        if (!product) {
            const body = _t(
                "A case of this type is answered when the product is verified. Choose it on the case, then send.",
            );
            dialogs.add(AlertDialog, { title, body }, { onClose });
            return;
        }
        const name = version ? _t("%(product)s, version %(version)s", { product, version }) : product;
        dialogs.add(
            ConfirmationDialog,
            {
                title,
                body: _t("The customer told: %s. A case of this type is answered when that is verified.", name),
                confirmLabel: _t("It Is as Told, Send"),
                confirm: () => resolve(true),
                cancelLabel: _t("Not Yet"),
                cancel: () => {},
            },
            { onClose },
        );
    });
}

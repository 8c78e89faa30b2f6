import { composerActionsRegistry, registerComposerAction } from "@mail/core/common/composer_actions";
import { _t } from "@web/core/l10n/translation";

registerComposerAction("customer-service-templates", {
    condition: ({ owner }) => owner.isAnswerOnCase,
    hotkey: "shift+e",
    icon: "fa fa-file-text-o",
    name: _t("Templates"),
    onSelected: ({ owner }, ev) => owner.onClickTemplates(ev),
    sequence: 3,
});

registerComposerAction("customer-service-phrases", {
    condition: ({ owner }) => owner.isOnCase,
    hotkey: "shift+f",
    icon: "fa fa-bolt",
    name: _t("Canned phrases (or type ::)"),
    onSelected: ({ owner }, ev) => owner.onClickPhrases(ev),
    sequence: 4,
});

// The host's own button only types the colons; on a case the phrases are chosen from a list.
const cannedResponse = composerActionsRegistry.get("add-canned-response");
const { condition } = cannedResponse;
cannedResponse.condition = (params) =>
    !params.owner.isOnCase && (typeof condition === "function" ? condition(params) : condition);

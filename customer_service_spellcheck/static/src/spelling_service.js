import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SpellingDialog } from "./spelling_dialog";

const MODEL = "customer.service.spellcheck";

/** An answer never waits longer than this for its check, in milliseconds. */
const LONGEST_WAIT = 5000;

/** Asks the server, and shows what it found. The two composers differ in their text only. */
export const spellingService = {
    dependencies: ["dialog", "notification", "orm"],

    start(env, { dialog, notification, orm }) {
        async function find(text, caseId, lang = false) {
            const { content, html } = text.content;
            const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT, null));
            try {
                return await Promise.race([orm.silent.call(MODEL, "check", [content, lang, caseId, html]), late]);
            } catch {
                return null; // the answer goes out all the same
            }
        }

        function show(text, found, language, { send, sendText } = {}) {
            return new Promise((resolve) => {
                let isSent = false;
                dialog.add(
                    SpellingDialog,
                    {
                        language,
                        learn: (word) => orm.silent.call(MODEL, "learn", [word, found.lang]),
                        replace: (...place) => text.replace(...place),
                        send: send ? () => (isSent = true) : undefined,
                        sendText,
                        suggest: (word) => orm.silent.call(MODEL, "suggest", [word, found.lang]),
                        words: found.words,
                    },
                    {
                        onClose: () => {
                            text.done();
                            resolve(isSent);
                        },
                    },
                );
            });
        }

        return {
            /** @returns {Promise<Object>} what the server says of the language of a case */
            prepare(caseId) {
                return orm.silent.call(MODEL, "prepare", [caseId]);
            },

            /**
             * Check before sending; shows nothing when all is well, or cannot be checked.
             *
             * @param {string} [lang] code of the language, where it is not that of the case
             * @returns {Promise<boolean>} whether to send
             */
            async confirm(text, caseId, language, sendText, lang) {
                const found = await find(text, caseId, lang);
                return !found?.words.length || show(text, found, language, { send: true, sendText });
            },

            /** Check because the agent asked for it; says so when all is well. */
            async check(text, caseId, language, lang) {
                const found = await find(text, caseId, lang);
                if (found?.words.length) {
                    await show(text, found, language);
                } else if (!found) {
                    notification.add(_t("Spelling could not be checked now."), { type: "warning" });
                } else if (found.checked) {
                    notification.add(_t("No spelling mistake was found."), { type: "success" });
                } else {
                    notification.add(_t("There is no dictionary for this language. Your browser's own check is on."), {
                        type: "info",
                    });
                }
            },
        };
    },
};

registry.category("services").add("customer_service_spellcheck.spelling", spellingService);

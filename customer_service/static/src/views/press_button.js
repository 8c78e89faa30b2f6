/**
 * Press a button of a form from elsewhere: what was typed is saved before, what the method returns
 * is opened, and the form shows what came of it.
 *
 * @param {Object} env of a component in the form
 * @param {Object} record of the form
 * @param {Object} clickParams as the attributes of a button: `name`, `type`, `args`, `confirm` …
 * @returns {Promise}
 */
export function pressButton(env, record, clickParams) {
    return env.onClickViewButton({
        clickParams: { type: "object", ...clickParams },
        getResParams: () => ({
            resModel: record.resModel,
            resId: record.resId,
            resIds: record.resIds,
            context: record.context,
            evalContext: record.evalContext,
        }),
    });
}

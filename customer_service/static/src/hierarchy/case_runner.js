/**
 * Return a function that calls a method of the case in a form as a button of it would: what was
 * typed is saved before, what the method returns is opened, and the form shows what came of it.
 *
 * @param {Object} env of a component in the form
 * @returns {Function} of the name of the method, the record, and what else the method is given
 */
export function caseRunner(env) {
    return (name, record, ...args) =>
        env.onClickViewButton({
            clickParams: { name, type: "object", args: JSON.stringify(args) },
            getResParams: () => ({
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
                context: record.context,
                evalContext: record.evalContext,
            }),
        });
}

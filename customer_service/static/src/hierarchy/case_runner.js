/**
 * Return a function that calls a method of the case in a form as a button of it would: what was
 * typed is saved before, what the method returns is opened, and the form shows what came of it.
 *
 * @param {Object} env of a component in the form
 */
export function caseRunner(env) {
    return (name, record) =>
        env.onClickViewButton({
            clickParams: { name, type: "object" },
            getResParams: () => ({
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
                context: record.context,
                evalContext: record.evalContext,
            }),
        });
}

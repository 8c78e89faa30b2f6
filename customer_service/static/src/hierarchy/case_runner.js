import { pressButton } from "../views/press_button";

/**
 * Return a function that calls a method of the case in a form as a button of it would.
 *
 * @param {Object} env of a component in the form
 * @returns {Function} of the name of the method, the record, and what else the method is given
 */
export function caseRunner(env) {
    return (name, record, ...args) => pressButton(env, record, { name, args: JSON.stringify(args) });
}

/** The fields of an error, with its message. */
export type Described<Fields> = Fields & { readonly message: string }

/**
 * Adds the message of an error, which consists of the problem and the hint. A problem can end with
 * a sentence from outside this program. The full stop of this sentence is left out.
 */
export const described = <Fields extends { readonly problem: string; readonly hint: string }>(
  fields: Fields
): Described<Fields> => {
  const problem = fields.problem.replace(/(?<!\.)\.$/, "")
  return { ...fields, problem, message: `${problem}. ${fields.hint}.` }
}

/** GraphQL, section 2.1.9: names of fields, aliases, operations and variables. */
export const isGraphQLName = (text: string): boolean => /^[_A-Za-z][_0-9A-Za-z]*$/.test(text)

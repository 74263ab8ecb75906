/** The permissions of the role that all clients have. */
export interface Role {
  /**
   * Maximum number of rows of a table in a response. Further rows are left out without an error.
   */
  readonly rowLimit: number | undefined
  readonly allowAggregations: boolean
  readonly introspection: boolean
}

/** Changes of the role. A `rowLimit` of null removes the limit. */
export interface RoleChange {
  readonly rowLimit?: number | null
  readonly allowAggregations?: boolean
  readonly introspection?: boolean
}

export interface RoleSettings {
  readonly current: () => Role
  readonly change: (change: RoleChange) => void
  readonly reset: () => void
}

export const make = (initial: Role): RoleSettings => {
  let role = initial
  return {
    current: () => role,
    change: ({ rowLimit, ...flags }) => {
      role = {
        ...role,
        ...flags,
        ...(rowLimit === undefined ? {} : { rowLimit: rowLimit ?? undefined })
      }
    },
    reset: () => {
      role = initial
    }
  }
}

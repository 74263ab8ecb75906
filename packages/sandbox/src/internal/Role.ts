/** What the role of all clients may do. */
export interface Role {
  /** The most rows of a table at once; more are cut without a word. */
  readonly rowLimit: number | undefined
  readonly allowAggregations: boolean
  readonly introspection: boolean
}

/** What changes of the role. A `rowLimit` of null takes the limit away. */
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

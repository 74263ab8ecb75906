import type { ColumnType } from "../graphql/ColumnType.js"
import type { Column } from "../graphql/Table.js"

export const required = (name: string, type: ColumnType): Column => ({
  name,
  type,
  nullable: false
})

export const optional = (name: string, type: ColumnType): Column => ({
  name,
  type,
  nullable: true
})

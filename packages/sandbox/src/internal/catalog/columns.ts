import type { Column } from "../graphql/Table.js"
import type { ColumnType } from "../graphql/values/ColumnType.js"

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

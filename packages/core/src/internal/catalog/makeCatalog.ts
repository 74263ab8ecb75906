/**
 * Makes a catalogue. This code has its own module, because the shipped catalogues do not need the
 * code that reads and prints schemas.
 */
import type { Catalog } from "../../Catalog.js"
import type * as Table from "../../Table.js"
import { CatalogTypeId } from "../typeIds.js"

export const makeCatalog = (name: string, tables: ReadonlyArray<Table.Any>): Catalog => {
  const byName = new Map(tables.map((table) => [table.name, table]))
  return {
    [CatalogTypeId]: CatalogTypeId,
    name,
    // Sorts by code units, not by locale, so that the order is the same on every machine.
    tables: new Map([...byName].sort(([one], [other]) => (one < other ? -1 : 1)))
  }
}

/**
 * Builds each query completely. A page builds few queries, so the code that reuses the document of
 * an earlier query is not worth its size in a bundle.
 */
import { VariableList } from "../variables.js"
import type { BuildByShape } from "./byShape.node.js"

export const buildByShape: BuildByShape = (_query, _now, build) => build(new VariableList())

/**
 * A page builds few queries, so it builds each one from scratch, which saves the code for shapes.
 */
import { VariableList } from "../variables.js"
import type { BuildByShape } from "./byShape.node.js"

export const buildByShape: BuildByShape = (_query, _now, build) => build(new VariableList())

export * from "../rows/decodeSchema.js"
export * from "./start.js"

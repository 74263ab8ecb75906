export * from "../stream/loaded.js"
export * from "./start.js"

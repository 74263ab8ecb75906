export * from "../call/batch.js"
export * from "./start.js"

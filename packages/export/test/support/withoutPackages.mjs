// Makes some packages look as if they were not installed:
//
//   WITHOUT=apache-arrow,@duckdb/node-api node --import ./withoutPackages.mjs PROGRAM

import { register } from "node:module"
import process from "node:process"

const names = JSON.stringify((process.env.WITHOUT ?? "").split(","))

register(
  `data:text/javascript,${encodeURIComponent(`
    export const resolve = (name, context, next) => {
      if (!${names}.includes(name)) return next(name, context)
      const error = new Error("Cannot find package '" + name + "'")
      error.code = "ERR_MODULE_NOT_FOUND"
      throw error
    }
  `)}`
)

#!/usr/bin/env node
import { runMain } from "../internal/connector/process.js"
import * as Singer from "../Singer.js"

runMain(Singer.main)

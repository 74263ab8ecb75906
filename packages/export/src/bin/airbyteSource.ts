#!/usr/bin/env node
import * as Airbyte from "../Airbyte.js"
import { runMain } from "../internal/connector/process.js"

runMain(Airbyte.main)

#!/usr/bin/env node
import * as Airbyte from "../Airbyte.js"
import { runMain } from "./main.js"

runMain(Airbyte.main)

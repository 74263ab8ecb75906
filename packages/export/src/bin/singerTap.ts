#!/usr/bin/env node
import * as Singer from "../Singer.js"
import { runMain } from "./main.js"

runMain(Singer.main)

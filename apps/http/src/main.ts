#!/usr/bin/env node
import { NodeRuntime } from "@effect/platform-node"
import { start, teardown } from "./start.ts"

NodeRuntime.runMain(start(process.env), { teardown, disableErrorReporting: true })

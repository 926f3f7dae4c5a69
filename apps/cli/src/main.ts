#!/usr/bin/env node
import { runMain } from "@effect/platform-node/NodeRuntime"
import { run, teardown } from "./App.ts"

runMain(run, { teardown, disableErrorReporting: true })

import type { WorkloadSpec } from "../workloads/WorkloadSpec.ts"
import type { Target } from "./Connection.ts"
import type { StreamResult } from "./Tally.ts"

/** A stream of requests: to whom, what, how, and for how many seconds. */
export interface StreamSpec {
  readonly target: Target
  readonly workload: WorkloadSpec
  readonly load:
    | { readonly mode: "closed"; readonly connections: number }
    | { readonly mode: "paced"; readonly connections: number; readonly perSecond: number }
  readonly seconds: number
}

/** What the generator answers to a list of streams. */
export type GeneratorReply = { readonly results: ReadonlyArray<StreamResult> } | { readonly problem: string }

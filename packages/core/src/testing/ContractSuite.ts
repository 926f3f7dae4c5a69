import type { Vitest } from "@effect/vitest"
import type { Duration } from "effect"

/** The tests of one contract: `Services` are what the adapter's layer gives them. */
export type ContractSuite<Services> = Vitest.MethodsNonLive<Services>

/** How a contract runs: `timeout` is for building the layer; without test services time is the real one. */
export interface ContractOptions {
  readonly timeout?: Duration.Input
  readonly excludeTestServices?: boolean
}

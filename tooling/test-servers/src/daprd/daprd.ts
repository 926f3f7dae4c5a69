import { resolve } from "node:path"

import { buildDaprd, builtDaprd } from "./build.ts"
import { type DaprdSurroundings, builtHere, chooseDaprd } from "./choice.ts"
import { dockerOffersDaprd, startDockerDaprd } from "./docker.ts"
import type { DaprdOptions, Sidecar } from "./options.ts"
import { startProgramDaprd } from "./program.ts"
import { findDaprd, findGo, findPython } from "./programs.ts"

type Start = (options: DaprdOptions) => Promise<Sidecar>

declare global {
  // Each Vitest project loads its own copy of this module, so what they share has to hang on the process.
  var customerServiceDaprd: Promise<Start> | undefined
}

/** Milliseconds within which the sidecar is there, built from nothing on a slow and busy machine. */
export const daprdPatience = 900_000

const given = (): string | undefined => {
  const program = process.env["TEST_DAPRD"]
  return program === undefined || program === "" ? undefined : resolve(program)
}

const surroundings: DaprdSurroundings = {
  given,
  search: () => findDaprd(process.env["PATH"] ?? ""),
  built: builtDaprd,
  dockerOffers: () => dockerOffersDaprd(),
  findGo: () => findGo(),
  findPython: () => findPython()
}

const fromProgram =
  (program: string, origin: string): Start =>
  (options) =>
    startProgramDaprd({ program, origin }, options)

const prepare = async (signal: AbortSignal | undefined): Promise<Start> => {
  const choice = await chooseDaprd(surroundings)
  if (choice.from === "docker") return (options) => startDockerDaprd(options)
  if (choice.from === "program") return fromProgram(choice.program, choice.origin)
  return fromProgram(await buildDaprd(choice, signal), builtHere)
}

const prepared = (signal?: AbortSignal): Promise<Start> => (globalThis.customerServiceDaprd ??= prepare(signal))

/**
 * Sees to it that `startDaprd` has something to start, which may take a build of some minutes (`daprdPatience` bounds
 * them); call it in a `beforeAll`. The signal gives the build up. Rejects with `DaprdMissing` where there is no way to
 * a sidecar.
 */
export const prepareDaprd = async (signal?: AbortSignal): Promise<void> => {
  await prepared(signal)
}

/**
 * A Dapr sidecar that the caller alone uses, with the component `pubsub` on a Redis: from the first that there is of
 * TEST_DAPRD, a daprd 1.14 to 1.16 on this machine, the one built before, Docker, one built now from `tools/daprd`.
 *
 * With the Redis down the sidecar exits, and this rejects with the end of its log. The application may be started before
 * or after it. Before: this resolves when the sidecar has subscribed. After: it resolves when messages can be published,
 * and the sidecar looks ten times a second for somebody who listens on `appPort`. Once it finds one it asks for
 * `/dapr/subscribe`, and never again: an application with other subscriptions, or a Redis that was down at that very
 * moment, needs a `stop` and a `start`. Subscribed, it outlasts an application or a Redis that goes and comes back.
 */
export const startDaprd: Start = async (options) => (await prepared())(options)

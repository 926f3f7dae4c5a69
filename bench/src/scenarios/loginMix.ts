import { measureHash } from "../hashing/measureHash.ts"
import { ids, password } from "../loginAccounts.ts"
import { passwordHash, sharePassword } from "../seed.ts"
import type { Service } from "../services.ts"
import type { Bench, LoginCost, Scenario } from "./Bench.ts"
import { groupsOf, type Measured, runCounted, runTogether, type Slice } from "./slices.ts"

const loginsPerSecond = 50

const logins: Slice = {
  label: `logins at ${loginsPerSecond}/s`,
  workload: { name: "log-in" },
  load: { mode: "paced", connections: 64, perSecond: loginsPerSecond }
}

const readsAlone: Slice = {
  label: "reads at 500/s, no logins",
  workload: { name: "hot-read", customers: 100 },
  load: { mode: "paced", connections: 16, perSecond: 500 }
}

const readsBeside: Slice = { ...readsAlone, label: "reads at 500/s beside logins" }
const readsBesideHashes: Slice = { ...readsAlone, label: "reads at 500/s beside hashes elsewhere" }

/** Creates a customer with the password, so that it is hashed as the service hashes; answers her id. */
const register = async ({ tokens }: Bench, { port }: Service): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/customers`, {
    method: "POST",
    headers: { authorization: `Bearer ${tokens.client}`, "content-type": "application/json" },
    body: JSON.stringify({
      email: `first.${Date.now()}@example.com`,
      password,
      profile: { firstName: "Grace", lastName: "Hopper" }
    })
  })
  const { data } = (await answer.json()) as { data?: { customer: { id: string } } }
  if (data === undefined) throw new Error(`A customer with a password is answered with ${answer.status}`)
  return data.customer.id
}

/** Gives all accounts the password; answers how it is stored. */
const prepare = async (bench: Bench, service: Service): Promise<string> => {
  const { databaseUrl } = bench.surroundings[service.name]
  const owner = await register(bench, service)
  await sharePassword(databaseUrl, owner, ids)
  return passwordHash(databaseUrl, owner)
}

interface Turn {
  readonly measured: Measured
  readonly cost: LoginCost
}

/**
 * The same reads by themselves (before and after, so that what drifts falls on both sides), beside logins, and beside a
 * process that computes as many hashes: what a login adds to the service's CPU time, and what the hash alone costs on
 * a machine that is as busy.
 */
const takeTurn = async (bench: Bench, service: Service, stored: string): Promise<Turn> => {
  const { seconds } = bench.options
  const alone = await runCounted(bench, service, [readsAlone])
  const beside = await runCounted(bench, service, [logins, readsBeside])
  const again = await runCounted(bench, service, [readsAlone])
  const [hash, elsewhere] = await Promise.all([
    measureHash({ password, stored, perSecond: loginsPerSecond, seconds }),
    runTogether(bench, service, [readsBesideHashes])
  ])
  const loggedIn = beside.measured[0]?.[1].requests ?? 0
  const added = beside.cpuSeconds - (alone.cpuSeconds + again.cpuSeconds) / 2
  return {
    measured: [...alone.measured, ...beside.measured, ...again.measured, ...elsewhere],
    cost: { service: service.name, login: (added * 1000) / loggedIn, hash }
  }
}

/** 50 logins a second, of our service alone: what they do to reads, and what they cost beyond the password's hash. */
export const loginMix: Scenario = async (bench) => {
  const service = bench.services.find(({ name }) => name === "ours")
  if (service === undefined) return { scenario: "login-mix", groups: [] }
  const stored = await prepare(bench, service)
  await takeTurn(bench, service, stored)
  const turns: Array<Turn> = []
  for (let round = 0; round < bench.options.rounds; round++) turns.push(await takeTurn(bench, service, stored))
  return {
    scenario: "login-mix",
    groups: groupsOf(turns.flatMap(({ measured }) => measured)),
    loginCosts: turns.map(({ cost }) => cost)
  }
}

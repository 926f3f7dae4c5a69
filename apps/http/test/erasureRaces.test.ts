import { randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test, vi } from "vitest"
import { post } from "./support/accounts.ts"
import { someAddress } from "./support/customers.ts"
import { dumpDatabase, dumpDirectory, dumpRedis } from "./support/dumps.ts"
import { erasureOf, requestErasure } from "./support/erasures.ts"
import { type FullLife, keepingMails, liveFully, useEverything } from "./support/fullLife.ts"
import type { Answer } from "./support/requests.ts"
import { openScene } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"
import { tracesOf } from "./support/traces.ts"

const directory = await mkdtemp(join(tmpdir(), "customer-service-races-"))
afterAll(() => rm(directory, { recursive: true, force: true }))
const { database, redisUrl, service, startAnother } = await openScene(keepingMails(directory))
const other = await startAnother()
const [client, staff] = [await serviceToken(), await staffToken()]

/** Everything that anybody may do about her at the moment in which she is erased. */
const deeds = (one: Service, { canary, email, password, path }: FullLife): ReadonlyArray<() => Promise<Answer>> => {
  const write = (method: string, rest: string, body: object, token = client) =>
    one.send(method, path + rest, { token, body, headers: { "idempotency-key": randomUUID() } })
  return [
    () => write("PUT", "", { profile: { firstName: canary.next(), data: { seen: canary.next() } } }),
    () => write("PUT", "", { preferences: { marketing: { pushOptIn: false }, custom: { seen: canary.next() } } }),
    () => write("POST", "/addresses", { ...someAddress, street: canary.next() }),
    () => write("POST", "/email", { email: `${canary.next()}@example.org` }),
    () => write("POST", "/suspend", { reason: canary.next() }, staff),
    () => write("POST", "/reactivate", { reason: canary.next() }, staff),
    () => post(one, "login", { email, password }, { headers: { "user-agent": canary.next() } }),
    () => post(one, "password/forgot", { email }),
    () => one.send("GET", path, { token: client }),
    () => one.send("GET", `${path}/addresses`, { token: client }),
    () => one.send("GET", `${path}/export`, { token: staff })
  ]
}

/** Does one thing again and again until it is told to stop; answers the statuses that came back. */
const repeat = async (deed: () => Promise<Answer>, siege: AbortSignal): Promise<ReadonlyArray<number>> => {
  const { status } = await deed()
  return siege.aborted ? [status] : [status, ...(await repeat(deed, siege))]
}

/** Does all of it until the erasure was answered; answers the statuses that came back. */
const besiege = async (life: FullLife): Promise<ReadonlySet<number>> => {
  const siege = new AbortController()
  const besiegers = [...deeds(service, life), ...deeds(other, life)].map((deed) => repeat(deed, siege.signal))
  const erasing = requestErasure(service, life).finally(() => siege.abort())
  const statuses = await Promise.all([erasing.then(({ status }) => [status]), ...besiegers])
  return new Set(statuses.flat())
}

const endLease = (life: FullLife) =>
  database.rows("UPDATE erasure_requests SET lease_until = now() WHERE customer_id = $1 AND state = 'running'", [
    life.id
  ])

/** An erasure that found something new as it looked again is taken up once more, when its lease of 20 s is over. */
const untilErased = async (life: FullLife): Promise<void> => {
  const isDone = async () => {
    await endLease(life)
    return vi
      .waitUntil(async () => (await erasureOf(other, life)).state === "done", { timeout: 8000 })
      .catch(() => false)
  }
  await vi.waitUntil(isDone, { timeout: 60_000 })
}

test("whoever reads, writes or logs in meanwhile brings nothing of her back", { timeout: 150_000 }, async () => {
  for (let round = 0; round < 2; round += 1) {
    const life = await liveFully(service)
    await useEverything(other, life)
    const statuses = await besiege(life)
    expect([...statuses].filter((status) => status >= 500)).toEqual([])
    await untilErased(life)
    await vi.waitUntil(async () => (await database.rows("SELECT 1 FROM mail_queue")).length === 0, { timeout: 15_000 })
    const left = [
      ...(await dumpDatabase(database.rows)),
      ...(await dumpRedis(redisUrl)),
      ...(await dumpDirectory(directory))
    ]
    expect(tracesOf(life.canary.traces, left)).toEqual([])
  }
})

import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, onTestFinished, test } from "vitest"
import { statusesOf } from "./support/accounts.ts"
import { type Dump, dumpDatabase, dumpDirectory, dumpRedis } from "./support/dumps.ts"
import { insideEmbedded } from "./support/embeddedDatabase.ts"
import { erase } from "./support/erasures.ts"
import { type FullLife, keepingMails, keptMails, liveFully, useEverything } from "./support/fullLife.ts"
import type { PersonalColumn } from "./support/personalColumns.ts"
import { canHoldCanary, plantEverywhere, valuesOf } from "./support/planting.ts"
import { openScene } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import { startProcess } from "./support/serviceProcess.ts"
import { untilReviewed } from "./support/timelines.ts"
import { staffToken } from "./support/tokens.ts"
import { tracesOf } from "./support/traces.ts"

const directory = await mkdtemp(join(tmpdir(), "customer-service-canaries-"))
afterAll(() => rm(directory, { recursive: true, force: true }))
const { database, redisUrl, service } = await openScene(keepingMails(directory))

const everything = async (): Promise<Dump> => [
  ...(await dumpDatabase(database.rows)),
  ...(await dumpRedis(redisUrl)),
  ...(await dumpDirectory(directory))
]

/** The places of traces, shorn of what tells one row or key from the next. */
const placesOf = (traces: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(
    traces.map((trace) =>
      trace
        .replace(/: .*$/, "")
        .replace(/^file .*\/mails\/.*/, "mails")
        .replace(/:[0-9a-f-]{36}$/, "")
    )
  )

/** The tables of these columns, as their rows are dumped. */
const tablesOf = (columns: ReadonlyArray<PersonalColumn>): ReadonlySet<string> =>
  new Set(columns.map(({ table }) => `database public.${table}`))

/** What the service itself tells about anybody: her name must not be in it either. */
const told = async (one: Service): Promise<Dump> => [
  { place: "metrics", text: (await one.send("GET", "/metrics")).text },
  { place: "readiness", text: (await one.send("GET", "/health/ready")).text }
]

test("Erasure: a canary planted in every personal column, the cache, sessions, stored answers and mails is found nowhere afterwards", async () => {
  const life = await liveFully(service)
  const grant = await useEverything(service, life)
  await keptMails(directory, life, 3)
  await untilReviewed(database, life)
  const columns = await plantEverywhere(database.rows, life)
  const kept = columns.filter(({ goes }) => !goes)
  const before = new Map(
    await Promise.all(kept.map(async (column) => [column, await valuesOf(database.rows, column, life)] as const))
  )
  await service.send("GET", `/v1/customers/${await legacyIdOf(life)}`, { token: await staffToken() })
  const planted = placesOf(tracesOf(life.canary.traces, await everything()))
  for (const table of tablesOf(columns.filter(canHoldCanary))) expect([...planted]).toContain(table)
  for (const place of ["redis customers:profile", "redis customers:addresses", "redis customers:session", "mails"]) {
    expect([...planted]).toContain(place)
  }

  const { receipt } = await erase(service, life)
  expect(tracesOf(life.canary.traces, [...(await everything()), ...(await told(service))])).toEqual([])
  expect(tracesOf(life.canary.traces, [{ place: "receipt", text: JSON.stringify(receipt) }])).toEqual([])
  expect(await statusesOf(service, grant)).toEqual([401, 401])
  const same = kept.filter((column) => canDiffer(before.get(column) ?? []))
  for (const column of same) {
    expect([column.table, column.column, await valuesOf(database.rows, column, life)]).not.toEqual([
      column.table,
      column.column,
      before.get(column)
    ])
  }
  const erasedPlaces = new Set(receipt.statement.erased.map(({ place }) => `database public.${place}`))
  for (const table of tablesOf(columns)) expect([...erasedPlaces]).toContain(table)
})

const legacyIdOf = async ({ id }: FullLife): Promise<string> =>
  String((await database.rows("SELECT legacy_id FROM customers WHERE id = $1", [id]))[0]?.["legacy_id"])

/** Whether an erasure has something to take away: more than nothing and than the shop's defaults. */
const canDiffer = (values: ReadonlyArray<string | undefined>): boolean =>
  values.some((value) => value !== undefined && !["false", "{}", "en", "USD", "UTC"].includes(value))

test("a second erasure finds nothing, and what stands in the streams is bounded and named", async () => {
  const life = await liveFully(service)
  const first = await erase(service, life)
  const dump = await everything()
  expect(await erase(service, life)).toEqual(first)
  expect(await dumpDatabase(database.rows)).toEqual(dump.filter(({ place }) => place.startsWith("database")))
  expect(first.receipt.statement.held).toContainEqual({ store: "event bus", retention: expect.stringMatching(/./) })
})

/** The embedded service on these data, until the end of `act`. */
const running = async <A>(data: string, act: (one: Service) => Promise<A>): Promise<A> => {
  const one = await startProcess(keepingMails(data))
  try {
    return await act(one)
  } finally {
    await one.stop()
  }
}

test("the same holds embedded, with nothing but a directory", async () => {
  const data = await mkdtemp(join(tmpdir(), "customer-service-embedded-canaries-"))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  const life = await running(data, async (one) => {
    const lived = await liveFully(one)
    await keptMails(data, lived, 3)
    return lived
  })
  // A password hash that is a canary opens no session any more: the columns are planted beside it.
  const hash = await insideEmbedded(data, async (query) => {
    const [row] = await query("SELECT password_hash AS hash FROM customer_credentials WHERE customer_id = $1", [
      life.id
    ])
    const columns = await plantEverywhere(query, life)
    await query("UPDATE customer_credentials SET password_hash = $2 WHERE customer_id = $1", [life.id, row?.["hash"]])
    const planted = placesOf(tracesOf(life.canary.traces, await dumpDatabase(query)))
    const others = columns.filter((column) => canHoldCanary(column) && column.table !== "customer_credentials")
    for (const table of tablesOf(others)) expect([...planted]).toContain(table)
    return String(row?.["hash"])
  })
  await running(data, async (one) => {
    const grant = await useEverything(one, life)
    await erase(one, life)
    expect(tracesOf(life.canary.traces, await told(one))).toEqual([])
    expect(await statusesOf(one, grant)).toEqual([401, 401])
  })
  const left = await insideEmbedded(data, dumpDatabase)
  const found = tracesOf([...life.canary.traces, hash], [...left, ...(await dumpDirectory(join(data, "mails")))])
  expect(found).toEqual([])
}, 60_000)

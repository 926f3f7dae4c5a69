import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { addAddress, createCustomer } from "./support/customers.ts"
import { type FullLife, keepingMails, keptMails, liveFully, useEverything } from "./support/fullLife.ts"
import type { PersonalColumn } from "./support/personalColumns.ts"
import { canHoldCanary, plantEverywhere, valuesOf } from "./support/planting.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { untilReviewed } from "./support/timelines.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

const directory = await mkdtemp(join(tmpdir(), "customer-service-export-"))
afterAll(() => rm(directory, { recursive: true, force: true }))
const { database, service } = await openScene(keepingMails(directory))
const staff = await staffToken()

const ask = (path: string, token: string) => service.send("GET", `${path}/export`, { token })

interface Exported {
  readonly customerId: string
  readonly generatedAt: string
  readonly holders: Readonly<Record<string, ReadonlyArray<unknown>>>
}

const exportIn = (body: unknown): Exported => (body as { data: { export: Exported } }).data.export

const inCamelCase = (name: string): string => name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())

/** What was planted in a column, which must be something where it can hold anything of one's choice. */
const canariesIn = async (column: PersonalColumn, life: FullLife): Promise<ReadonlyArray<string>> => {
  const text = (await valuesOf(database.rows, column, life)).join("\n")
  const planted = [
    ...life.canary.valuesIn(text),
    ...life.canary.traces.slice(1).filter((value) => text.includes(value))
  ]
  if (canHoldCanary(column)) expect([column.table, column.column, planted.length > 0]).toContain(true)
  return planted
}

test("Export contains every canary", async () => {
  const life = await liveFully(service)
  const grant = await useEverything(service, life)
  const mails = await keptMails(directory, life, 4)
  await untilReviewed(database, life)
  const columns = await plantEverywhere(database.rows, life)
  const answer = await ask(life.path, grant.accessToken)
  expect(answer.status, answer.text).toBe(200)
  const { customerId, holders } = exportIn(answer.body)
  expect(customerId).toBe(life.id)
  for (const column of columns) {
    const holder = JSON.stringify(holders[column.table])
    expect(holder, column.table).toContain(`"${inCamelCase(column.column)}"`)
    for (const value of await canariesIn(column, life)) {
      expect([`${column.table}.${column.column}`, value, holder.includes(value)]).toEqual([
        `${column.table}.${column.column}`,
        value,
        !column.isSecret
      ])
    }
  }

  const sent = life.canary.valuesIn(mails.map(({ text }) => text).join("\n"))
  const agent = life.canary.valuesIn(JSON.stringify(holders["sessions"]))
  expect(sent.length).toBeGreaterThan(1)
  expect(agent).toHaveLength(1)
  expect(sent.filter((value) => !JSON.stringify(holders["mails"]).includes(value))).toEqual([])
  expect(JSON.stringify(holders["cache"])).toContain(life.email)
  expect(answer.text).not.toMatch(/\$argon2|\$2b\$/)
  expect(answer.text).not.toContain(grant.refreshToken.split(".")[1])
})

test("an export names each place, and holds nothing of anybody else", async () => {
  const [jane, john] = [await createCustomer(service), await createCustomer(service)]
  await addAddress(service, jane)
  await addAddress(service, john, { street: "John's own street" })
  const answer = await ask(jane.path, jane.token)
  const { customerId, generatedAt, holders } = exportIn(answer.body)
  expect(customerId).toBe(jane.id)
  expect(Math.abs(Date.parse(generatedAt) - Date.now())).toBeLessThan(10_000)
  expect(Object.keys(holders)).toEqual(expect.arrayContaining(["customers", "customer_addresses", "cache", "sessions"]))
  expect(holders["customers"]).toHaveLength(1)
  expect(holders["customer_addresses"]).toHaveLength(1)
  expect(answer.text).not.toContain(john.id)
  expect(answer.text).not.toContain(john.email)
  expect(answer.text).not.toContain("John's own")
  expect(answer.headers.get("cache-control")).toMatch(/private|no-store/)
})

test("she gets her own alone, staff gets all, services none", async () => {
  const [jane, john] = [await createCustomer(service), await createCustomer(service)]
  expect((await ask(jane.path, jane.token)).status).toBe(200)
  expect(exportIn((await ask(jane.path, staff)).body).customerId).toBe(jane.id)
  expect(refusalIn(await ask(jane.path, john.token))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  expect(refusalIn(await ask(jane.path, await serviceToken()))).toEqual(refusal(403, "FORBIDDEN"))
  expect(refusalIn(await ask(jane.path, await customerToken(jane.id, "customers:write")))).toEqual(
    refusal(403, "FORBIDDEN")
  )
  expect(refusalIn(await service.send("GET", `${jane.path}/export`))).toEqual(refusal(401, "UNAUTHENTICATED"))
})

test("a closed account is exported to staff, and to her no more", async () => {
  const jane = await createCustomer(service)
  expect((await service.send("DELETE", jane.path, { token: jane.token })).status).toBe(200)
  expect(refusalIn(await ask(jane.path, jane.token))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  const answer = await ask(jane.path, staff)
  expect([answer.status, answer.text.includes(jane.email)]).toEqual([200, true])
})

test("a name that is a formula is text in JSON, for whoever asks for a table as well", async () => {
  const formula = '=cmd|" /C calc"!A0'
  const jane = await createCustomer(service, { profile: { firstName: formula, lastName: "+1+1" } })
  for (const [path, token] of [
    [`${jane.path}/export`, staff],
    [`/v1/customers?ids=${jane.id}`, staff],
    [jane.path, jane.token]
  ] as const) {
    const answer = await service.send("GET", path, { token, headers: { accept: "text/csv" } })
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([path, 200, "application/json"])
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff")
    expect(answer.text).toContain(JSON.stringify(formula))
  }
})

import { expect, test } from "vitest"
import { createCustomer, customerIn, type Known } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Answer } from "./support/requests.ts"
import { openScene } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

interface ConsentLine {
  readonly purpose: string
  readonly channel: string
  readonly state: string
  readonly source: string
  readonly recordedBy: string
  readonly recordedAt: string
}

interface Ledger {
  readonly consents: ReadonlyArray<ConsentLine>
  readonly page: { readonly nextCursor?: string }
}

const { service, startAnother } = await openScene()
const staff = await staffToken("staff-of-the-ledger")

const ledgerIn = ({ body, status, text }: Answer): Ledger => {
  expect([status, body], text).toEqual([
    200,
    { success: true, data: { consents: expect.any(Array), page: expect.any(Object) } }
  ])
  return (body as { data: Ledger }).data
}

const ask = (customer: Known, query = "", token = customer.token): Promise<Answer> =>
  service.send("GET", `${customer.path}/consents${query}`, { token })

const ledgerOf = async (customer: Known, query = ""): Promise<Ledger> => ledgerIn(await ask(customer, query))

const agree = async (customer: Known, preferences: object, token = customer.token, on: Service = service) => {
  const answer = await on.send("PUT", customer.path, { token, body: { preferences } })
  expect(answer.status, answer.text).toBe(200)
}

/** What a line says, and who said it. */
const shown = ({ channel, purpose, source, state }: ConsentLine) => `${purpose} ${channel} ${state} ${source}`

const assumed = [
  "marketing email granted default",
  "marketing push granted default",
  "order_updates email granted default",
  "promotions email granted default",
  "newsletter email granted default",
  "analytics web granted default"
]

test("the ledger tells what was assumed, what she said, what others said, and when, oldest first", async () => {
  const jane = await createCustomer(service)
  await agree(jane, { marketing: { emailOptIn: false, smsOptIn: true } })
  await agree(jane, { privacy: { cookieConsent: true } }, await serviceToken(undefined, "the-banner"))
  await agree(jane, { marketing: { smsOptIn: false } }, staff)
  await agree(jane, { marketing: { smsOptIn: false } })
  const { consents, page } = await ledgerOf(jane)
  expect(page).toEqual({})
  expect(consents.map(shown)).toEqual([
    ...assumed,
    "marketing email withdrawn customer",
    "marketing sms granted customer",
    "cookies web granted service",
    "marketing sms withdrawn staff"
  ])
  expect(consents.slice(-4).map(({ recordedBy }) => recordedBy)).toEqual([
    jane.id,
    jane.id,
    "the-banner",
    "staff-of-the-ledger"
  ])
  const times = consents.map(({ recordedAt }) => recordedAt)
  expect(times).toEqual(times.toSorted())
  for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test("page by page every line comes once, also while the ledger grows", async () => {
  const jane = await createCustomer(service)
  const lines: Array<ConsentLine> = []
  let query = "?limit=4"
  for (let turn = 0; turn < 10; turn += 1) {
    const { consents, page } = await ledgerOf(jane, query)
    lines.push(...consents)
    if (turn === 0) await agree(jane, { marketing: { emailOptIn: false } })
    if (page.nextCursor === undefined) break
    expect(consents).toHaveLength(4)
    query = `?limit=4&cursor=${encodeURIComponent(page.nextCursor)}`
  }
  expect(lines.map(shown)).toEqual([...assumed, "marketing email withdrawn customer"])
})

test("as of a moment it shows what held then, one line for each purpose and channel", async () => {
  const jane = await createCustomer(service)
  const before = new Date(Date.parse((await customerOf(jane)).createdAt) - 1).toISOString()
  await agree(jane, { marketing: { emailOptIn: false } })
  const { consents: all } = await ledgerOf(jane)
  const withdrawn = all.at(-1)?.recordedAt ?? ""
  await agree(jane, { marketing: { emailOptIn: true } })
  const asOf = async (moment: string) =>
    (await ledgerOf(jane, `?asOf=${encodeURIComponent(moment)}`)).consents.map(shown)
  expect(await asOf(before)).toEqual([])
  expect(await asOf(withdrawn)).toEqual([...assumed.slice(1), "marketing email withdrawn customer"])
  expect(await asOf("2999-12-31T00:00:00Z")).toEqual([...assumed.slice(1), "marketing email granted customer"])
})

const customerOf = async (customer: Known) =>
  customerIn(await service.send("GET", customer.path, { token: customer.token }))

test("in opt-in mode nothing is assumed, and what is given is hers", async () => {
  const careful = await startAnother({ CONSENT_MODE: "opt-in" })
  const jane = await createCustomer(careful)
  expect((await ledgerOf(jane)).consents).toEqual([])
  await agree(jane, { notifications: { newsletters: true } }, jane.token, careful)
  expect((await ledgerOf(jane)).consents.map(shown)).toEqual(["newsletter email granted customer"])
})

test("the ledger of another is not found, and nobody reads it without a token or its scope", async () => {
  const [jane, mallory] = [await createCustomer(service), await createCustomer(service)]
  expect(refusalIn(await ask(jane, "", mallory.token))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  expect(refusalIn(await service.send("GET", `${jane.path}/consents`))).toEqual(refusal(401, "UNAUTHENTICATED"))
  const writer = await customerToken(jane.id, "customers:write")
  expect(refusalIn(await ask(jane, "", writer))).toEqual(refusal(403, "FORBIDDEN"))
  for (const token of [await serviceToken(), staff]) expect((await ask(jane, "", token)).status).toBe(200)
})

test.for([
  ["limit=0", "limit"],
  ["limit=201", "limit"],
  ["cursor=nowhere", "cursor"],
  ["cursor='--", "cursor"],
  ["asOf=yesterday", "asOf"],
  ["asOf=2024-02-30", "asOf"]
])("?%s is refused and named", async ([query, path = ""]) => {
  const jane = await createCustomer(service)
  expect(refusalIn(await ask(jane, `?${query}`))).toEqual(refusal(400, "VALIDATION_FAILED", path))
})

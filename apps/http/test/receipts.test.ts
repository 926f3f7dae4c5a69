import { createPublicKey, generateKeyPairSync, type JsonWebKey } from "node:crypto"
import { expect, test } from "vitest"
import { addAddress, createCustomer } from "./support/customers.ts"
import { erase, erasureOf } from "./support/erasures.ts"
import { isGenuine, publicHalf, type Receipt, type Statement } from "./support/receipts.ts"
import { openScene } from "./support/scene.ts"
import { untilReviewed } from "./support/timelines.ts"

const newKey = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString()

const key = newKey()
const { database, service, startAnother } = await openScene({ RECEIPT_SIGNING_KEY: key })

const person = {
  customerType: "business",
  registrationSource: "the fair in Ulm",
  profile: { firstName: "Wilhelmine", lastName: "Quandt", phone: "+49 731 5550199", dateOfBirth: "1961-04-02" }
}

const receiptOf = async (): Promise<Receipt> => {
  const jane = await createCustomer(service, person)
  await addAddress(service, jane, { street: "Krumme Gasse 7" })
  await addAddress(service, jane, { street: "Hinterhof 9" })
  await untilReviewed(database, jane)
  return (await erase(service, jane)).receipt
}

test("a receipt is genuine under the public half of RECEIPT_SIGNING_KEY, and under no other key", async () => {
  const receipt = await receiptOf()
  expect(isGenuine(receipt, publicHalf(key))).toBe(true)
  expect(isGenuine(receipt, publicHalf(newKey()))).toBe(false)
  const published = await service.send("GET", "/.well-known/receipt-keys.json")
  const [jwk = {}] = (published.body as { readonly keys: ReadonlyArray<JsonWebKey> }).keys
  expect(isGenuine(receipt, createPublicKey({ key: jwk, format: "jwk" }))).toBe(true)
  expect(jwk).not.toHaveProperty("d")
})

test("a receipt with one changed field is not genuine", async () => {
  const receipt = await receiptOf()
  const { statement } = receipt
  const [first, ...rest] = statement.erased
  const changes: ReadonlyArray<Partial<Statement>> = [
    { version: 2 },
    { service: "another" },
    { customerId: "0198c0de-0000-7000-8000-000000000000" },
    { requestedAt: "2020-01-01T00:00:00.000Z" },
    { startedAt: "2020-01-01T00:00:00.000Z" },
    { finishedAt: "2020-01-01T00:00:00.000Z" },
    { erased: rest },
    { erased: first === undefined ? [] : [{ ...first, count: first.count + 1 }, ...rest] },
    { erased: first === undefined ? [] : [{ ...first, fields: [] }, ...rest] },
    { verified: { ...statement.verified, found: 1 } },
    { verified: { ...statement.verified, identifiers: 99 } },
    { verified: { ...statement.verified, stores: [] } },
    { held: [] }
  ]
  for (const change of changes) {
    const changed = { ...receipt, statement: { ...statement, ...change } }
    expect([change, isGenuine(changed, publicHalf(key))]).toEqual([change, false])
  }
  const flipped = (receipt.signature.startsWith("A") ? "B" : "A") + receipt.signature.slice(1)
  expect(isGenuine({ ...receipt, signature: flipped }, publicHalf(key))).toBe(false)
})

test("a receipt names stores, columns, counts and times, what it looked at again, and the bus", async () => {
  const { statement } = await receiptOf()
  const { erased, finishedAt, held, requestedAt, startedAt, verified } = statement
  expect(statement).toMatchObject({ version: 1, service: "customer-service" })
  expect([requestedAt, startedAt, finishedAt]).toEqual([requestedAt, startedAt, finishedAt].toSorted())
  const placeOf = (place: string) => erased.find((one) => one.store === "database" && one.place === place)
  expect(placeOf("customers")?.fields).toEqual(expect.arrayContaining(["email", "first_name", "last_name"]))
  expect(placeOf("customers")?.count).toBe(1)
  expect(placeOf("customer_profiles")?.fields).toEqual(expect.arrayContaining(["phone", "date_of_birth"]))
  expect(placeOf("customer_addresses")?.count).toBe(2)
  // Three of what was written, and one of each of her three memberships.
  expect(placeOf("outbox_events")?.count).toBe(6)
  expect(new Set(verified.stores).size).toBe(verified.stores.length)
  expect(verified.stores).toEqual(expect.arrayContaining(["database", "cache", "sessions", "mails"]))
  expect(verified.identifiers).toBeGreaterThanOrEqual(2)
  expect(verified.found).toBe(0)
  expect(held.map(({ store }) => store)).toContain("event bus")
})

test("a receipt holds nothing personal", async () => {
  const receipt = await receiptOf()
  const text = JSON.stringify(receipt)
  for (const value of ["Wilhelmine", "Quandt", "5550199", "1961", "Ulm", "Krumme", "Hinterhof", "@"]) {
    expect(text).not.toContain(value)
  }
})

test("a receipt is the same however often it is read, also by another process and after a change of key", async () => {
  const jane = await createCustomer(service)
  const { receipt } = await erase(service, jane)
  const other = await startAnother({ RECEIPT_SIGNING_KEY: newKey() })
  expect((await erasureOf(other, jane)).receipt).toEqual(receipt)
})

test("without a key of their own, processes of one JWT_SECRET sign alike", async () => {
  const services = [await startAnother({ RECEIPT_SIGNING_KEY: "" }), await startAnother({ RECEIPT_SIGNING_KEY: "" })]
  const ids = await Promise.all(
    services.map(async (one) => (await erase(one, await createCustomer(one))).receipt.keyId)
  )
  expect(new Set(ids).size).toBe(1)
})

test("what is kept of a finished erasure is its receipt and who asked for it, when", async () => {
  const jane = await createCustomer(service, person)
  await erase(service, jane)
  const kept = JSON.stringify(
    await database.rows("SELECT to_jsonb(e) AS row FROM erasure_requests e WHERE customer_id = $1", [jane.id])
  )
  expect(kept).toContain("staff-who-erases")
  expect(kept).not.toMatch(/she asked for it|Wilhelmine|Quandt|5550199/)
})

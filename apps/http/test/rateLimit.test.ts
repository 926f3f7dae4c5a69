import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

const limits = { RATE_LIMIT_PER_MINUTE: "5", RATE_LIMIT_CLIENT_PER_MINUTE: "8" }
const { service, startAnother } = await openScene(limits)
const sibling = await startAnother()

const statuses = async (count: number, path: string, token: string): Promise<ReadonlyArray<number>> => {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => (index % 2 === 0 ? service : sibling).send("GET", path, { token }))
  )
  return answers.map(({ status }) => status).toSorted()
}

test("a user has her own limit, whatever her tokens and whichever process answers", async () => {
  const jane = await createCustomer(service)
  const mary = await createCustomer(service)
  expect(await statuses(4, jane.path, jane.token)).toEqual([200, 200, 200, 200])
  const another = await customerToken(jane.id, "customers:read")
  expect(await statuses(4, jane.path, another)).toEqual([200, 429, 429, 429])
  expect(await statuses(1, mary.path, mary.token)).toEqual([200])
  const staff = await staffToken()
  expect(await statuses(7, mary.path, staff)).toEqual([200, 200, 200, 200, 200, 429, 429])
})

test("a service client has another", async () => {
  const jane = await createCustomer(service)
  const client = `client-${randomUUID()}`
  const tokens = [await serviceToken("customers:read", client), await serviceToken("customers:read", client)]
  const first = await statuses(6, jane.path, tokens[0] ?? "")
  const second = await statuses(6, jane.path, tokens[1] ?? "")
  expect([...first, ...second].filter((status) => status === 200)).toHaveLength(8)
})

test("every answer says how a caller stands, and the refusal when to come back", async () => {
  const jane = await createCustomer(service)
  const remaining: Array<number> = []
  for (let call = 0; call < 5; call += 1) {
    const { headers } = await service.send("GET", jane.path, { token: jane.token })
    expect(headers.get("ratelimit-limit")).toBe("5")
    expect(Number(headers.get("ratelimit-reset"))).toBeGreaterThan(0)
    expect(headers.get("retry-after")).toBeNull()
    remaining.push(Number(headers.get("ratelimit-remaining")))
  }
  expect(remaining).toEqual([4, 3, 2, 1, 0])
  const refused = await service.send("GET", jane.path, { token: jane.token })
  expect(refusalIn(refused)).toEqual(refusal(429, "RATE_LIMITED"))
  expect(refused.headers.get("ratelimit-remaining")).toBe("0")
  const seconds = Number(refused.headers.get("retry-after"))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(120)
})

test("requests that are refused for other reasons count, those without a token do not", async () => {
  const jane = await createCustomer(service)
  const weak = await customerToken(jane.id, "orders:read")
  expect(await statuses(5, jane.path, weak)).toEqual([403, 403, 403, 403, 403])
  expect(await statuses(2, jane.path, jane.token)).toEqual([429, 429])
  expect(await statuses(12, jane.path, "not-a-token")).toEqual(Array.from({ length: 12 }, () => 401))
})

test("what is limited is not done", async () => {
  const jane = await createCustomer(service)
  await statuses(5, jane.path, jane.token)
  const body = { profile: { firstName: "Eve" } }
  expect((await service.send("PUT", jane.path, { token: jane.token, body })).status).toBe(429)
  const seen = await service.send("GET", jane.path, { token: await staffToken() })
  expect(seen.text).not.toContain("Eve")
})

test("a body that is refused counts, and is not read once the limit is reached", async () => {
  const jane = await createCustomer(service)
  const put = (body: string) => service.send("PUT", jane.path, { token: jane.token, body })
  for (let call = 0; call < 5; call += 1) {
    const answer = await put("{bad")
    expect(answer.status).toBe(400)
    expect(answer.headers.get("ratelimit-remaining")).toBe(String(4 - call))
  }
  expect(refusalIn(await put("{bad"))).toEqual(refusal(429, "RATE_LIMITED"))
})

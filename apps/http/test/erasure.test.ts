import { describe, expect, test, vi } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { done, erase, erasureIn, erasureOf, requestErasure } from "./support/erasures.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

const day = 24 * 3600 * 1000
const { database, service, startAnother } = await openScene({ ERASURE_GRACE_DAYS: "7" })
const staff = await staffToken("staff-of-erasures")

const cancel = (path: string) => service.send("DELETE", `${path}/erasure`, { token: staff })

// By topic: an erased event does not say any more that it told of a membership.
const eventsOf = async (id: string) =>
  (
    await database.rows(
      "SELECT topic FROM outbox_events WHERE customer_id = $1 AND topic <> 'customers.segment.changed' ORDER BY id",
      [id]
    )
  ).map(({ topic }) => topic)

describe("a planned erasure", () => {
  test("is due after the days of grace, and changes nothing about her until then", async () => {
    const jane = await createCustomer(service, { profile: { firstName: "Jane" } })
    const before = await service.send("GET", jane.path, { token: jane.token })
    const started = Date.now()
    const answer = await requestErasure(service, jane, "planned", "a letter of 3 May")
    expect(answer.status).toBe(202)
    const erasure = erasureIn(answer)
    expect(erasure).toEqual({
      customerId: jane.id,
      state: "planned",
      dueAt: expect.any(String),
      requestedAt: expect.any(String),
      requestedBy: "staff-who-erases",
      reason: "a letter of 3 May"
    })
    expect(Math.abs(Date.parse(erasure.requestedAt) - started)).toBeLessThan(10_000)
    expect(Date.parse(erasure.dueAt) - Date.parse(erasure.requestedAt)).toBe(7 * day)
    expect(await erasureOf(service, jane)).toEqual(erasure)
    const after = await service.send("GET", jane.path, { token: jane.token })
    expect([after.text, after.headers.get("etag")]).toEqual([before.text, before.headers.get("etag")])
    expect(await eventsOf(jane.id)).toEqual(["customers.customer.created"])
  })

  test("can be cancelled, planned anew and carried out at once", async () => {
    const jane = await createCustomer(service)
    await requestErasure(service, jane, "planned")
    expect(erasureIn(await cancel(jane.path)).state).toBe("cancelled")
    expect(erasureIn(await cancel(jane.path)).state).toBe("cancelled")
    expect((await erasureOf(service, jane)).state).toBe("cancelled")
    expect((await service.send("GET", jane.path, { token: jane.token })).status).toBe(200)
    expect(erasureIn(await requestErasure(service, jane, "planned", "again")).reason).toBe("again")
    expect((await erase(service, jane)).state).toBe("done")
    expect(refusalIn(await cancel(jane.path))).toEqual(refusal(409, "ERASURE_UNDER_WAY"))
  })

  test("comes with closing the account, and goes with opening it again", async () => {
    const jane = await createCustomer(service)
    expect((await service.send("DELETE", jane.path, { token: jane.token })).status).toBe(200)
    const planned = await erasureOf(service, jane)
    expect(planned.state).toBe("planned")
    expect(Date.parse(planned.dueAt) - Date.parse(planned.requestedAt)).toBe(7 * day)
    const body = { reason: "she changed her mind" }
    expect((await service.send("POST", `${jane.path}/reactivate`, { token: staff, body })).status).toBe(200)
    expect((await erasureOf(service, jane)).state).toBe("cancelled")
    expect((await service.send("GET", jane.path, { token: jane.token })).status).toBe(200)
  })

  test("is carried out by the service once it is due, and not before", async () => {
    const later = await createCustomer(service)
    await service.send("DELETE", later.path, { token: later.token })
    const prompt = await startAnother({ ERASURE_GRACE_DAYS: "0" })
    const jane = await createCustomer(prompt)
    expect((await prompt.send("DELETE", jane.path, { token: jane.token })).status).toBe(200)
    await vi.waitUntil(async () => (await erasureOf(service, jane)).state === "done", { timeout: 20_000 })
    done(await erasureOf(service, jane))
    expect((await erasureOf(service, later)).state).toBe("planned")
  })
})

test("now, it is answered with the receipt, and the second is told the same without doing anything", async () => {
  const jane = await createCustomer(service)
  const first = await erase(service, jane)
  const contents = await database.contents()
  for (const when of ["now", "planned"] as const) {
    const second = await requestErasure(service, jane, when, "once more")
    expect([second.status, erasureIn(second)]).toEqual([200, first])
  }
  expect(await erasureOf(service, jane)).toEqual(first)
  expect(await database.contents()).toEqual(contents)
  expect(first.reason).toBeUndefined()
})

test("one Idempotency-Key erases once, whenever it comes again", async () => {
  const jane = await createCustomer(service)
  const request = () =>
    service.send("POST", `${jane.path}/erasure`, {
      token: staff,
      headers: { "idempotency-key": "erase-jane" },
      body: { when: "now", reason: "she asked for it" }
    })
  const [first, second] = [await request(), await request()]
  expect([first.status, second.status]).toEqual([200, 200])
  expect(done(erasureIn(second))).toEqual(done(erasureIn(first)))
  expect(await eventsOf(jane.id)).toEqual(["customers.customer.created", "customers.customer.erased"])
})

test("after it she is found by nobody, and nothing of her can be changed", async () => {
  const jane = await createCustomer(service)
  await erase(service, jane)
  const other = await startAnother()
  const notFound = refusal(404, "CUSTOMER_NOT_FOUND")
  const [client, own] = [await serviceToken(), await customerToken(jane.id)]
  for (const token of [staff, client, own]) {
    for (const one of [service, other]) {
      for (const rest of ["", "/addresses", "/consents"]) {
        expect(refusalIn(await one.send("GET", jane.path + rest, { token }))).toEqual(notFound)
      }
      const put = await one.send("PUT", jane.path, { token, body: { profile: { firstName: "Jane" } } })
      expect(refusalIn(put)).toEqual(notFound)
      expect(refusalIn(await one.send("DELETE", jane.path, { token }))).toEqual(notFound)
    }
  }
  for (const token of [staff, own]) {
    expect(refusalIn(await service.send("GET", `${jane.path}/export`, { token }))).toEqual(notFound)
  }
  for (const decision of ["suspend", "reactivate"]) {
    const answer = await service.send("POST", `${jane.path}/${decision}`, { token: staff, body: { reason: "x" } })
    expect(refusalIn(answer)).toEqual(notFound)
  }
  for (const query of [`ids=${jane.id}`, `email=${jane.email}`, `q=${jane.email.slice(0, 20)}`, "status=inactive"]) {
    const list = await service.send("GET", `/v1/customers?${query}`, { token: staff })
    expect([list.status, list.text.includes(jane.id)]).toEqual([200, false])
  }
})

describe("nobody but staff", () => {
  test.for(["planned", "now"] as const)("has anybody erased: %s", async (when) => {
    const jane = await createCustomer(service)
    const [client, own] = [await serviceToken(), await customerToken(jane.id)]
    for (const token of [client, own]) {
      const parts = { token, body: { when, reason: "mine" } }
      expect(refusalIn(await service.send("POST", `${jane.path}/erasure`, parts))).toEqual(refusal(403, "FORBIDDEN"))
      const cancelled = await service.send("DELETE", `${jane.path}/erasure`, { token })
      expect(refusalIn(cancelled)).toEqual(refusal(403, "FORBIDDEN"))
    }
    expect((await service.send("GET", jane.path, { token: own })).status).toBe(200)
  })

  test("sees another's erasure", async () => {
    const [jane, mallory] = [await createCustomer(service), await createCustomer(service)]
    await requestErasure(service, jane, "planned")
    const seen = await service.send("GET", `${jane.path}/erasure`, { token: mallory.token })
    expect(refusalIn(seen)).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
    expect(erasureIn(await service.send("GET", `${jane.path}/erasure`, { token: jane.token })).state).toBe("planned")
  })
})

test("what was never planned is not found, and neither is who was never there", async () => {
  const jane = await createCustomer(service)
  const notPlanned = refusal(404, "ERASURE_NOT_FOUND")
  expect(refusalIn(await service.send("GET", `${jane.path}/erasure`, { token: staff }))).toEqual(notPlanned)
  expect(refusalIn(await cancel(jane.path))).toEqual(notPlanned)
  const nobody = { path: "/v1/customers/0198c0de-0000-7000-8000-000000000000" }
  expect(refusalIn(await requestErasure(service, nobody))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
})

test.for([
  [{ when: "now" }, "reason"],
  [{ when: "now", reason: "" }, "reason"],
  [{ when: "now", reason: "x".repeat(501) }, "reason"],
  [{ when: "soon", reason: "x" }, "when"],
  [{ reason: "x" }, "when"],
  [{ when: "now", reason: "x", customerId: "another" }, "customerId"]
] as const)("the body %j is refused and erases nobody", async ([body, path]) => {
  const jane = await createCustomer(service)
  const answer = await service.send("POST", `${jane.path}/erasure`, { token: staff, body })
  expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", path))
  expect((await service.send("GET", jane.path, { token: staff })).status).toBe(200)
})

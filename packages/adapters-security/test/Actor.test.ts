import { AccessToken } from "@customer-service/core"
import { describe, expect, it } from "@effect/vitest"
import { customerId } from "./tokens.ts"

const { actorOf } = AccessToken
const read = new Set(["customers:read"])

describe("who a token's claims describe", () => {
  it("a UUID without a client is a customer, by the lower-case spelling of her id", () => {
    const actor = { kind: "customer", subject: customerId, scopes: read }
    expect(actorOf({ sub: customerId, scope: "customers:read" })).toStrictEqual(actor)
    expect(actorOf({ sub: customerId.toUpperCase(), scope: "customers:read" })).toStrictEqual(actor)
  })

  it("a client that is its own subject is a service", () => {
    const actor = { kind: "service", subject: "orders", scopes: read }
    expect(actorOf({ sub: "orders", client_id: "orders", scope: "customers:read" })).toStrictEqual(actor)
    expect(actorOf({ sub: customerId, client_id: customerId })?.kind).toBe("service")
  })

  it("the admin scope makes staff of any subject, of a service too", () => {
    expect(actorOf({ sub: "ada", scope: "customers:admin" })?.kind).toBe("staff")
    expect(actorOf({ sub: "console", client_id: "console", scopes: ["customers:admin"] })?.kind).toBe("staff")
    expect(actorOf({ sub: "ada", client_id: "console", scope: "customers:admin" })?.kind).toBe("staff")
  })

  it("scopes come as a text, as a list, or as both", () => {
    const both = new Set(["customers:read", "customers:write"])
    expect(actorOf({ sub: customerId, scope: "customers:read  customers:write" })?.scopes).toStrictEqual(both)
    expect(actorOf({ sub: customerId, scopes: ["customers:read", "customers:write"] })?.scopes).toStrictEqual(both)
    expect(actorOf({ sub: customerId, scope: "customers:read", scopes: ["customers:write"] })?.scopes).toStrictEqual(
      both
    )
    expect(actorOf({ sub: customerId })?.scopes).toStrictEqual(new Set())
  })

  it("a list entry is one scope, whatever spaces it holds", () => {
    expect(actorOf({ sub: customerId, scopes: ["x customers:admin"] })?.kind).toBe("customer")
  })

  it.each([
    ["no claims", undefined],
    ["a list", [customerId]],
    ["no subject", { scope: "customers:admin" }],
    ["an empty subject", { sub: "", client_id: "", scope: "customers:admin" }],
    ["a subject that is a number", { sub: 42, scope: "customers:admin" }],
    ["a subject of 256 characters", { sub: "a".repeat(256), scope: "customers:admin" }],
    ["a subject with U+0000", { sub: "ada\0", scope: "customers:admin" }],
    ["a Magento id as the subject", { sub: "4711" }],
    ["a person acting through a client", { sub: customerId, client_id: "shop" }],
    ["a client that is null", { sub: customerId, client_id: null }],
    ["an unknown subject", { sub: "ada", scope: "customers:read" }],
    ["a scope that is a list", { sub: customerId, scope: ["customers:read"] }],
    ["scopes that are a text", { sub: customerId, scopes: "customers:read" }],
    ["a scope of 101 characters", { sub: customerId, scope: "a".repeat(101) }],
    ["a listed scope of 101 characters", { sub: customerId, scopes: ["a".repeat(101)] }],
    ["101 scopes", { sub: customerId, scope: Array.from({ length: 101 }, (_, index) => `s${index}`).join(" ") }],
    ["an admin scope that is only inherited", { sub: "ada", scopes: { __proto__: ["customers:admin"] } }]
  ])("%s describes nobody", (_, claims) => {
    expect(actorOf(claims)).toBeUndefined()
  })
})

import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import type { Customer } from "../../src/customer/Customer.ts"
import { explainRule } from "../../src/segment/rule/explainRule.ts"
import type { Facts } from "../../src/segment/rule/Facts.ts"
import { address, daysAgo, now, ruleOf, somebody } from "./ruleScene.ts"

const said = (rule: string, facts: Facts): string => {
  const { tree } = explainRule(ruleOf(rule), facts, now)
  return tree.kind === "clause" ? tree.english : tree.kind
}

const base = somebody().customer
const withProfile = (profile: Customer["profile"]): Facts => somebody({ customer: { profile } })

const jane = withProfile({
  firstName: "Jane",
  gender: "female",
  dateOfBirth: "1985-12-02",
  data: { shoeSize: 42, colour: "dark red", isTall: true }
})

describe("a sentence on text", () => {
  it.each([
    [`tier = "regular"`, "her tier is regular"],
    [`tier = "vip"`, "her tier is regular, which is not vip"],
    [`tier != "vip"`, "her tier is regular, which is not vip"],
    [`tier in ("vip", "premium")`, "her tier is regular, which is none of vip and premium"],
    [`tier in ("vip")`, "her tier is regular, which is not vip"],
    [`tier in ("vip", "regular")`, "her tier is regular, which is one of vip and regular"],
    [`status = "active"`, "her account is active"],
    [`profile.firstName contains "an"`, `her first name is "Jane", which contains "an"`],
    [`profile.firstName startsWith "an"`, `her first name is "Jane", which does not begin with "an"`],
    [`profile.firstName exists`, `her first name is "Jane"`],
    [`profile.lastName exists`, "no last name is known"],
    [`profile.lastName != "Doe"`, "no last name is known"],
    [`email = "JANE@example.com"`, `her email address is "jane@example.com"`]
  ])("as %s finds it says: %s", (rule, english) => {
    assert.strictEqual(said(rule, jane), english)
  })
})

describe("a sentence on numbers", () => {
  const shopper = somebody({ orders: 3, spent: "100", lastOrderAt: daysAgo(12) })

  it.each([
    ["orders.count >= 5", "she has 3 orders, which is below 5"],
    ["orders.count >= 3", "she has 3 orders, which is at least 3"],
    ["orders.count > 3", "she has 3 orders, which is not above 3"],
    ["orders.count < 5", "she has 3 orders, which is below 5"],
    ["orders.count <= 2", "she has 3 orders, which is above 2"],
    ["orders.count = 3", "she has 3 orders"],
    ["orders.count != 4", "she has 3 orders, which is not 4"],
    ["orders.count in (1, 2)", "she has 3 orders, which is none of 1 and 2"],
    ["orders.count between 1 and 3", "she has 3 orders, which is between 1 and 3"],
    ["orders.total > 99.5", "she has spent 100.00, which is above 99.50"],
    ["orders.average < 33.3333", "her average order is 33.3333, which is not below 33.3333"],
    ["loyalty.points >= 1", "she has 0 loyalty points, which is below 1"]
  ])("as %s finds it says: %s", (rule, english) => {
    assert.strictEqual(said(rule, shopper), english)
  })
})

describe("a sentence on moments", () => {
  const shopper = somebody({ orders: 1, lastOrderAt: daysAgo(12) })

  it.each([
    ["lastOrder within 30 days", "her last order was 12 days ago, which is within the last 30 days"],
    ["lastOrder within 12 days", "her last order was 12 days ago, which is not within the last 12 days"],
    ["lastOrder not within 1 day", "her last order was 12 days ago, which is not within the last day"],
    ["createdAt within 365 days", "she registered 100 days ago, which is within the last 365 days"],
    [
      `lastOrder < "2026-11-13T10:00:00Z"`,
      "her last order was on 2026-11-13 at 10:00 UTC, which is not before 2026-11-13 at 10:00 UTC"
    ],
    [`lastOrder > "2026-11-01"`, "her last order was on 2026-11-13 at 10:00 UTC, which is after 2026-11-01"],
    [`createdAt <= "2026-01-01"`, "she registered on 2026-08-17 at 10:00 UTC, which is after 2026-01-01"],
    [`createdAt >= "2026-01-01"`, "she registered on 2026-08-17 at 10:00 UTC, which is not before 2026-01-01"],
    [
      `createdAt between "2026-01-01" and "2026-12-31"`,
      "she registered on 2026-08-17 at 10:00 UTC, which is between 2026-01-01 and 2026-12-31"
    ],
    [`lastOrder exists`, "her last order was on 2026-11-13 at 10:00 UTC"]
  ])("as %s finds it says: %s", (rule, english) => {
    assert.strictEqual(said(rule, shopper), english)
  })

  it("says so where she has not ordered, and where she did so today", () => {
    assert.strictEqual(said("lastOrder within 30 days", somebody()), "she has not ordered")
    assert.strictEqual(
      said("lastOrder within 30 days", somebody({ orders: 1, lastOrderAt: DateTime.add(now, { hours: -3 }) })),
      "her last order was less than a day ago, which is within the last 30 days"
    )
  })
})

describe("a sentence on a date of birth", () => {
  it.each([
    ["profile.dateOfBirth dayOfYear within 7 days", "her birthday is in 7 days, which is within the next 7 days"],
    ["profile.dateOfBirth dayOfYear within 6 days", "her birthday is in 7 days, which is not within the next 6 days"],
    ["profile.dateOfBirth dayOfYear today", "her birthday is in 7 days, which is not today"],
    [`profile.dateOfBirth < "2000-01-01"`, "her date of birth is 1985-12-02, which is before 2000-01-01"],
    [`profile.dateOfBirth = "1985-12-02"`, "her date of birth is 1985-12-02"],
    ["profile.dateOfBirth within 6570 days", "she was born 14968 days ago, which is not within the last 6570 days"]
  ])("as %s finds it says: %s", (rule, english) => {
    assert.strictEqual(said(rule, jane), english)
  })

  it("says that it is today, and that none is known", () => {
    const today = withProfile({ dateOfBirth: "1985-11-25" })
    assert.strictEqual(said("profile.dateOfBirth dayOfYear today", today), "her birthday is today")
    assert.strictEqual(said("profile.dateOfBirth dayOfYear today", somebody()), "no date of birth is known")
  })
})

describe("a sentence on what a shop knows besides", () => {
  it.each([
    ["profile.data.shoeSize >= 40", "her attribute shoeSize is 42, which is at least 40"],
    ["profile.data.colour >= 40", `her attribute colour is "dark red", which is no number`],
    [`profile.data.colour contains "red"`, `her attribute colour is "dark red", which contains "red"`],
    [`profile.data.shoeSize = "42"`, `her attribute shoeSize is 42, which is not "42"`],
    ["profile.data.isTall = true", "her attribute isTall is true"],
    ["profile.data.hat exists", "she has no attribute hat"],
    ["preferences.custom.hat missing", "she has no preference hat"]
  ])("as %s finds it says: %s", (rule, english) => {
    assert.strictEqual(said(rule, jane), english)
  })
})

describe("a sentence on what she agrees to, and where she belongs", () => {
  it("says it, whatever is asked for", () => {
    const marketing = { emailOptIn: true, smsOptIn: false, pushOptIn: false }
    const agreeing = somebody({
      customer: { preferences: { ...base.preferences, marketing } },
      segments: ["vip-customers"]
    })
    assert.strictEqual(said("preferences.marketing.emailOptIn = false", agreeing), "she takes marketing by email")
    assert.strictEqual(
      said("preferences.marketing.smsOptIn = true", agreeing),
      "she takes no marketing by text message"
    )
    assert.strictEqual(said(`segment("vip-customers")`, agreeing), "she belongs to the segment vip-customers")
    assert.strictEqual(said(`segment("new")`, agreeing), "she does not belong to the segment new")
  })
})

describe("a sentence on addresses", () => {
  const travelling = somebody({
    addresses: [address("US", "New York", { company: "Acme" }), address("FR", "Paris", { type: "billing" })],
    addedAt: daysAgo(40)
  })

  it.each([
    [`address.country in ("DE", "AT")`, "none of her addresses is in DE or AT (US and FR)"],
    [`address.country in ("DE", "FR")`, "one of her addresses is in DE or FR (US and FR)"],
    [`address.country != "FR"`, "one of her addresses is in FR"],
    [`address.city = "Paris"`, `one of her addresses is in "Paris"`],
    [`address.company contains "Ac"`, `one of her addresses has a company that contains "Ac" ("Acme")`],
    [`address.street startsWith "2"`, `none of her addresses has a street that begins with "2" ("1 Main Street")`],
    [`address.zipCode = "10115"`, `none of her addresses has the postal code "10115"`],
    ["address.state exists", "none of her addresses has a state"],
    [`address.type = "both"`, "none of her addresses is of type both (shipping and billing)"],
    ["address.isVerified = true", "none of her addresses is verified"],
    ["address.isDefault = true", "one of her addresses is a default"],
    ["address.isDefault = false", "all her addresses are defaults"],
    [
      "address.createdAt within 30 days",
      "none of her addresses was added within the last 30 days (2026-10-16 at 10:00 UTC)"
    ],
    [
      `address.updatedAt < "2026-01-01"`,
      "none of her addresses was last changed before 2026-01-01 (2026-10-16 at 10:00 UTC)"
    ],
    ["address.createdAt missing", "she has an address"]
  ])("as %s finds it says: %s", (rule, english) => {
    assert.strictEqual(said(rule, travelling), english)
  })

  it("says that she has none", () => {
    assert.strictEqual(said(`address.country = "DE"`, somebody()), "she has no address")
  })
})

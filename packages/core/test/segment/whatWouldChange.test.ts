import { assert, describe } from "@effect/vitest"
import { it } from "@fast-check/vitest"
import { DateTime } from "effect"
import type { Facts } from "../../src/segment/rule/Facts.ts"
import { whatWouldChange } from "../../src/segment/rule/whatWouldChange.ts"
import { address, daysAgo, now, ruleOf, somebody } from "./ruleScene.ts"

const changing = (rule: string, facts: Facts): string => whatWouldChange(ruleOf(rule), facts, now)?.english ?? "nothing"

const shopper = somebody({ orders: 3, spent: "300", lastOrderAt: daysAgo(40) })

describe("what would change a verdict", () => {
  it.each([
    ["orders.count >= 5", "the number of her orders becomes 5"],
    ["orders.total > 999.99", "what she has spent becomes 1000.00"],
    ["orders.average >= 150", "what she has spent becomes 450.00"],
    [`tier = "vip"`, "her tier becomes vip"],
    [`tier = "gold"`, "nothing"],
    [`tier = "regular"`, "her tier becomes for example premium"],
    ["createdAt within 30 days", "nothing"],
    [`createdAt > "2026-01-01"`, "nothing"],
    [
      "lastOrder within 30 days",
      "the number of her orders becomes 4 and her last order is that of 2026-11-25 at 10:00 UTC"
    ],
    [`lastOrder > "2027-01-01"`, "nothing"],
    [`status = "suspended"`, "her account becomes suspended"],
    [`status = "inactive"`, "nothing"],
    [`status = "pending"`, "nothing"],
    [`email contains "@shop.example"`, `her email address becomes for example "a@shop.example"`],
    [`profile.phone exists`, `her telephone number becomes for example "+1-555-0123"`],
    [`profile.gender = "female"`, "her gender becomes female"],
    [`profile.gender = "robot"`, "nothing"],
    ["profile.dateOfBirth exists", "her date of birth becomes for example 1985-06-15"],
    [`profile.dateOfBirth < "1900-01-01"`, "nothing"],
    [`profile.data.avatar exists`, "nothing"],
    [`profile.data.shoeSize between 40 and 42`, "her attribute shoeSize becomes 40"],
    [`preferences.language startsWith "de"`, `her language becomes de`],
    [`preferences.currency = "XXY"`, "nothing"],
    ["preferences.marketing.smsOptIn = true", "she takes marketing by text message"],
    [`segment("vip-customers")`, "she joins the segment vip-customers"],
    [`address.country in ("DE", "AT")`, "an address with country DE is added"],
    [
      `address.zipCode = "SW1A 1AA" and address.country = "GB"`,
      `an address with country GB and zipCode "SW1A 1AA" is added`
    ]
  ])("of %s is: %s", (rule, english) => {
    assert.strictEqual(changing(rule, shopper), english)
  })

  it("is time where time will do it soon", () => {
    const newcomer = somebody({ customer: { createdAt: daysAgo(1) }, orders: 1, lastOrderAt: daysAgo(1) })
    const change = whatWouldChange(ruleOf("createdAt within 30 days"), newcomer, now)
    assert.deepStrictEqual(change, {
      set: [],
      at: DateTime.makeUnsafe("2026-12-24T10:00:00.000Z"),
      english: "on 2026-12-24 at 10:00 UTC, when 30 days since her registration are over"
    })
    assert.strictEqual(
      changing("not lastOrder within 30 days", newcomer),
      "on 2026-12-24 at 10:00 UTC, when 30 days since her last order are over"
    )
  })

  it("is her birthday where that is soon", () => {
    const born = somebody({ customer: { profile: { dateOfBirth: "1985-12-10" } } })
    assert.strictEqual(
      changing("profile.dateOfBirth dayOfYear within 7 days", born),
      "on 2026-12-03, when her birthday is 7 days ahead"
    )
    assert.strictEqual(
      changing("profile.dateOfBirth dayOfYear within 20 days", born),
      "on 2026-12-11, when her birthday is over"
    )
  })

  it("is time and data together where neither does it alone", () => {
    const newcomer = somebody({ customer: { createdAt: daysAgo(20) } })
    assert.strictEqual(
      changing(`createdAt not within 30 days and tier = "vip"`, newcomer),
      "her tier becomes vip, and it is 2026-12-05 at 10:00 UTC, when 30 days since her registration are over"
    )
  })

  it("meets several conditions on one field with one value", () => {
    assert.strictEqual(
      changing("orders.count > 4 and orders.count < 6.5 and orders.count != 5", shopper),
      "the number of her orders becomes 6"
    )
    assert.strictEqual(
      changing(`profile.firstName startsWith "An" and profile.firstName contains "ne"`, shopper),
      `her first name becomes for example "Anne"`
    )
    assert.strictEqual(changing("orders.count > 4 and orders.count < 5", shopper), "nothing")
  })

  it("is the value of a range that is nearest, where the range lies below", () => {
    assert.strictEqual(
      changing("orders.count between 2 and 4", somebody({ orders: 5, spent: "500" })),
      "the number of her orders becomes 4"
    )
  })

  it("is the branch that takes least", () => {
    assert.strictEqual(
      changing(`tier = "vip" and orders.count >= 5 or preferences.marketing.smsOptIn = true`, shopper),
      "she takes marketing by text message"
    )
    assert.strictEqual(
      changing(`(tier = "vip" or tier = "premium") and (tier = "premium" or orders.count >= 5)`, shopper),
      "her tier becomes premium"
    )
  })

  it("keeps what has to stay as it is", () => {
    const german = somebody({ addresses: [address("DE", "Berlin")] })
    assert.strictEqual(
      changing(`address.country = "DE" and address.city = "Paris"`, german),
      `an address with city "Paris" is added`
    )
    assert.strictEqual(
      changing(`not address.country = "DE" and address.city = "Paris"`, german),
      `the address in Berlin, DE goes and an address with city "Paris" is added`
    )
  })

  it("counts another order where the last one is to be later", () => {
    assert.strictEqual(
      changing("lastOrder within 30 days and orders.average >= 100", shopper),
      "the number of her orders becomes 4, what she has spent becomes 400.00 and " +
        "her last order is that of 2026-11-25 at 10:00 UTC"
    )
  })

  it("adds no address beyond those that the shop allows", () => {
    const full = somebody({ addresses: [address("DE", "Berlin"), address("AT", "Wien")] })
    const rule = ruleOf(`address.country = "FR" and address.country = "DE" and address.country = "AT"`)
    const limits = { maxAddresses: 2, mostTests: 30_000 }
    assert.isUndefined(whatWouldChange(rule, full, now, limits))
    assert.isDefined(whatWouldChange(rule, full, now, { ...limits, maxAddresses: 3 }))
  })

  it("is nothing for a closed account", () => {
    assert.isUndefined(whatWouldChange(ruleOf(`tier = "vip"`), somebody({ customer: { status: "inactive" } }), now))
  })
})

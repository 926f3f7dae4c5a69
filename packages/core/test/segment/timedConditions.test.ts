import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { matches } from "../../src/segment/rule/matches.ts"
import { assertFails, assertHolds, at, facts } from "./ruleVerdicts.ts"

const after = (moment: DateTime.Utc, milliseconds: number) => DateTime.add(moment, { milliseconds })
const day = 86_400_000

describe("a span of days", () => {
  const ordered = at("2026-02-27T10:00:00.123Z")
  const known = facts({}, { lastOrderAt: ordered })

  it("is over to the millisecond, in days of 24 hours", () => {
    assertHolds("lastOrder within 30 days", known, after(ordered, 30 * day - 1))
    assertFails("lastOrder within 30 days", known, after(ordered, 30 * day))
    assertFails("lastOrder not within 30 days", known, after(ordered, 30 * day - 1))
    assertHolds("lastOrder not within 30 days", known, after(ordered, 30 * day))
  })

  it("has begun with every moment to come", () => {
    assertHolds("lastOrder within 1 day", known, after(ordered, -365 * day))
  })

  it("from a day on counts from its midnight in UTC", () => {
    const newborn = facts({ profile: { dateOfBirth: "2026-03-01" } })
    assertHolds("profile.dateOfBirth within 1 day", newborn, at("2026-03-01T23:59:59.999Z"))
    assertFails("profile.dateOfBirth within 1 day", newborn, at("2026-03-02T00:00:00.000Z"))
  })
})

describe("a day that comes round", () => {
  const born = (dateOfBirth: string) => facts({ profile: { dateOfBirth } })
  const today = "profile.dateOfBirth dayOfYear today"
  const thisWeek = "profile.dateOfBirth dayOfYear within 7 days"

  it.each([
    ["2027-02-27T23:59:59.999Z", false],
    ["2027-02-28T00:00:00.000Z", true],
    ["2027-02-28T23:59:59.999Z", true],
    ["2027-03-01T00:00:00.000Z", false],
    ["2028-02-28T23:59:59.999Z", false],
    ["2028-02-29T00:00:00.000Z", true],
    ["2028-02-29T23:59:59.999Z", true],
    ["2028-03-01T00:00:00.000Z", false],
    ["2100-02-28T12:00:00.000Z", true]
  ])("is for a 29 February at %s today: %s", (now, isToday) => {
    assert.strictEqual(
      matches({ field: "profile.dateOfBirth", op: "dayOfYear", value: 0 }, born("1996-02-29"), at(now)),
      isToday
    )
  })

  it("is told so many days ahead, over the turn of the year too", () => {
    assertFails(thisWeek, born("1990-01-02"), at("2026-12-25T23:59:59.999Z"))
    assertHolds(thisWeek, born("1990-01-02"), at("2026-12-26T00:00:00.000Z"))
    assertHolds(thisWeek, born("1990-01-02"), at("2027-01-02T23:59:59.999Z"))
    assertFails(thisWeek, born("1990-01-02"), at("2027-01-03T00:00:00.000Z"))
    assertFails(today, born("1990-01-02"), at("2027-01-01T23:59:59.999Z"))
  })

  it("comes before it was there for the first time, too", () => {
    assertHolds(today, born("2030-06-15"))
  })
})

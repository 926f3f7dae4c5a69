import { DateTime } from "effect"
import * as fc from "fast-check"
import type { Customer } from "../../src/customer/Customer.ts"
import type { Rule } from "../../src/segment/rule/Rule.ts"
import { Arbitraries, circumstances } from "../../src/testing/index.ts"

/** When histories begin, and when the customers in them came. */
export const beginning = circumstances().now

/** Segments that a history is about: some are there from the beginning, and some ask for each other. */
export const names = Arbitraries.segmentNames.slice(0, -1)

/** So many customers are in a history. */
export const crowd = 3

/** Something that happens to a customer or a segment, by their number, or to nobody in particular. */
export type Happening =
  | { readonly kind: "changes"; readonly who: number; readonly as: Customer; readonly parts: ReadonlyArray<Part> }
  | { readonly kind: "orders"; readonly who: number; readonly lastOrderAt: DateTime.Utc; readonly as: Customer }
  | { readonly kind: "rules"; readonly what: number; readonly rule: Rule }
  | { readonly kind: "switches" | "removes"; readonly what: number }
  | {
      readonly kind: "says"
      readonly who: number
      readonly what: number
      readonly member: boolean | null
      readonly days: number
    }
  | { readonly kind: "looks"; readonly who: number }
  | { readonly kind: "comes" | "settles" }
  | { readonly kind: "steps"; readonly most: number }
  | { readonly kind: "passes"; readonly millis: number }

const parts = ["addresses", "customerType", "preferences", "profile", "status"] as const
type Part = (typeof parts)[number]

const who = fc.nat(crowd - 1)
const what = fc.nat(names.length - 1)
const day = 86_400_000

const drawn = Arbitraries.facts(beginning)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    arbitrary: fc
      .tuple(who, drawn, fc.subarray([...parts], { minLength: 1 }))
      .map(([number, { customer }, some]): Happening => ({ kind: "changes", who: number, as: customer, parts: some })),
    weight: 6
  },
  {
    arbitrary: fc.tuple(who, drawn).map(([number, { customer, lastOrderAt = beginning }]): Happening => ({
      kind: "orders",
      who: number,
      as: customer,
      lastOrderAt
    })),
    weight: 3
  },
  {
    arbitrary: fc
      .tuple(what, Arbitraries.rule(beginning))
      .map(([number, rule]): Happening => ({ kind: "rules", what: number, rule })),
    weight: 5
  },
  { arbitrary: what.map((number): Happening => ({ kind: "switches", what: number })), weight: 1 },
  { arbitrary: what.map((number): Happening => ({ kind: "removes", what: number })), weight: 1 },
  {
    arbitrary: fc
      .tuple(who, what, fc.constantFrom(true, false, null), fc.nat(40))
      .map(([number, other, member, days]): Happening => ({ kind: "says", who: number, what: other, member, days })),
    weight: 3
  },
  { arbitrary: who.map((number): Happening => ({ kind: "looks", who: number })), weight: 4 },
  { arbitrary: fc.constantFrom("comes", "settles").map((kind): Happening => ({ kind })), weight: 2 },
  { arbitrary: fc.integer({ min: 1, max: 3 }).map((most): Happening => ({ kind: "steps", most })), weight: 8 },
  {
    arbitrary: fc
      .constantFrom(1, day / 24, day, 7 * day, 29 * day, 30 * day, 365 * day)
      .map((millis): Happening => ({ kind: "passes", millis })),
    weight: 3
  }
)

/** What happens one after the other. */
export const histories: fc.Arbitrary<ReadonlyArray<Happening>> = fc.array(happening, { minLength: 5, maxLength: 60 })

/** A moment so many days ahead. */
export const inDays = (now: DateTime.Utc, days: number): DateTime.Utc => DateTime.add(now, { days })

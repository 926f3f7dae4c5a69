import {
  type CustomerMemberships,
  everything,
  factsChange,
  type Membership,
  MembershipDecisions,
  type Segment,
  type SegmentId
} from "@customer-service/core"
import { DateTime } from "effect"
import { manySegments } from "./manySegments.ts"
import { customerWithOrders } from "./reviewedCustomer.ts"

/** What it takes to decide where one customer belongs. */
export interface ReviewCost {
  readonly label: string
  /** Of CPU, each. */
  readonly micros: number
  /** How many segments she joins or leaves. */
  readonly moves: number
}

const segments = 200
const [warmUp, iterations] = [3000, 10_000]

const [ordersBefore, ordersAfter] = [6, 7]

/** The states of a customer that are looked at, by their names. */
const states = (
  all: ReadonlyArray<Segment>,
  now: DateTime.Utc
): ReadonlyArray<readonly [string, CustomerMemberships]> => {
  const ordered = (days: number) => DateTime.add(now, { days: -days })
  const before = { customer: customerWithOrders(ordersBefore), lastOrderAt: ordered(40) }
  const after = { customer: customerWithOrders(ordersAfter), lastOrderAt: ordered(0) }
  const nowhere = { exceptions: new Map(), memberships: new Map<SegmentId, Membership>() }
  const placed = (facts: typeof before) => {
    const { joins } = MembershipDecisions.review(all, { ...facts, ...nowhere, change: everything }, now)
    return new Map(joins.map((membership) => [membership.segmentId, membership]))
  }
  const order = { ...after, ...nowhere, memberships: placed(before), change: factsChange(before, after) }
  return [
    ["a newcomer", { ...after, ...nowhere, change: everything }],
    ["everything looked at, nothing moves", { ...after, ...nowhere, memberships: placed(after), change: everything }],
    ["one more order", order]
  ]
}

/** CPU microseconds of a review by itself, in this process, once it has become fast. */
export const measureReviews = (): ReadonlyArray<ReviewCost> => {
  const now = DateTime.nowUnsafe()
  const all = manySegments(segments, now)
  return states(all, now).map(([label, current]) => {
    const review = () => MembershipDecisions.review(all, current, now)
    for (let turn = 0; turn < warmUp; turn++) review()
    const before = process.cpuUsage()
    for (let turn = 0; turn < iterations; turn++) review()
    const { system, user } = process.cpuUsage(before)
    const { joins, leaves } = review()
    return { label, micros: (system + user) / iterations, moves: joins.length + leaves.length }
  })
}

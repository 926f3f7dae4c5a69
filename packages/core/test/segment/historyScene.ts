import { DateTime, Effect, Result, Struct } from "effect"
import { SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import type { Customer } from "../../src/customer/Customer.ts"
import type { CustomerId } from "../../src/customer/CustomerId.ts"
import { CustomerRepository } from "../../src/customer/CustomerRepository.ts"
import { CustomerStandings } from "../../src/segment/CustomerStandings.ts"
import type { MembershipChange } from "../../src/segment/Membership.ts"
import * as MembershipDecisions from "../../src/segment/MembershipDecisions.ts"
import { makeSegmentId, type Segment, SegmentName } from "../../src/segment/Segment.ts"
import * as SegmentDecisions from "../../src/segment/SegmentDecisions.ts"
import { SegmentMemberships } from "../../src/segment/SegmentMemberships.ts"
import { SegmentRecomputes } from "../../src/segment/SegmentRecomputes.ts"
import { SegmentStore } from "../../src/segment/SegmentStore.ts"
import { registration, written } from "../../src/testing/index.ts"
import { crowd, type Happening, inDays, names } from "./histories.ts"

type Of<Kind extends Happening["kind"]> = Extract<Happening, { readonly kind: Kind }>

const colleague = { kind: "staff", subject: "ada", scopes: new Set(["customers:admin"]) } as const

const come = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  return (yield* repository.insert(registration())).id
})

/** The customers of a history. */
export const everybody = Effect.replicateEffect(come, crowd)

const nameOf = (number: number): string => names[number] ?? "nobody-belongs"

const change = Effect.fnUntraced(function* (id: CustomerId, { as, parts }: Of<"changes">) {
  const repository = yield* CustomerRepository
  yield* repository.modify(id, (customer) =>
    Result.succeed(written({ ...customer, ...Struct.pick(as, parts), version: customer.version + 1 }))
  )
})

const order = Effect.fnUntraced(function* (id: CustomerId, { as, lastOrderAt }: Of<"orders">) {
  const standings = yield* CustomerStandings
  yield* standings.modify(id, (customer: Customer, record) =>
    Result.succeed({
      ...written({ ...customer, segment: as.segment, version: customer.version + 1 }),
      standing: { ...record, lastOrderAt }
    })
  )
})

/** Writes a segment where that is allowed: a rule in a circle, or one of a segment on its way out, is not. */
const write = <E>(decide: (segments: ReadonlyArray<Segment>) => Result.Result<Segment, E>) =>
  Effect.flatMap(SegmentStore, (store) => Effect.ignore(store.write(decide)))

const setRule = Effect.fnUntraced(function* ({ rule, what }: Of<"rules">, now: DateTime.Utc) {
  const id = yield* Effect.provide(makeSegmentId, SecureRandom.layerWebCrypto)
  const name = SegmentName.make(nameOf(what))
  yield* write((segments): Result.Result<Segment, unknown> =>
    SegmentDecisions.findIn(segments, name) === undefined
      ? SegmentDecisions.create(segments, { name, rule }, id, now)
      : SegmentDecisions.update(segments, name, { rule }, undefined, now)
  )
})

const toggle = ({ what }: Of<"removes" | "switches">, now: DateTime.Utc) =>
  write((segments) => {
    const isActive = SegmentDecisions.findIn(segments, nameOf(what))?.isActive !== true
    return SegmentDecisions.update(segments, nameOf(what), { isActive }, undefined, now)
  })

const remove = ({ what }: Of<"removes" | "switches">, now: DateTime.Utc) =>
  write((segments) => SegmentDecisions.remove(segments, nameOf(what), undefined, now))

const say = Effect.fnUntraced(function* (id: CustomerId, { days, member, what }: Of<"says">, now: DateTime.Utc) {
  const memberships = yield* SegmentMemberships
  const until = member === null || days === 0 ? {} : { expiresAt: inDays(now, days) }
  const word = { member, reason: "a word", ...until }
  const said = memberships.except(id, (segments, current): Result.Result<MembershipChange, unknown> => {
    const segment = SegmentDecisions.findIn(segments, nameOf(what))
    return segment === undefined
      ? Result.fail("not there")
      : MembershipDecisions.except(segments, current, segment.id, word, { actor: colleague, now })
  })
  yield* Effect.ignore(said)
})

const look = Effect.fnUntraced(function* (id: CustomerId, now: DateTime.Utc) {
  const memberships = yield* SegmentMemberships
  yield* memberships.review([id], now, (segments, current) => MembershipDecisions.review(segments, current, now))
})

/** Reviews everybody whose time has come. */
const settle = Effect.fnUntraced(function* (now: DateTime.Utc) {
  const memberships = yield* SegmentMemberships
  const some = memberships.reviewDue(2, now, (segments, current) => MembershipDecisions.review(segments, current, now))
  while ((yield* some).length > 0);
})

/** Goes on with all recomputes, and with all reviews that they bring with them. */
export const finish = Effect.gen(function* () {
  const recomputes = yield* SegmentRecomputes
  const now = yield* DateTime.now
  while ((yield* recomputes.step(2, now)) !== undefined);
  yield* settle(now)
})

const toSegment = Effect.fnUntraced(function* (happening: Of<"removes" | "rules" | "switches">) {
  const now = yield* DateTime.now
  if (happening.kind === "rules") yield* setRule(happening, now)
  else yield* happening.kind === "switches" ? toggle(happening, now) : remove(happening, now)
})

const toCustomer = Effect.fnUntraced(function* (
  happening: Of<"changes" | "looks" | "orders" | "says">,
  ids: ReadonlyArray<CustomerId>
) {
  const now = yield* DateTime.now
  const id = ids[happening.who]
  if (id === undefined) return
  if (happening.kind === "changes") yield* change(id, happening)
  else if (happening.kind === "orders") yield* order(id, happening)
  else if (happening.kind === "says") yield* say(id, happening, now)
  else yield* look(id, now)
})

/** Has it happen. */
export const happen = Effect.fnUntraced(function* (happening: Happening, ids: ReadonlyArray<CustomerId>) {
  switch (happening.kind) {
    case "rules":
    case "removes":
    case "switches":
      return yield* toSegment(happening)
    case "comes":
      return yield* Effect.asVoid(come)
    case "settles":
      return yield* settle(yield* DateTime.now)
    case "steps": {
      const recomputes = yield* SegmentRecomputes
      return yield* Effect.asVoid(recomputes.step(happening.most, yield* DateTime.now))
    }
    case "passes":
      return yield* TestClock.adjust(happening.millis)
    default:
      return yield* toCustomer(happening, ids)
  }
})

import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { CustomerTimeline } from "../journey/CustomerTimeline.ts"
import type { TimelineCursor } from "../journey/timelinePages.ts"
import type { TimelineEntry } from "../journey/TimelineEntry.ts"
import { nobody } from "../request/Actor.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { erase, promote, someone, type StandingServices } from "./customerStandingsContractPeople.ts"
import { acting, act, type Deed, deeds, suspendFor } from "./customerTimelineContractDeeds.ts"
import { forAll } from "./forAll.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshAddressId, freshCustomerId, freshWord } from "./strangers.ts"

type Services = CustomerTimeline | StandingServices

/** The contract of {@link CustomerTimeline}, beside whatever changes the customers whom it tells of. */
export const customerTimelineContract = <E>(
  name: string,
  adapter: Layer.Layer<Services, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of CustomerTimeline`, (it) => {
    telling(it)
    paging(it)
  })

const everything = Effect.fnUntraced(function* (id: CustomerId) {
  const timeline = yield* CustomerTimeline
  const { entries, next } = yield* timeline.page(id, { limit: 1000 })
  assert.isUndefined(next)
  return entries
})

/** All entries, page by page; something is done after each page. */
const inPages = Effect.fnUntraced(function* <E, R>(
  id: CustomerId,
  limit: number,
  meanwhile: Effect.Effect<unknown, E, R>
) {
  const timeline = yield* CustomerTimeline
  const all: Array<TimelineEntry> = []
  let after: TimelineCursor | undefined
  do {
    const { entries, next } = yield* timeline.page(id, { limit, after })
    if (next !== undefined) assert.lengthOf(entries, limit)
    all.push(...entries)
    after = next
    yield* meanwhile
  } while (after !== undefined)
  return all
})

const staff = { kind: "staff", subject: "ada" } as const
const time = { kind: "service", subject: "time" } as const
/** Who stands in the audit lines of the changes that are made here. */
const decider = { kind: "service", subject: "contract" } as const

const reason = "agreed with the key account team"
const move = { change: "tier", from: "regular", to: "vip", reason } as const
const label = { change: "label", from: "new_customer", to: "vip", reason: "tier is vip" } as const

/** What there is to tell of somebody who came, was kept out after a minute and moved after two; newest first. */
const toldOf = ([came, changed, moved, labelled]: ReadonlyArray<string>) => {
  const [noon, minute, later] = [0, 60, 120].map((seconds) => circumstances(seconds).now)
  const asMoved = { at: later, version: 3, correlationId: "moved" }
  const asKeptOut = { at: minute, version: 2, correlationId: "kept-out" }
  const asCame = { at: noon, version: 1, correlationId: "came", by: { kind: "service", subject: "shop" } }
  const isMove = { source: "event", type: "CustomerSegmentChanged", by: time }
  const isUpdate = { source: "event", type: "CustomerProfileUpdated", by: staff }
  return [
    { ...asMoved, ...isMove, eventId: labelled, details: label },
    { ...asMoved, ...isMove, eventId: moved, details: move },
    { ...asMoved, source: "audit", type: "tier_overridden", by: decider, details: { reason } },
    { ...asKeptOut, ...isUpdate, eventId: changed, details: { changed: ["status"], status: "suspended" } },
    { ...asKeptOut, source: "audit", type: "suspended", by: decider, details: { reason: "chargebacks" } },
    { ...asCame, source: "event", type: "CustomerCreated", eventId: came, details: {} }
  ]
}

const telling = (it: ContractSuite<Services>): void => {
  it.effect(
    "events and audits of a customer are told as one, newest first, each with who, when and the correlation id",
    () =>
      Effect.gen(function* () {
        const facts = yield* StoredFacts
        const id = yield* acting({ kind: "service", subject: "shop" }, "came", someone)
        yield* acting(staff, "kept-out", suspendFor(id, "chargebacks", 60))
        yield* acting(time, "moved", promote(id, "vip"))
        const eventIds = (yield* facts.events(id)).map(({ envelope }) => envelope.eventId)
        assert.deepStrictEqual<unknown>(yield* everything(id), toldOf(eventIds))
        assert.deepStrictEqual(yield* everything(freshCustomerId()), [])
      })
  )

  it.effect("details name the fields that changed and hold nothing of what stands in them", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const id = yield* someone
      const word = freshWord()
      const changes = {
        profile: { firstName: word, phone: "+1-555-0123", data: { [word]: word, [`${word}.b`]: word } },
        preferences: { custom: { [word]: word }, marketing: { smsOptIn: true } }
      }
      const address = { street: word, city: word, country: "US", zipCode: "62701" } as const
      yield* repository.modify(id, (current) => Decisions.update(current, changes, circumstances(60)))
      yield* repository.modify(id, (current) =>
        Decisions.addAddress(current, address, freshAddressId(), 10, circumstances(90))
      )
      const [moved, changed] = yield* everything(id)
      assert.deepInclude(moved, { type: "AddressBookChanged", details: {} })
      assert.sameMembers(
        [...(changed?.details.changed ?? [])],
        ["profile.firstName", "profile.phone", "profile.data", "preferences.custom", "preferences.marketing.smsOptIn"]
      )
      assert.notInclude(JSON.stringify([moved, changed]), word)
    })
  )

  it.effect("what a customer does is told as hers, also where she has not said who she is", () =>
    Effect.gen(function* () {
      const id = yield* acting(nobody, "sign-up", someone)
      assert.deepStrictEqual(
        (yield* everything(id)).map(({ by, correlationId }) => ({ by, correlationId })),
        [{ by: { kind: "customer", subject: id }, correlationId: "sign-up" }]
      )
    })
  )

  it.effect("an erased customer's entries say what happened and when, and nothing personal", () =>
    Effect.gen(function* () {
      const word = freshWord()
      const id = yield* acting(staff, word, someone)
      yield* acting(staff, word, suspendFor(id, `said ${word}`, 60))
      const before = yield* everything(id)
      yield* acting({ kind: "service", subject: "system" }, undefined, erase(id))
      const [last, ...entries] = yield* everything(id)
      assert.deepInclude(last, { type: "CustomerErased", version: 3, by: { kind: "service", subject: "system" } })
      const kept = ({ at, by, eventId, source, type, version }: TimelineEntry) => ({
        at,
        by,
        eventId,
        source,
        type,
        version
      })
      assert.deepStrictEqual(entries.map(kept), before.map(kept))
      assert.deepStrictEqual(
        entries.map(({ details }) => details),
        before.map(() => ({}))
      )
      assert.notInclude(JSON.stringify([last, ...entries]), word)
    })
  )
}

/** Somebody to whom all of this was done, and somebody else to whom it was done as well. */
const livedThrough = Effect.fnUntraced(function* (some: ReadonlyArray<Deed>) {
  const [id, another] = [yield* someone, yield* someone]
  yield* Effect.forEach(some, (deed) => Effect.andThen(act(id, deed), act(another, deed)))
  return id
})

const paging = (it: ContractSuite<Services>): void => {
  it.effect("pages go through everything once, in the same order whatever their size", () =>
    forAll(
      deeds,
      10,
      Effect.fnUntraced(function* (some) {
        const id = yield* livedThrough(some)
        const all = yield* everything(id)
        assert.lengthOf(all, 1 + some.reduce((sum, { kind }) => sum + (kind === "suspend" ? 2 : 1), 0))
        const versions = all.map(({ version }) => version)
        assert.deepStrictEqual(
          versions,
          versions.toSorted((one, other) => other - one)
        )
        for (const limit of [1, 2, 3, 7]) assert.deepStrictEqual(yield* inPages(id, limit, Effect.void), all)
      })
    )
  )

  it.effect("what comes in while somebody reads page by page neither shows nor moves anything", () =>
    forAll(
      deeds,
      10,
      Effect.fnUntraced(function* (some) {
        const id = yield* livedThrough(some)
        const limits = [1, 2, 3]
        for (const limit of limits) {
          const all = yield* everything(id)
          const meanwhile = Effect.all(
            [act(id, { kind: "rename", seconds: -500 }), act(id, { kind: "login", seconds: -500 })],
            { concurrency: "unbounded" }
          )
          assert.deepStrictEqual(yield* inPages(id, limit, meanwhile), all)
        }
      })
    )
  )
}

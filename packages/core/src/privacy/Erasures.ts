import { Cause, DateTime, Effect, Metric, Option, Result } from "effect"
import type { Change, ErasurePlan } from "../customer/Customer.ts"
import { unchanged } from "../customer/admission.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { EventSource } from "../event/EventEnvelope.ts"
import { decider } from "../identity/Accounts.ts"
import type { Once } from "../request/Once.ts"
import { BoundedHolders } from "./BoundedHolders.ts"
import type { ErasedPlace } from "./ErasureReceipt.ts"
import { ErasureNotFound, ErasureUnderWay } from "./ErasureRequest.ts"
import { PersonalDataHolders } from "./PersonalDataHolder.ts"
import { type ErasureProgress, PersonalDataStore, type Remainder } from "./PersonalDataStore.ts"
import { ReceiptSigner } from "./ReceiptSigner.ts"

const erasures = Metric.counter("customer_erasures_total", { description: "Customers erased, with a receipt" })

/** How an erasure stands. Fails with `ErasureNotFound` where none was ever planned. */
export const find = Effect.fn("Erasures.find")(function* (id: CustomerId) {
  const store = yield* PersonalDataStore
  const found = yield* store.findErasure(id)
  return Option.isSome(found) ? found.value : yield* new ErasureNotFound({ customerId: id })
})

type Decided = Pick<Change, "erasure"> & {
  readonly action: "erasure_planned" | "erasure_cancelled"
  readonly reason?: string
}

/** Notes a decision about an erasure beside the customer, who stays as she is. */
const note = Effect.fnUntraced(function* (id: CustomerId, { action, erasure, reason }: Decided, once?: Once) {
  const repository = yield* CustomerRepository
  const { actor, now } = yield* decider(undefined)
  const audit = {
    action,
    actorKind: actor.kind,
    actor: actor.subject,
    at: now,
    ...(reason === undefined ? {} : { reason })
  }
  yield* repository.modify(
    id,
    (current) =>
      Result.succeed({ ...unchanged(current), audits: [audit], ...(erasure === undefined ? {} : { erasure }) }),
    once
  )
})

/** The erasure as it is if it has begun: nothing can be decided about it any more. */
const begun = Effect.fnUntraced(function* (id: CustomerId) {
  const store = yield* PersonalDataStore
  const present = Option.getOrUndefined(yield* store.findErasure(id))
  return present?.state === "running" || present?.state === "done" ? present : undefined
})

/**
 * Plans the erasure of a customer after the shop's days of grace, or `now`. Her account stays as it is until then. One
 * that was erased already is told by its receipt. For staff.
 */
export const plan = Effect.fn("Erasures.plan")(function* (
  id: CustomerId,
  when: "now" | "planned",
  reason: string,
  once?: Once
) {
  const { actor, now } = yield* decider(undefined)
  const { erasureGraceDays } = yield* CustomerPolicy
  const present = yield* begun(id)
  if (present !== undefined) return present
  const dueAt = when === "now" ? now : DateTime.add(now, { days: erasureGraceDays })
  const erasure: ErasurePlan = { dueAt, requestedAt: now, requestedBy: actor.subject, reason }
  // Somebody else may have had her erased since this looked: then it is told as what it is.
  yield* Effect.catchTag(
    note(id, { action: "erasure_planned", erasure, reason }, once),
    "CustomerNotFound",
    (missing) =>
      Effect.filterOrFail(
        begun(id),
        (other) => other !== undefined,
        () => missing
      )
  )
  if (when === "now") yield* run(id)
  return yield* find(id)
})

/** Cancels an erasure that has not begun. Fails with `ErasureNotFound` or `ErasureUnderWay`. For staff. */
export const cancel = Effect.fn("Erasures.cancel")(function* (id: CustomerId) {
  yield* decider(undefined)
  const present = yield* find(id)
  if (present.state === "cancelled") return present
  if (present.state !== "planned") return yield* new ErasureUnderWay({ customerId: id })
  yield* Effect.catchTag(note(id, { action: "erasure_cancelled", erasure: null }), "CustomerNotFound", () =>
    Effect.fail(new ErasureUnderWay({ customerId: id }))
  )
  return yield* find(id)
})

const complain = (id: CustomerId, left: ReadonlyArray<Remainder>) =>
  Effect.logError("An erasure left something behind; it is tried again").pipe(
    Effect.annotateLogs({ customerId: id, left: left.map(({ count, place, store }) => `${store} ${place}: ${count}`) })
  )

const attest = Effect.fnUntraced(function* (
  id: CustomerId,
  { requestedAt, startedAt, identifiers }: ErasureProgress,
  erased: ReadonlyArray<ErasedPlace>
) {
  const signer = yield* ReceiptSigner
  const others = yield* PersonalDataHolders
  return yield* signer.sign({
    version: 1,
    service: yield* EventSource,
    customerId: id,
    requestedAt,
    startedAt,
    finishedAt: yield* DateTime.now,
    erased,
    verified: { stores: ["database", ...others.map(({ name }) => name)], identifiers, found: 0 },
    held: yield* BoundedHolders
  })
})

/** Overwrites everywhere, then looks everywhere again. What is done already is done once more, to no effect. */
const pass = Effect.fnUntraced(function* (id: CustomerId) {
  const store = yield* PersonalDataStore
  const others = yield* PersonalDataHolders
  const progress = yield* store.erase(id)
  const customer = { id, version: progress.version, legacyId: progress.legacyId }
  const elsewhere = (yield* Effect.forEach(others, (holder) => holder.erase(customer))).flat()
  const found = yield* Effect.forEach(others, (holder) => holder.remainders(customer))
  return {
    progress,
    erased: [...progress.erased, ...elsewhere],
    left: [...(yield* store.remainders(id)), ...found.flat()]
  }
})

/** A message that was on its way may have been written after the first pass. */
const mostPasses = 3

/**
 * Erases one customer whose erasure was claimed: overwrites, looks again until nothing is left, then signs. Every step
 * can be done again, so that a run which died goes on where it was. Answers whether she is gone.
 */
const erase = Effect.fn("Erasures.erase")(function* (id: CustomerId) {
  const store = yield* PersonalDataStore
  const { erased, ...first } = yield* pass(id)
  let last = first
  for (let passes = 1; last.left.length > 0 && passes < mostPasses; passes += 1) last = yield* pass(id)
  if (last.left.length > 0) return yield* Effect.as(complain(id, last.left), false)
  yield* store.finish(id, yield* attest(id, last.progress, erased))
  yield* Metric.update(erasures, 1)
  return true
})

/** Seconds for which a claimed erasure is nobody else's. */
const leaseSeconds = 20

/** Erases one customer now, if nobody else is at it. */
const run = Effect.fnUntraced(function* (id: CustomerId) {
  const store = yield* PersonalDataStore
  const claimed = yield* store.claimDue({ most: 1, leaseSeconds, only: id })
  yield* Effect.forEach(claimed, erase, { discard: true })
})

const mostTogether = 5

/** What kind of failure it was: its text may repeat the very values that are to go. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

/**
 * Erases whoever is due; answers how many are gone, and how many are not and will be tried again. One that fails does
 * not keep the others from being erased.
 */
export const runDue = Effect.fn("Erasures.runDue")(function* () {
  const store = yield* PersonalDataStore
  const claimed = yield* store.claimDue({ most: mostTogether, leaseSeconds })
  const outcomes = yield* Effect.forEach(claimed, (id) =>
    Effect.catchCause(erase(id), (cause) =>
      Effect.logError("An erasure failed; it is tried again").pipe(
        Effect.annotateLogs({ customerId: id, reason: nameOf(Cause.squash(cause)) }),
        Effect.as(false)
      )
    )
  )
  const erased = outcomes.filter((isGone) => isGone).length
  return { erased, failed: outcomes.length - erased }
})

import { Clock, Context, type DateTime, Effect, Layer } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import { factsInMemory } from "./factsInMemory.ts"
import { compileRule, isOpen } from "./rule/matches.ts"
import type { Rule } from "./rule/Rule.ts"
import { PreviewTooSlow } from "./SegmentErrors.ts"

/** How many customers a rule fits, and some of them, in the order of their ids. */
export interface RulePreview {
  readonly count: number
  readonly sample: ReadonlyArray<CustomerId>
}

/**
 * Whom a rule fits now.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a preview counts the open accounts that a rule fits, and names some of them
 * - a preview changes nothing
 * - a preview that takes longer than its time fails with PreviewTooSlow
 */
export class RuleMatches extends Context.Service<
  RuleMatches,
  {
    /** Names at most `most` customers; takes at most `seconds`. */
    readonly preview: (
      rule: Rule,
      now: DateTime.Utc,
      limits: { readonly most: number; readonly seconds: number }
    ) => Effect.Effect<RulePreview, PreviewTooSlow | StorageUnavailable>
  }
>()("@customer-service/core/RuleMatches") {}

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const clock = yield* Clock.Clock
  return RuleMatches.of({
    preview: (rule, now, { most, seconds }) =>
      Effect.suspend(() => {
        const deadline = clock.currentTimeMillisUnsafe() + seconds * 1000
        const test = compileRule(rule)
        const fits = (id: CustomerId): boolean =>
          factsInMemory(memory, id).some((facts) => isOpen(facts) && test(facts, now.epochMilliseconds))
        const found: Array<CustomerId> = []
        for (const id of memory.customers.keys()) {
          if (clock.currentTimeMillisUnsafe() >= deadline) return Effect.fail(new PreviewTooSlow({ seconds }))
          if (fits(id)) found.push(id)
        }
        return Effect.succeed({ count: found.length, sample: found.sort().slice(0, most) })
      })
  })
})

/** Whom a rule fits of those in memory. */
export const layerMemory: Layer.Layer<RuleMatches, never, CustomerMemory> = Layer.effect(RuleMatches, make)

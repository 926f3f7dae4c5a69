import { Context, DateTime, Effect, Layer } from "effect"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { ConsentEntry } from "../customer/Consent.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"

/** A line of the ledger with its place in it: places grow, and are never given out again. */
export interface LedgerLine extends ConsentEntry {
  readonly place: number
}

/** A page of the ledger, oldest first; `next` is the place that the next page begins after. */
export interface LedgerPage {
  readonly lines: ReadonlyArray<LedgerLine>
  readonly next?: number | undefined
}

/**
 * Reads the ledger of consents. It is written with the customers: see `consents` of a `Change`.
 *
 * MUSTs, each with a contract test of the same wording:
 * - list pages through all lines oldest first without gap or repeat
 * - as of a moment each purpose and channel has the last line that was recorded until then
 */
export class ConsentLedger extends Context.Service<
  ConsentLedger,
  {
    readonly list: (
      id: CustomerId,
      page: { readonly limit: number; readonly after?: number | undefined }
    ) => Effect.Effect<LedgerPage, StorageUnavailable>
    readonly asOf: (
      id: CustomerId,
      moment: DateTime.Utc
    ) => Effect.Effect<ReadonlyArray<LedgerLine>, StorageUnavailable>
  }
>()("@customer-service/core/ConsentLedger") {}

/** The page that begins with these lines, of which one more than asked for were read. */
export const pageOf = (lines: ReadonlyArray<LedgerLine>, limit: number): LedgerPage => {
  const shown = lines.slice(0, limit)
  return lines.length > limit ? { lines: shown, next: shown.at(-1)?.place } : { lines: shown }
}

/** The ledger beside the customers in memory. */
export const layerMemory: Layer.Layer<ConsentLedger, never, CustomerMemory> = Layer.effect(
  ConsentLedger,
  Effect.map(CustomerMemory, ({ consents }) => {
    const linesOf = (id: CustomerId): ReadonlyArray<LedgerLine> =>
      consents
        .map(({ customerId, ...entry }, index) => ({ customerId, line: { ...entry, place: index + 1 } }))
        .filter(({ customerId }) => customerId === id)
        .map(({ line }) => line)
    return ConsentLedger.of({
      list: (id, { after = 0, limit }) =>
        Effect.sync(() =>
          pageOf(
            linesOf(id)
              .filter(({ place }) => place > after)
              .slice(0, limit + 1),
            limit
          )
        ),
      asOf: (id, moment) =>
        Effect.sync(() => {
          const until = linesOf(id).filter(({ at }) => DateTime.isLessThanOrEqualTo(at, moment))
          const last = new Map(until.map((line) => [`${line.purpose} ${line.channel}`, line]))
          return [...last.values()].toSorted((one, other) => one.place - other.place)
        })
    })
  })
)

import * as fc from "fast-check"
import { CustomerId } from "../customer/CustomerId.ts"
import type { ErasureStatement } from "../privacy/ErasureReceipt.ts"
import { filledLine, instant } from "./valueArbitraries.ts"

const erasedPlace = fc.record(
  {
    store: fc.constantFrom("database", "cache", "sessions", "mails"),
    place: filledLine(60),
    fields: fc.array(filledLine(40), { maxLength: 4 }),
    count: fc.nat()
  },
  { noNullPrototype: true }
)

const verified = fc.record(
  {
    stores: fc.array(filledLine(20), { minLength: 1, maxLength: 4 }),
    identifiers: fc.nat(20),
    found: fc.constant(0 as const)
  },
  { noNullPrototype: true }
)

const boundedHolder = fc.record({ store: filledLine(20), retention: filledLine(80) }, { noNullPrototype: true })

/** Statements of erasures, from one that found nothing to erase on. */
export const erasureStatement: fc.Arbitrary<ErasureStatement> = fc.record(
  {
    version: fc.constant(1 as const),
    service: filledLine(40),
    customerId: fc.uuid({ version: 7 }).map((id) => CustomerId.make(id)),
    requestedAt: instant,
    startedAt: instant,
    finishedAt: instant,
    erased: fc.array(erasedPlace, { maxLength: 6 }),
    verified,
    held: fc.array(boundedHolder, { maxLength: 2 })
  },
  { noNullPrototype: true }
)

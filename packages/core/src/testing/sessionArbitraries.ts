import * as fc from "fast-check"
import { CustomerId } from "../customer/CustomerId.ts"
import { type Session, SessionId } from "../identity/Session.ts"
import { filledLine, instant } from "./valueArbitraries.ts"

const digest = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 })

/** Sessions that were just opened, that were refreshed, and of programs that do not name themselves. */
export const session: fc.Arbitrary<Session> = fc.record(
  {
    id: fc.uuid({ version: 7 }).map((id) => SessionId.make(id)),
    customerId: fc.uuid({ version: 7 }).map((id) => CustomerId.make(id)),
    epoch: fc.nat(),
    openedAt: instant,
    refreshedAt: instant,
    secret: digest,
    previous: fc.record({ secret: digest, nonce: filledLine(43) }, { noNullPrototype: true }),
    userAgent: filledLine(200)
  },
  {
    requiredKeys: ["id", "customerId", "epoch", "openedAt", "refreshedAt", "secret"],
    noNullPrototype: true
  }
)

import type { ErasureReceipt, ErasureRequest } from "@customer-service/core"
import { DateTime } from "effect"

const placeLine = ({ count, fields, place, store }: ErasureReceipt["statement"]["erased"][number]): string =>
  `  ${store}  ${place}  ${count}  ${fields.join(", ")}`

/** What a receipt says, as lines for people. */
export const receiptLines = ({ keyId, statement }: ErasureReceipt): ReadonlyArray<string> => [
  ...statement.erased.map(placeLine),
  `Looked again in ${statement.verified.stores.join(", ")}, also for ${statement.verified.identifiers} of her addresses and phones: nothing found`,
  ...statement.held.map(({ retention, store }) => `Out of reach: ${store} (${retention})`),
  `Signed by key ${keyId}; \`--json\` prints the receipt to keep`
]

/** How an erasure stands, as lines for people. */
export const erasureLines = ({ customerId, dueAt, finishedAt, receipt, state }: ErasureRequest): string => {
  switch (state) {
    case "done": {
      const at = finishedAt === undefined ? "" : ` at ${DateTime.formatIso(finishedAt)}`
      return [`Customer ${customerId} was erased${at}`, ...(receipt === undefined ? [] : receiptLines(receipt))].join(
        "\n"
      )
    }
    case "planned":
      return `Customer ${customerId} will be erased after ${DateTime.formatIso(dueAt)}, unless that is cancelled`
    case "running":
      return `The erasure of customer ${customerId} has begun and is not done: \`customer-service privacy run-due\` goes on with it`
    case "cancelled":
      return `The erasure of customer ${customerId} was cancelled`
  }
}

import { keyed, type OperationNote } from "./OperationNote.ts"
import {
  afterConsents,
  consents,
  erasureCancelled,
  erasureDone,
  erasurePlanned,
  forgetJohn,
  heldOnJohn
} from "./privacyExamples.ts"

/** The operations on what is held of customers. */
export const privacyNotes: Readonly<Record<string, OperationNote>> = {
  listConsents: {
    answer: {
      description: "One page of the ledger; `page.nextCursor` is absent on the last.",
      data: { consents, page: { nextCursor: afterConsents } }
    },
    invalid: [{ path: "asOf", message: "must be a day or a time such as 2024-10-30T10:00:00Z" }]
  },
  exportCustomer: {
    answer: { description: "Everything that is held, by the place that holds it.", data: { export: heldOnJohn } }
  },
  eraseCustomer: {
    request: forgetJohn,
    answer: { description: "She is erased; the receipt shows it.", data: { erasure: erasureDone }, headers: keyed },
    deferred: {
      description: "The erasure is planned, or still running.",
      data: { erasure: erasurePlanned },
      headers: keyed
    },
    invalid: [{ path: "reason", message: "must not be empty" }]
  },
  cancelErasure: {
    answer: { description: "The erasure will not happen.", data: { erasure: erasureCancelled } }
  },
  getErasure: {
    answer: { description: "How the erasure stands.", data: { erasure: erasureDone } }
  }
}

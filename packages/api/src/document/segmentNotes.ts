import { type OperationNote, versioned } from "./OperationNote.ts"
import { favour, johnFavoured, johnsOrders, johnsSegment, johnsTierChanges } from "./segmentExamples.ts"

/** The operations on where customers stand. */
export const segmentNotes: Readonly<Record<string, OperationNote>> = {
  getSegment: {
    answer: { description: "Where she stands, and why.", data: { segment: johnsSegment }, headers: versioned }
  },
  updateSegment: {
    request: favour,
    answer: { description: "Where she stands from now on.", data: { segment: johnFavoured }, headers: versioned },
    invalid: [{ path: "expiresAt", message: "must be in the future" }]
  },
  listTierChanges: {
    answer: { description: "The changes, newest first.", data: { changes: johnsTierChanges } }
  },
  getOrderSummary: {
    answer: { description: "Her orders, summed up, and how fresh that is.", data: { summary: johnsOrders } }
  }
}

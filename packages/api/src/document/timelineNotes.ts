import type { OperationNote } from "./OperationNote.ts"
import { afterJohnsLogin, johnsTimeline } from "./timelineExamples.ts"

/** The operations on what happened to customers. */
export const timelineNotes: Readonly<Record<string, OperationNote>> = {
  getTimeline: {
    answer: {
      description: "One page of what happened, newest first; `page.nextCursor` is absent on the last.",
      data: { entries: johnsTimeline, page: { nextCursor: afterJohnsLogin } }
    },
    invalid: [{ path: "cursor", message: "is not a cursor of this service" }]
  }
}

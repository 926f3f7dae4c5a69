import { everybody, johnsAnalytics } from "./analyticsExamples.ts"
import type { OperationNote } from "./OperationNote.ts"

/** The operations on how customers behave. */
export const analyticsNotes: Readonly<Record<string, OperationNote>> = {
  getAnalytics: {
    answer: { description: "How she behaves, and from what that was computed.", data: { analytics: johnsAnalytics } }
  },
  getAnalyticsOverview: {
    answer: { description: "Open accounts, counted.", data: { overview: everybody } }
  }
}

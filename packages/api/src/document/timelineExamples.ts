import { TimelinePages } from "@customer-service/core"
import type { TimelineAnswer } from "../TimelineApi.ts"
import { john } from "./customerExamples.ts"

/** What happened to John lately. */
export const johnsTimeline: (typeof TimelineAnswer.Encoded)["data"]["entries"] = [
  {
    at: "2024-10-30T10:00:00.000Z",
    type: "CustomerSegmentChanged",
    source: "event",
    by: { kind: "staff", subject: "support-7" },
    correlationId: "0f8fad5b-d9cb-469f-a165-70867728950e",
    eventId: "0192dd01-7a00-7b3c-8d11-2f6e5c4a9b07",
    version: 44,
    details: { change: "tier", from: "premium", to: "vip", reason: "Agreed with the key account team" }
  },
  {
    at: "2024-10-30T10:00:00.000Z",
    type: "tier_overridden",
    source: "audit",
    by: { kind: "staff", subject: "support-7" },
    correlationId: "0f8fad5b-d9cb-469f-a165-70867728950e",
    version: 44,
    details: { reason: "Agreed with the key account team" }
  },
  {
    at: "2024-10-30T09:00:00.000Z",
    type: "CustomerProfileUpdated",
    source: "event",
    by: { kind: "customer", subject: john.id },
    correlationId: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    eventId: "0192dcca-8900-7c20-9a44-81b0c7d2e365",
    version: 43,
    details: { changed: ["profile.phone", "preferences.marketing.smsOptIn"] }
  },
  {
    at: "2024-10-29T14:30:00.000Z",
    type: "logged_in",
    source: "audit",
    by: { kind: "customer", subject: john.id },
    correlationId: "16fd2706-8baf-433b-82eb-8c7fada847da",
    version: 42,
    details: {}
  }
]

/** Where what happened before begins. */
export const afterJohnsLogin = TimelinePages.formatCursor({ event: 1730, audit: 212 })

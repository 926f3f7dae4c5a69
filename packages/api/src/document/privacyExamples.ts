import type { ConsentsAnswer, EraseCustomer, ErasureAnswer, ExportAnswer } from "../PrivacyApi.ts"
import { john } from "./customerExamples.ts"

type ErasureJson = (typeof ErasureAnswer.Encoded)["data"]["erasure"]

/** What John agreed to, and withdrew. */
export const consents: (typeof ConsentsAnswer.Encoded)["data"]["consents"] = [
  {
    purpose: "marketing",
    channel: "sms",
    state: "granted",
    source: "default",
    recordedBy: "checkout",
    recordedAt: "2023-01-15T10:00:00.000Z"
  },
  {
    purpose: "marketing",
    channel: "sms",
    state: "withdrawn",
    source: "customer",
    recordedBy: john.id,
    recordedAt: "2024-10-29T14:30:00.000Z"
  }
]

/** Where the list of John's consents goes on. */
export const afterConsents = "17"

/** What is held on John, as far as an example can hold it. */
export const heldOnJohn: (typeof ExportAnswer.Encoded)["data"]["export"] = {
  customerId: john.id,
  generatedAt: "2024-10-30T10:00:00.000Z",
  holders: {
    customers: [{ id: john.id, email: john.email, status: "active" }],
    customer_profiles: [{ first_name: "John", last_name: "Doe", phone: "+1-555-0123" }],
    sessions: []
  }
}

/** The wish that John be forgotten at once. */
export const forgetJohn: typeof EraseCustomer.Encoded = { when: "now", reason: "he asked for it by mail" }

/** John's erasure before its time has come. */
export const erasurePlanned: ErasureJson = {
  customerId: john.id,
  state: "planned",
  dueAt: "2024-11-29T10:00:00.000Z",
  requestedAt: "2024-10-30T10:00:00.000Z",
  requestedBy: "support-7",
  reason: "he asked for it by mail"
}

/** The plan after it was cancelled. */
export const erasureCancelled: ErasureJson = { ...erasurePlanned, state: "cancelled" }

/** John is gone, and this shows it. */
export const erasureDone: ErasureJson = {
  customerId: john.id,
  state: "done",
  dueAt: "2024-10-30T10:00:00.000Z",
  requestedAt: "2024-10-30T10:00:00.000Z",
  requestedBy: "support-7",
  finishedAt: "2024-10-30T10:00:01.250Z",
  receipt: {
    statement: {
      version: 1,
      service: "customer-service",
      customerId: john.id,
      requestedAt: "2024-10-30T10:00:00.000Z",
      startedAt: "2024-10-30T10:00:00.420Z",
      finishedAt: "2024-10-30T10:00:01.250Z",
      erased: [
        { store: "database", place: "customer_profiles", fields: ["first_name", "last_name", "phone"], count: 1 },
        { store: "sessions", place: "sessions", fields: ["*"], count: 2 }
      ],
      verified: { stores: ["database", "sessions"], identifiers: 2, found: 0 },
      held: [{ store: "event bus", retention: "bounded streams; CustomerErased tells every consumer" }]
    },
    algorithm: "Ed25519",
    keyId: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    signature: "6wLMbT0hWXvPZ3qGk1nYc9sRj2dLf8pGa4oTi6wQyKxEkq3Zt7sWm0Yc1nXe5hVb9uRj2dLf8pGa4oTi6wQyKw"
  }
}

import {
  openSessions,
  otherAddress,
  otherPassword,
  phoneCode,
  relief,
  sessionsLeft,
  suspicion
} from "./authExamples.ts"
import { johnReactivated, johnSuspended, johnWithPhone } from "./customerExamples.ts"
import { decided, keyed, type OperationNote } from "./OperationNote.ts"

const confirmed: OperationNote = {
  request: phoneCode,
  answer: {
    description: "The customer, whose phone is verified.",
    data: { customer: johnWithPhone },
    headers: decided
  },
  invalid: [{ path: "code", message: "must be six digits" }]
}

const withoutReason = [{ path: "reason", message: "is required" }]

/** The operations on accounts. */
export const accountNotes: Readonly<Record<string, OperationNote>> = {
  changePassword: {
    request: otherPassword,
    answer: { description: "The new password stands.", data: { changed: true } },
    invalid: [{ path: "currentPassword", message: "is required" }]
  },
  changeEmail: {
    request: otherAddress,
    answer: { description: "A link is on its way to the new address.", data: { accepted: true }, headers: keyed },
    invalid: [{ path: "email", message: "is required" }]
  },
  listSessions: { answer: { description: "The open sessions, newest first.", data: { sessions: openSessions } } },
  endSessions: { answer: { description: "No session is left.", data: { sessions: [] } } },
  endSession: {
    answer: { description: "The sessions that are left.", data: { sessions: sessionsLeft } },
    invalid: [{ path: "sessionId", message: "is not readable text" }]
  },
  requestPhoneVerification: {
    request: {},
    answer: { description: "A code is on its way to the phone.", data: { accepted: true }, headers: keyed },
    invalid: [{ path: "phone", message: "is not a field here" }]
  },
  confirmPhone: confirmed,
  confirmPhoneShort: confirmed,
  suspendCustomer: {
    request: suspicion,
    answer: { description: "The customer, who is kept out.", data: { customer: johnSuspended }, headers: decided },
    invalid: withoutReason
  },
  reactivateCustomer: {
    request: relief,
    answer: {
      description: "The customer, who is let in again.",
      data: { customer: johnReactivated },
      headers: decided
    },
    invalid: withoutReason
  }
}

import type { InputIssue } from "@customer-service/core"
import { address, granted, login, mailed, newPassword, refresh, registration } from "./authExamples.ts"
import { jane } from "./customerExamples.ts"
import type { AnswerNote, OperationNote } from "./OperationNote.ts"

const accepted: AnswerNote = {
  description: "The request was taken on, whatever the address.",
  data: { accepted: true }
}

const missing = (path: string): ReadonlyArray<InputIssue> => [{ path, message: "is required" }]

/** The operations that need no token. */
export const authNotes: Readonly<Record<string, OperationNote>> = {
  registerCustomer: { request: registration, answer: accepted },
  logIn: {
    request: login,
    answer: { description: "The session that was opened.", data: granted },
    invalid: missing("password")
  },
  refreshSession: {
    request: refresh,
    answer: { description: "The session with its new tokens.", data: granted },
    invalid: missing("refreshToken")
  },
  logOut: {
    request: refresh,
    answer: { description: "The session is over.", data: { loggedOut: true } },
    invalid: [{ path: "refreshToken", message: "is not a refresh token of this service" }]
  },
  verifyEmail: {
    request: mailed,
    answer: {
      description: "The address is hers.",
      data: { verified: true, customerId: jane.id, passwordRequired: false }
    },
    invalid: missing("token")
  },
  resendVerification: { request: address, answer: accepted, invalid: missing("email") },
  forgotPassword: { request: address, answer: accepted, invalid: missing("email") },
  resetPassword: {
    request: newPassword,
    answer: { description: "The new password stands.", data: { reset: true, customerId: jane.id } },
    invalid: missing("token")
  }
}

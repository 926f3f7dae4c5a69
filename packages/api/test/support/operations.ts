import { Email } from "@customer-service/core"
import { type Effect, Redacted } from "effect"
import type { Calls } from "../../src/index.ts"

const customerId = "0185b4df-2100-7a3e-9c41-5b2f8d6e1a70"
const addressId = "0185b4df-2100-7c55-8e02-d94a7b3c6f18"
const address = { customerId, addressId }
const headers = {}
const params = { customerId }
const email = Email.Email.make("jane.smith@example.com")
const password = Redacted.make("securePassword123")
const refreshToken = Redacted.make("a session's id and its secret")
const token = Redacted.make("what the mail held")
const reason = "she asked for it"
const rule = 'tier = "vip"'
const segment = { segmentId: "vip-customers" }

/** Every operation of the API, called with a request that is in order. */
export const operations: {
  readonly [Name in keyof Calls]: (calls: Calls) => Effect.Effect<unknown, { readonly _tag: string }>
} = {
  createCustomer: (calls) =>
    calls.createCustomer({ headers, payload: { email: Email.Email.make("jane.smith@example.com") } }),
  listCustomers: (calls) => calls.listCustomers({ query: { limit: 10 } }),
  getCustomer: (calls) => calls.getCustomer({ params: { customerId }, headers }),
  updateCustomer: (calls) => calls.updateCustomer({ params: { customerId }, headers, payload: {} }),
  deactivateCustomer: (calls) => calls.deactivateCustomer({ params: { customerId }, headers }),
  listAddresses: (calls) => calls.listAddresses({ params: { customerId }, headers }),
  addAddress: (calls) =>
    calls.addAddress({
      params: { customerId },
      headers,
      payload: { street: "123 Main St", city: "New York", country: "US" }
    }),
  getAddress: (calls) => calls.getAddress({ params: address, headers }),
  updateAddress: (calls) => calls.updateAddress({ params: address, headers, payload: { street2: null } }),
  removeAddress: (calls) => calls.removeAddress({ params: address, headers }),
  registerCustomer: (calls) => calls.registerCustomer({ payload: { email, password } }),
  logIn: (calls) => calls.logIn({ payload: { email, password } }),
  refreshSession: (calls) => calls.refreshSession({ payload: { refreshToken } }),
  logOut: (calls) => calls.logOut({ payload: { refreshToken } }),
  verifyEmail: (calls) => calls.verifyEmail({ payload: { token } }),
  resendVerification: (calls) => calls.resendVerification({ payload: { email } }),
  forgotPassword: (calls) => calls.forgotPassword({ payload: { email } }),
  resetPassword: (calls) => calls.resetPassword({ payload: { token, newPassword: password } }),
  changePassword: (calls) =>
    calls.changePassword({ params, payload: { currentPassword: password, newPassword: password } }),
  changeEmail: (calls) => calls.changeEmail({ params, headers, payload: { email } }),
  listSessions: (calls) => calls.listSessions({ params }),
  endSessions: (calls) => calls.endSessions({ params }),
  endSession: (calls) => calls.endSession({ params: { customerId, sessionId: addressId } }),
  requestPhoneVerification: (calls) => calls.requestPhoneVerification({ params, headers, payload: {} }),
  confirmPhone: (calls) => calls.confirmPhone({ params, headers, payload: { code: Redacted.make("493027") } }),
  confirmPhoneShort: (calls) =>
    calls.confirmPhoneShort({ params, headers, payload: { code: Redacted.make("493027") } }),
  suspendCustomer: (calls) => calls.suspendCustomer({ params, headers, payload: { reason } }),
  reactivateCustomer: (calls) => calls.reactivateCustomer({ params, headers, payload: { reason } }),
  listConsents: (calls) => calls.listConsents({ params, query: {} }),
  exportCustomer: (calls) => calls.exportCustomer({ params }),
  eraseCustomer: (calls) => calls.eraseCustomer({ params, headers, payload: { when: "now", reason } }),
  cancelErasure: (calls) => calls.cancelErasure({ params }),
  getErasure: (calls) => calls.getErasure({ params }),
  getSegment: (calls) => calls.getSegment({ params }),
  updateSegment: (calls) => calls.updateSegment({ params, headers, payload: { tier: "vip", reason } }),
  listTierChanges: (calls) => calls.listTierChanges({ params }),
  getOrderSummary: (calls) => calls.getOrderSummary({ params }),
  listSegments: (calls) => calls.listSegments(),
  createSegment: (calls) => calls.createSegment({ headers, payload: { name: "faithful", rule } }),
  readSegment: (calls) => calls.readSegment({ params: segment, headers }),
  changeSegment: (calls) => calls.changeSegment({ params: segment, headers, payload: { rule } }),
  removeSegment: (calls) => calls.removeSegment({ params: segment, headers }),
  previewRule: (calls) => calls.previewRule({ payload: { rule } }),
  listSegmentMembers: (calls) => calls.listSegmentMembers({ params: segment, query: {} }),
  listMemberships: (calls) => calls.listMemberships({ params }),
  decideMembership: (calls) =>
    calls.decideMembership({ params: { ...params, ...segment }, headers, payload: { member: true, reason } }),
  explainMembership: (calls) => calls.explainMembership({ params: { ...params, ...segment } }),
  getAnalytics: (calls) => calls.getAnalytics({ params }),
  getAnalyticsOverview: (calls) => calls.getAnalyticsOverview(),
  getTimeline: (calls) => calls.getTimeline({ params, query: {} })
}

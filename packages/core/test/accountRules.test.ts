import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Result } from "effect"
import type { Customer } from "../src/customer/Customer.ts"
import * as CustomerDecisions from "../src/customer/CustomerDecisions.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import * as Decisions from "../src/identity/AccountDecisions.ts"
import type { Account } from "../src/identity/Credentials.ts"
import type { VerificationToken } from "../src/identity/VerificationTokens.ts"
import { Arbitraries, circumstances, registration } from "../src/testing/index.ts"

const now = circumstances(60)
const policy = CustomerPolicy.defaultValue()

const { customer } = registration()

const token = (passwordHash: string | undefined): VerificationToken => ({
  digest: "digest",
  purpose: "email_verification",
  customerId: customer.id,
  target: customer.email,
  passwordHash,
  issuedAt: now.now,
  expiresAt: now.now
})

const account = (passwordHash: string | undefined, contested: boolean): Account => ({
  customerId: customer.id,
  email: customer.email,
  status: "pending",
  emailVerified: false,
  sessionEpoch: 0,
  contested,
  passwordHash
})

describe("the password that stands once an address is verified", () => {
  const stays = "stays"

  it.each([
    { sent: "$hers", stored: "$hers", contested: false, stands: stays },
    { sent: "$hers", stored: "$hers", contested: true, stands: "$hers" },
    { sent: "$hers", stored: "$other", contested: false, stands: "$hers" },
    { sent: "$hers", stored: "$other", contested: true, stands: "$hers" },
    { sent: "$hers", stored: undefined, contested: false, stands: "$hers" },
    { sent: undefined, stored: "$other", contested: false, stands: stays },
    { sent: undefined, stored: "$other", contested: true, stands: null },
    { sent: undefined, stored: undefined, contested: false, stands: stays }
  ])("is as it should be for %j", ({ contested, sent, stands, stored }) => {
    const change = Result.getOrThrow(
      Decisions.verifyEmail(customer, token(sent), account(stored, contested), policy, now)
    )
    if (stands === stays) assert.notProperty(change, "passwordHash")
    else assert.strictEqual(change.passwordHash, stands)
  })
})

describe("an account that is suspended or closed and opened again", () => {
  it.prop([Arbitraries.customer, fc.boolean()])(
    "is as it was, or pending where something is not verified",
    (one, closes) => {
      const before: Customer = { ...one, status: "active" }
      const shut = closes
        ? Result.getOrThrow(CustomerDecisions.deactivate(before, now, 30))
        : Result.getOrThrow(Decisions.suspend(before, "why", now))
      assert.isTrue(shut.endsSessions)
      const opened = Result.getOrThrow(Decisions.reactivate(shut.customer, "because", policy, now))
      assert.isNull(opened.erasure)
      const { deactivatedAt: _, ...open } = before
      const status = before.emailVerified ? "active" : "pending"
      assert.deepStrictEqual(opened.customer, { ...open, status, updatedAt: now.now, version: before.version + 2 })
    }
  )
})

describe("somebody who expects another version", () => {
  it.prop([Arbitraries.customer])("suspends and reactivates nobody", (one) => {
    const when = { ...now, expectedVersion: one.version + 1 }
    const active: Customer = { ...one, status: "active" }
    const suspended: Customer = { ...one, status: "suspended" }
    const refused = { _tag: "VersionConflict", current: one.version } as const
    assert.deepInclude(Result.getOrThrow(Result.flip(Decisions.suspend(active, "why", when))), refused)
    assert.deepInclude(Result.getOrThrow(Result.flip(Decisions.reactivate(suspended, "why", policy, when))), refused)
  })
})

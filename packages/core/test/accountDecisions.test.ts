import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Result } from "effect"
import type { Change, Customer } from "../src/customer/Customer.ts"
import type { CustomerEvent } from "../src/customer/CustomerEvent.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import * as Decisions from "../src/identity/AccountDecisions.ts"
import type { Account } from "../src/identity/Credentials.ts"
import type { VerificationToken } from "../src/identity/VerificationTokens.ts"
import { Arbitraries, circumstances, plain } from "../src/testing/index.ts"

const now = circumstances(60)

const policy: fc.Arbitrary<CustomerPolicy> = fc
  .record({ emailVerificationRequired: fc.boolean(), phoneVerificationRequired: fc.boolean() })
  .map((required) => ({ ...CustomerPolicy.defaultValue(), ...required }))

const hash = fc.constantFrom("$one", "$two", undefined)

/** A customer with what a login knows of her, and a token that is or is not meant for what she has now. */
const circle = fc
  .tuple(
    Arbitraries.customer,
    fc.record({ passwordHash: hash, contested: fc.boolean() }),
    hash,
    Arbitraries.email,
    policy
  )
  .chain(([customer, credentials, passwordHash, stranger, rules]) => {
    const { email, emailVerified, id, profile, status } = customer
    const account: Account = { customerId: id, email, emailVerified, status, sessionEpoch: 0, ...credentials }
    return fc.constantFrom(email, email.toUpperCase(), stranger, profile.phone ?? "").map((target) => {
      const times = { issuedAt: now.now, expiresAt: now.now }
      const token: VerificationToken = {
        digest: "digest",
        purpose: "email_verification",
        customerId: id,
        target,
        passwordHash,
        ...times
      }
      return { customer, account, token, rules, stranger }
    })
  })
type Circle = typeof circle extends fc.Arbitrary<infer A> ? A : never

type Decided = Result.Result<Change, { readonly _tag: string }>

/** Each decision, with the fields of the customer that it may touch beside `version` and `updatedAt`. */
const decisions: Readonly<Record<string, readonly [touches: ReadonlyArray<string>, (given: Circle) => Decided]>> = {
  recordLogin: [["lastLoginAt"], ({ account, customer }) => Decisions.recordLogin(customer, account, now)],
  verifyEmail: [
    ["emailVerified", "phoneVerified", "status"],
    ({ account, customer, rules, token }) => Decisions.verifyEmail(customer, token, account, rules, now)
  ],
  changeEmail: [
    ["email", "emailVerified", "status"],
    ({ customer, rules, stranger, token }) =>
      Decisions.changeEmail(customer, { ...token, target: stranger }, rules, now)
  ],
  changePassword: [[], ({ account, customer }) => Decisions.changePassword(customer, account, "$new", now)],
  resetPassword: [
    ["emailVerified", "status"],
    ({ customer, rules, token }) => Decisions.resetPassword(customer, token, "$new", rules, now)
  ],
  verifyPhone: [
    ["phoneVerified", "status"],
    ({ customer, rules, token }) => Decisions.verifyPhone(customer, token, rules, now)
  ],
  suspend: [["status"], ({ customer }) => Decisions.suspend(customer, "why", now)],
  reactivate: [["status", "deactivatedAt"], ({ customer, rules }) => Decisions.reactivate(customer, "why", rules, now)]
}

const deeplyFrozen = <A>(value: A): A => {
  if (typeof value !== "object" || value === null) return value
  Object.values(value).forEach(deeplyFrozen)
  return Object.freeze(value)
}

const differing = (before: Customer, after: Customer): ReadonlyArray<string> => {
  const [one, other] = [plain(before), plain(after)]
  const keys = Object.keys({ ...one, ...other })
  return keys.filter((key) => JSON.stringify(Reflect.get(one, key)) !== JSON.stringify(Reflect.get(other, key)))
}

const isUnchanged = ({ customer }: Change, before: Customer): boolean => customer === before

const told = (event: CustomerEvent | undefined): ReadonlyArray<string> =>
  event?._tag === "CustomerProfileUpdated" ? event.changed : []

describe.each(Object.entries(decisions))("%s", (_, [touches, decide]) => {
  it.prop([circle])("touches no field that it should not, and nothing of what it was given", (given) => {
    const decided = decide({ ...given, customer: deeplyFrozen(given.customer) })
    if (Result.isFailure(decided)) return
    const changed = differing(given.customer, decided.success.customer)
    assert.includeMembers([...touches, "version", "updatedAt"], [...changed])
  })

  it.prop([circle])("makes the version grow by one where the document changes, and not otherwise", (given) => {
    const decided = decide(given)
    if (Result.isFailure(decided)) return
    const { customer } = decided.success
    assert.strictEqual(
      customer.version,
      given.customer.version + (isUnchanged(decided.success, given.customer) ? 0 : 1)
    )
    if (isUnchanged(decided.success, given.customer)) return
    assert.deepStrictEqual(customer.updatedAt, now.now)
    assert.isNotEmpty(differing(given.customer, customer).filter((key) => key !== "version" && key !== "updatedAt"))
  })

  it.prop([circle])("tells of each change in an event or a line of the audit, both of which are right", (given) => {
    const decided = decide(given)
    if (Result.isFailure(decided)) return
    const { audits = [], customer, events } = decided.success
    if (isUnchanged(decided.success, given.customer)) assert.deepStrictEqual(events, [])
    else assert.isNotEmpty([...events, ...audits])
    for (const event of events) {
      assert.deepInclude(event, { customerId: customer.id })
      assert.strictEqual(Reflect.get(event, "version"), customer.version)
    }
    const standing = differing(given.customer, customer).filter((key) => !/version|At$/.test(key))
    if (events[0]?._tag === "CustomerProfileUpdated") assert.sameMembers([...told(events[0])], standing)
    for (const line of audits) assert.deepInclude(line, { actor: "contract", actorKind: "service", at: now.now })
  })

  it.prop([circle])("is refused for a closed account, unless it opens it again", (given) => {
    const customer: Customer = { ...given.customer, status: "inactive", deactivatedAt: now.now }
    const decided = decide({ ...given, customer })
    assert.strictEqual(Result.isFailure(decided), decide !== decisions["reactivate"]?.[1])
  })
})

const isDone = ({ emailVerified, phoneVerified }: Customer, rules: CustomerPolicy): boolean =>
  (emailVerified || !rules.emailVerificationRequired) && (phoneVerified || !rules.phoneVerificationRequired)

describe("a verification", () => {
  const verifying = ["verifyEmail", "changeEmail", "resetPassword", "verifyPhone"].flatMap((name) =>
    decisions[name] === undefined ? [] : [[name, decisions[name][1]] as const]
  )

  it.prop([circle])("makes a pending account active once all that is required is done, and moves no other", (given) => {
    for (const [name, decide] of verifying) {
      const decided = decide(given)
      if (Result.isFailure(decided)) continue
      const { customer } = decided.success
      const becomesActive = given.customer.status === "pending" && isDone(customer, given.rules)
      assert.strictEqual(customer.status, becomesActive ? "active" : given.customer.status, name)
      assert.isTrue(name === "verifyPhone" ? customer.phoneVerified : customer.emailVerified)
    }
  })

  it.prop([circle])("uses up its token, and done again changes the customer no more", (given) => {
    for (const [, decide] of verifying) {
      const decided = decide(given)
      if (Result.isFailure(decided)) continue
      assert.strictEqual(decided.success.spends, given.token.digest)
      const { customer } = decided.success
      const again = decide({ ...given, customer })
      if (Result.isSuccess(again)) assert.strictEqual(again.success.customer, customer)
    }
  })

  it.prop([circle])("of address and phone comes to the same in either order where her password stands", (given) => {
    const customer: Customer = { ...given.customer, status: "pending", profile: { phone: "+15550123" } }
    const { passwordHash: _, ...token } = given.token
    const email = { ...token, target: customer.email }
    const account = { ...given.account, contested: false }
    const phone = { ...given.token, target: "+15550123" }
    const byMail = (one: Customer) =>
      Result.getOrThrow(Decisions.verifyEmail(one, email, account, given.rules, now)).customer
    const byPhone = (one: Customer) => Result.getOrThrow(Decisions.verifyPhone(one, phone, given.rules, now)).customer
    const [one, other] = [byPhone(byMail(customer)), byMail(byPhone(customer))]
    assert.deepStrictEqual({ ...plain(one), version: 0 }, { ...plain(other), version: 0 })
  })

  it.prop([circle])("of an address by another's registration leaves no phone verified that he may have", (given) => {
    const customer: Customer = { ...given.customer, status: "pending", phoneVerified: true }
    const token = { ...given.token, target: customer.email, passwordHash: "$hers" }
    const account = { ...given.account, passwordHash: "$his" }
    const decided = Decisions.verifyEmail(customer, token, account, given.rules, now)
    assert.isFalse(Result.getOrThrow(decided).customer.phoneVerified)
  })

  it.prop([circle])("is refused where the token was sent elsewhere than to what she has", (given) => {
    const { customer, token } = given
    const isHers = token.target.toLowerCase() === customer.email.toLowerCase()
    for (const name of ["verifyEmail", "resetPassword"]) {
      const decided = decisions[name]?.[1](given)
      if (!isHers) assert.deepInclude(decided, { _tag: "Failure" })
    }
    if (token.target !== customer.profile.phone) {
      assert.deepInclude(decisions["verifyPhone"]?.[1](given), { _tag: "Failure" })
    }
  })
})

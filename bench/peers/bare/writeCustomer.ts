import { type Algorithm, hash } from "@node-rs/argon2"
import { parsePhoneNumberFromString } from "libphonenumber-js/min"
import { DatabaseError } from "pg"
import * as Customer from "./Customer.ts"
import { insert, modify, type StoredCustomer } from "./database.ts"
import type { Exchange } from "./Exchange.ts"
import { uuidV7 } from "./identifiers.ts"
import { forgetLoad } from "./readCustomer.ts"
import { put } from "./redis.ts"
import type { Caller } from "./tokens.ts"

const e164 = (phone: string | undefined): string | null => {
  const parsed = phone === undefined ? undefined : parsePhoneNumberFromString(phone)
  return parsed?.isValid() === true ? parsed.number : null
}

const envelope = (exchange: Exchange, eventType: string, timestamp: string, data: unknown): string =>
  JSON.stringify({
    eventId: uuidV7(exchange.now),
    eventType,
    version: "1.0",
    timestamp,
    source: "bare",
    data,
    metadata: { correlationId: exchange.correlationId }
  })

const changed = (exchange: Exchange, caller: Caller, stored: StoredCustomer, changes: Customer.Changes) => {
  const before: Customer.Customer = JSON.parse(stored.document)
  const profile = Customer.mergeProfile(before.profile, changes.profile)
  const preferences = Customer.mergePreferences(before.preferences, changes.preferences)
  const paths: Array<string> = []
  Customer.collectChanges(before.profile, profile, "profile.", paths)
  Customer.collectChanges(before.preferences, preferences, "preferences.", paths)
  if (paths.length === 0) return undefined
  const phoneChanged = profile.phone !== before.profile.phone
  const version = before.version + 1
  const updatedAt = new Date(exchange.now).toISOString()
  const phoneVerified = before.phoneVerified && !phoneChanged
  const document = JSON.stringify({ ...before, phoneVerified, profile, preferences, updatedAt, version })
  const ledger = JSON.stringify(Customer.changedConsents(before.preferences, preferences, caller))
  const data = { customerId: before.id, version, changed: paths, profile, preferences, updatedAt }
  const event = envelope(exchange, "CustomerProfileUpdated", updatedAt, data)
  return { version, document, ledger, event, phoneChanged, phone: phoneChanged ? e164(profile.phone) : null }
}

/** PUT /v1/customers/{id}, with a body that was checked. */
export const updateCustomer = async (
  exchange: Exchange,
  caller: Caller,
  id: string,
  changes: Customer.Changes
): Promise<void> => {
  const expected = exchange.ifMatch
  let written: StoredCustomer | undefined
  let conflict = false
  await modify(id, (current) => {
    if (current === undefined || current.document.includes('"status":"inactive"')) return undefined
    written = current
    conflict = expected !== undefined && expected !== `"${current.version}"`
    const change = conflict ? undefined : changed(exchange, caller, current, changes)
    if (change === undefined) return undefined
    written = { version: change.version, document: change.document, addresses: current.addresses }
    return [change.document, change.ledger, change.event, change.phoneChanged, change.phone]
  })
  if (written === undefined) return exchange.fail(404, "CUSTOMER_NOT_FOUND", "The customer does not exist")
  const { version, document, addresses } = written
  if (conflict) return exchange.fail(412, "VERSION_CONFLICT", "The customer has changed", [], ["ETag", `"${version}"`])
  forgetLoad(id)
  await put(id, version, document, addresses)
  exchange.customer(200, version, document)
}

/** The body of a creation, after its check. */
export interface Creation extends Customer.Changes {
  readonly email: string
  readonly password?: string
  readonly customerType?: string
  readonly registrationSource?: string
}

const defaults: Customer.Preferences = {
  language: "en",
  currency: "USD",
  timezone: "UTC",
  marketing: { emailOptIn: true, smsOptIn: false, pushOptIn: true },
  notifications: { orderUpdates: true, promotions: true, newsletters: true },
  privacy: { dataSharing: false, analyticsTracking: true, cookieConsent: false },
  custom: {}
}

const newcomer = {
  tier: "regular",
  segment: "new_customer",
  loyaltyPoints: 0,
  totalSpent: 0,
  orderCount: 0,
  averageOrderValue: 0
}

const normalEmail = (email: string): string => {
  const [local = "", domain = ""] = email.trim().split("@")
  return `${local}@${domain.toLowerCase()}`
}

const newCustomer = (now: number, body: Creation) => {
  const createdAt = new Date(now).toISOString()
  return {
    id: uuidV7(now),
    email: normalEmail(body.email),
    customerType: body.customerType ?? "individual",
    status: "pending",
    emailVerified: false,
    phoneVerified: false,
    registrationSource: body.registrationSource,
    profile: Customer.mergeProfile({}, body.profile),
    segment: newcomer,
    preferences: Customer.mergePreferences(defaults, body.preferences),
    registrationDate: createdAt,
    createdAt,
    updatedAt: createdAt,
    version: 1
  }
}

const argon2id = 2 satisfies Algorithm.Argon2id
const mostHashes = 2
const waiting: Array<() => void> = []
let hashing = 0

/** No more at once than there are cores to spare, so that signatures never wait for passwords. */
const hashPassword = async (password: string): Promise<string> => {
  if (hashing >= mostHashes) await new Promise<void>((resolve) => void waiting.push(resolve))
  else hashing += 1
  try {
    return await hash(password, { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  } finally {
    const next = waiting.shift()
    if (next === undefined) hashing -= 1
    else next()
  }
}

const isEmailTaken = (error: unknown): boolean =>
  error instanceof DatabaseError && error.constraint === "customers_email_unique"

/** POST /v1/customers, with a body that was checked. */
export const createCustomer = async (exchange: Exchange, caller: Caller, body: Creation): Promise<void> => {
  const passwordHash = body.password === undefined ? null : await hashPassword(body.password)
  const customer = newCustomer(exchange.now, body)
  const { id, email, profile, createdAt } = customer
  const document = JSON.stringify(customer)
  const ledger = JSON.stringify(Customer.firstConsents(customer.preferences, body.preferences, caller))
  const data = {
    customerId: id,
    email,
    profile: { firstName: profile.firstName, lastName: profile.lastName },
    segment: { tier: "regular", segment: "new_customer" },
    registrationDate: createdAt
  }
  try {
    await insert([
      document,
      ledger,
      envelope(exchange, "CustomerCreated", createdAt, data),
      passwordHash,
      e164(profile.phone)
    ])
  } catch (error) {
    if (!isEmailTaken(error)) throw error
    return exchange.fail(409, "EMAIL_ALREADY_EXISTS", "A customer with this mail address exists already")
  }
  await put(id, 1, document, "[]")
  exchange.customer(201, 1, document, `/v1/customers/${id}`)
}

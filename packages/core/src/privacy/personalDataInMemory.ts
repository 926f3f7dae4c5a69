import { Schema, Struct } from "effect"
import { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { ErasedPlace } from "./ErasureReceipt.ts"
import type { Remainder } from "./PersonalDataStore.ts"

type Memory = CustomerMemory["Service"]

/** A customer, and her mail addresses and phones in lower case. */
export interface Person {
  readonly id: CustomerId
  readonly identifiers: ReadonlySet<string>
}

/** One part of the memory: what it holds of a customer, and how it lets go of it. */
interface Place {
  readonly place: string
  readonly fields: ReadonlyArray<string>
  readonly held: (memory: Memory, person: Person) => ReadonlyArray<unknown>
  /** What is personal in it; all that is held, unless told. */
  readonly personal?: (memory: Memory, person: Person) => ReadonlyArray<unknown>
  readonly erase: (memory: Memory, person: Person) => void
}

const encodeCustomer = Schema.encodeSync(Customer, { disableChecks: true })

const customers: Place = {
  place: "customers",
  fields: ["email", "profile", "preferences", "addresses"],
  held: (memory, { id }) => [memory.customers.get(id) ?? []].flat().map((customer) => encodeCustomer(customer)),
  erase: (memory, { id }) => void memory.customers.delete(id)
}

const eventsOf = (memory: Memory, { id }: Person) => memory.events.filter(({ customerId }) => customerId === id)

const isPersonal = ({ customerId, envelope }: Memory["events"][number]): boolean =>
  envelope.eventType !== "CustomerErased" && JSON.stringify(envelope.data) !== JSON.stringify({ customerId })

const events: Place = {
  place: "events",
  fields: ["data"],
  held: (memory, person) => eventsOf(memory, person).map(({ envelope }) => envelope),
  personal: (memory, person) =>
    eventsOf(memory, person)
      .filter(isPersonal)
      .map(({ envelope }) => envelope),
  erase: (memory, { id }) => {
    for (const [index, event] of memory.events.entries()) {
      if (event.customerId !== id || !isPersonal(event)) continue
      const { eventId } = event.envelope
      const bare = { ...event.envelope, data: { customerId: id }, metadata: { correlationId: eventId } }
      memory.events[index] = { ...event, envelope: bare }
    }
  }
}

const nobody = "erased"

const consents: Place = {
  place: "consents",
  fields: ["by"],
  held: (memory, { id }) => memory.consents.filter(({ customerId }) => customerId === id),
  personal: (memory, { id }) => memory.consents.filter(({ by, customerId }) => customerId === id && by !== nobody),
  erase: (memory, { id }) => {
    for (const [index, line] of memory.consents.entries()) {
      if (line.customerId === id) memory.consents[index] = { ...line, by: nobody }
    }
  }
}

const audits: Place = {
  place: "audits",
  fields: ["reason"],
  held: (memory, { id }) => memory.audits.filter(({ customerId }) => customerId === id),
  personal: (memory, { id }) =>
    memory.audits.filter(({ customerId, reason }) => customerId === id && reason !== undefined),
  erase: (memory, { id }) => {
    for (const [index, entry] of memory.audits.entries()) {
      if (entry.customerId === id) memory.audits[index] = Struct.omit(entry, ["reason"])
    }
  }
}

const hidden = "kept as a digest, not shown"

const credentials: Place = {
  place: "credentials",
  fields: ["password"],
  held: (memory, { id }) =>
    memory.passwordHashes.has(id) || memory.contested.has(id) || memory.sessionEpochs.has(id)
      ? [{ password: hidden, contested: memory.contested.has(id), sessionEpoch: memory.sessionEpochs.get(id) ?? 0 }]
      : [],
  erase: (memory, { id }) => {
    memory.passwordHashes.delete(id)
    memory.contested.delete(id)
    memory.sessionEpochs.delete(id)
  }
}

const tokensOf = (memory: Memory, { id }: Person) =>
  [...memory.tokens.values()].filter(({ customerId }) => customerId === id)

const tokens: Place = {
  place: "tokens",
  fields: ["digest", "target", "passwordHash"],
  held: (memory, person) =>
    tokensOf(memory, person).map((token) => ({
      ...Struct.pick(token, ["purpose", "target", "issuedAt", "expiresAt"]),
      digest: hidden
    })),
  erase: (memory, person) => {
    for (const { digest } of tokensOf(memory, person)) memory.tokens.delete(digest)
  }
}

const mailsOf = (memory: Memory, { id, identifiers }: Person) =>
  [...memory.mails.values()].filter(({ request }) =>
    "customerId" in request ? request.customerId === id : identifiers.has(request.recipient.toLowerCase())
  )

const mails: Place = {
  place: "mails",
  fields: ["request"],
  held: (memory, person) =>
    mailsOf(memory, person).map(({ attempts, request }) => ({
      ...Struct.pick(request, ["kind", "recipient"]),
      attempts
    })),
  erase: (memory, person) => {
    for (const { id } of mailsOf(memory, person)) memory.mails.delete(id)
  }
}

const answers: Place = {
  place: "answers",
  fields: ["answer"],
  held: (memory, { id }) =>
    [...memory.answers.values()].filter(({ customerId }) => customerId === id).map(({ answer }) => ({ answer })),
  erase: (memory, { id }) => {
    for (const [key, { customerId }] of memory.answers) if (customerId === id) memory.answers.delete(key)
  }
}

const erasures: Place = {
  place: "erasures",
  fields: ["reason"],
  held: (memory, { id }) => [memory.erasures.get(id) ?? []].flat(),
  personal: (memory, { id }) => [memory.erasures.get(id) ?? []].flat().filter(({ reason }) => reason !== undefined),
  erase: (memory, { id }) => {
    const request = memory.erasures.get(id)
    if (request !== undefined) memory.erasures.set(id, Struct.omit(request, ["reason"]))
  }
}

// The one registry: export, erasure and the look afterwards all go by it.
const places = [customers, events, consents, audits, credentials, tokens, mails, answers, erasures]

/** Everything that the memory holds of a customer, by place. */
export const exported = (memory: Memory, person: Person): Readonly<Record<string, ReadonlyArray<unknown>>> =>
  Object.fromEntries(places.map(({ held, place }) => [place, held(memory, person)]))

const personalIn = ({ held, personal = held }: Place, memory: Memory, person: Person) => personal(memory, person)

/** Lets go of everything personal; answers what was taken from where. */
export const eraseAll = (memory: Memory, person: Person): ReadonlyArray<ErasedPlace> => {
  const erased = places.flatMap((place) => {
    const count = personalIn(place, memory, person).length
    return count === 0 ? [] : [{ store: "database", place: place.place, fields: place.fields, count }]
  })
  for (const { erase } of places) erase(memory, person)
  return erased
}

const identifying = new Set(["email", "phone", "recipient", "target"])

const identifiersIn = (value: unknown, key = ""): ReadonlyArray<string> => {
  if (typeof value === "string") return identifying.has(key) && value !== "" ? [value.toLowerCase()] : []
  if (Array.isArray(value)) return value.flatMap((inner) => identifiersIn(inner, key))
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => identifiersIn(inner, name))
}

/** A customer with every mail address and phone that the memory knows of her, those that she had before too. */
export const personOf = (memory: Memory, id: CustomerId): Person => {
  const known = { id, identifiers: new Set(identifiersIn(memory.customers.get(id))) }
  return { id, identifiers: new Set(identifiersIn(exported(memory, known))) }
}

const mentions = (entry: unknown, { identifiers }: Person): boolean => {
  const text = JSON.stringify(entry).toLowerCase()
  return [...identifiers].some((identifier) => text.includes(JSON.stringify(identifier).slice(1, -1)))
}

/**
 * What is still there of a customer, by place: what is personal, and what of hers mentions a mail address or phone of
 * hers. What stands in the rows of others is theirs.
 */
export const remaining = (memory: Memory, person: Person): ReadonlyArray<Remainder> =>
  places.flatMap((place) => {
    const mentioning = place.held(memory, person).filter((entry) => mentions(entry, person))
    const count = new Set([...personalIn(place, memory, person), ...mentioning]).size
    return count === 0 ? [] : [{ store: "database", place: place.place, count }]
  })

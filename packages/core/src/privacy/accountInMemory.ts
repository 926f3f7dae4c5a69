import { Schema, Struct } from "effect"
import { Customer } from "../customer/Customer.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import { nobody, type Person, type Place } from "./PlaceInMemory.ts"

type Memory = CustomerMemory["Service"]

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
      // Nothing is left of it that would be worth telling, and CustomerErased must not wait for it.
      memory.eventStates.set(eventId, { publishedAt: memory.eventStates.get(eventId)?.publishedAt, isDropped: true })
    }
  }
}

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
  fields: ["reason", "details", "correlationId"],
  held: (memory, { id }) => memory.audits.filter(({ customerId }) => customerId === id),
  personal: (memory, { id }) =>
    memory.audits.filter(
      (entry) => entry.customerId === id && (entry.reason ?? entry.correlationId ?? entry.membership) !== undefined
    ),
  erase: (memory, { id }) => {
    for (const [index, entry] of memory.audits.entries()) {
      if (entry.customerId === id) memory.audits[index] = Struct.omit(entry, ["correlationId", "membership", "reason"])
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

/** Everything around the account of a customer. */
export const accountPlaces: ReadonlyArray<Place> = [
  customers,
  events,
  consents,
  audits,
  credentials,
  tokens,
  mails,
  answers,
  erasures
]

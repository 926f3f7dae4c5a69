import { Context, DateTime, Effect, Layer, Semaphore } from "effect"
import type { WrittenEvent } from "../event/EventEnvelope.ts"
import type { DeadLetter } from "../event/Inbox.ts"
import type { MailRequest } from "../identity/MailRequest.ts"
import type { VerificationToken } from "../identity/VerificationTokens.ts"
import type { OrderEntry, PointsEntry } from "../order/Figures.ts"
import type { ErasureRequest } from "../privacy/ErasureRequest.ts"
import type { ErasureProgress } from "../privacy/PersonalDataStore.ts"
import { type SegmentMemory, segmentMemory } from "../segment/SegmentMemory.ts"
import type { StandingRecord, TierChange } from "../segment/StandingRecord.ts"
import type { AuditEntry } from "./AuditEntry.ts"
import type { ConsentEntry } from "./Consent.ts"
import type { Change, Customer } from "./Customer.ts"
import type { CustomerId, CustomerReference } from "./CustomerId.ts"
import type { Standing } from "./Standing.ts"

interface WaitingMail {
  readonly id: string
  readonly request: MailRequest
  readonly attempts: number
  /** Milliseconds since the epoch. */
  readonly dueAt: number
}

/** Where an event of the outbox is on its way, beside the event itself; absent for one that is simply due. */
export interface EventState {
  readonly publishedAt?: number | undefined
  readonly isDropped?: boolean
  readonly refusals?: number
  readonly waits?: number
  readonly reason?: string
  /** Milliseconds since the epoch. */
  readonly retryAt?: number | undefined
  readonly deadSince?: number | undefined
}

interface ParkedMessage {
  readonly topic: string
  readonly eventId: string
  readonly customer: CustomerReference
  readonly message: unknown
  /** Milliseconds since the epoch. */
  readonly until: number
}

interface KeptAnswer {
  /** Absent where the answer is about no customer. */
  readonly customerId?: CustomerId | undefined
  readonly fingerprint: string
  readonly answer: string
}

/** A line of the audit, whose it is, and what ties it to what caused it. */
interface KeptAudit extends AuditEntry {
  readonly customerId: CustomerId
  readonly customerVersion: number
  readonly correlationId?: string | undefined
}

/** What is left of a customer who was erased; her identifiers are forgotten when the erasure is finished. */
interface ErasedCustomer {
  readonly progress: ErasureProgress
  readonly standing: Standing
  readonly identifiers: ReadonlySet<string>
}

/** What the memory layers of the ports around customers share: one store, as one database would be. */
export class CustomerMemory extends Context.Service<
  CustomerMemory,
  {
    readonly customers: Map<CustomerId, Customer>
    readonly events: Array<WrittenEvent>
    /** By event id. */
    readonly eventStates: Map<string, EventState>
    readonly standings: Map<CustomerId, StandingRecord>
    readonly tierChanges: Array<TierChange & { readonly customerId: CustomerId }>
    /** By order id. */
    readonly orders: Map<string, OrderEntry & { readonly customerId: CustomerId }>
    /** By event id. */
    readonly points: Map<string, PointsEntry & { readonly customerId: CustomerId }>
    /** Messages that were applied, by topic and event id. */
    readonly processed: Set<string>
    /** By topic and event id. */
    readonly parked: Map<string, ParkedMessage>
    /** By id. */
    readonly deadLetters: Map<string, DeadLetter & { readonly customer?: CustomerReference | undefined }>
    readonly consents: Array<ConsentEntry & { readonly customerId: CustomerId }>
    readonly audits: Array<KeptAudit>
    readonly passwordHashes: Map<CustomerId, string>
    readonly sessionEpochs: Map<CustomerId, number>
    readonly contested: Set<CustomerId>
    readonly tokens: Map<string, VerificationToken>
    readonly mails: Map<string, WaitingMail>
    /** Numbers given out so far, so that each is given once. */
    readonly sequence: { last: number }
    readonly erasures: Map<CustomerId, ErasureRequest>
    readonly erased: Map<CustomerId, ErasedCustomer>
    /** Until when a running erasure is somebody's, in milliseconds since the epoch. */
    readonly leases: Map<CustomerId, number>
    readonly answers: Map<string, KeptAnswer>
    /** One writer at a time, as a row lock would have it: the scheduler may switch fibers between any two steps. */
    readonly writing: Semaphore.Semaphore
  } & SegmentMemory
>()("@customer-service/core/CustomerMemory") {
  static readonly layer = Layer.effect(
    CustomerMemory,
    Effect.map(DateTime.now, (now) => ({
      ...segmentMemory(now),
      customers: new Map(),
      events: [],
      eventStates: new Map(),
      standings: new Map(),
      tierChanges: [],
      orders: new Map(),
      points: new Map(),
      processed: new Set<string>(),
      parked: new Map(),
      deadLetters: new Map(),
      consents: [],
      audits: [],
      passwordHashes: new Map(),
      sessionEpochs: new Map(),
      contested: new Set<CustomerId>(),
      tokens: new Map(),
      mails: new Map(),
      sequence: { last: 0 },
      erasures: new Map(),
      erased: new Map(),
      leases: new Map(),
      answers: new Map(),
      writing: Semaphore.makeUnsafe(1)
    }))
  )
}

type Memory = CustomerMemory["Service"]

const keepPassword = (memory: Memory, { customer: { id }, passwordHash, spends }: Change): void => {
  if (passwordHash === undefined) return
  if (spends !== undefined) memory.contested.delete(id)
  if (passwordHash === null) memory.passwordHashes.delete(id)
  else memory.passwordHashes.set(id, passwordHash)
}

const withdrawEmailChange = (memory: Memory, customerId: CustomerId): void => {
  for (const { id, request } of memory.mails.values()) {
    if (request.kind === "confirm_email_change" && request.customerId === customerId) memory.mails.delete(id)
  }
}

const endTokens = (memory: Memory, id: CustomerId): void => {
  for (const token of memory.tokens.values()) if (token.customerId === id) memory.tokens.delete(token.digest)
  withdrawEmailChange(memory, id)
}

const post = (memory: Memory, request: MailRequest): void => {
  if (request.kind === "confirm_email_change") withdrawEmailChange(memory, request.customerId)
  memory.sequence.last += 1
  const id = `${memory.sequence.last}`
  memory.mails.set(id, { id, request, attempts: 0, dueAt: 0 })
}

const keepErasure = (memory: Memory, { customer: { id }, erasure }: Change): void => {
  const present = memory.erasures.get(id)
  if (erasure === null && present?.state === "planned") memory.erasures.set(id, { ...present, state: "cancelled" })
  if (erasure === undefined || erasure === null || present?.state === "running" || present?.state === "done") return
  const isSooner = present?.state === "planned" && DateTime.isLessThan(present.dueAt, erasure.dueAt)
  const dueAt = isSooner ? present.dueAt : erasure.dueAt
  memory.erasures.set(id, { customerId: id, state: "planned", ...erasure, dueAt })
}

const keepStanding = (memory: Memory, { customer: { id }, standing, tierChange }: Change): void => {
  if (standing !== undefined) memory.standings.set(id, standing)
  if (tierChange !== undefined) memory.tierChanges.push({ ...tierChange, customerId: id })
}

/** Keeps what a change brings with it beside the customer herself. */
export const keepRecords = (memory: Memory, change: Change, correlationId: string | undefined): void => {
  const { audits = [], customer, endsSessions, mails = [], passwordHash, spends } = change
  memory.audits.push(
    ...audits.map((entry) => ({
      ...entry,
      customerId: customer.id,
      customerVersion: customer.version,
      correlationId
    }))
  )
  const isReplaced = passwordHash !== undefined && memory.customers.has(customer.id)
  const isMassLogOut = isReplaced || endsSessions === true
  if (isMassLogOut) memory.sessionEpochs.set(customer.id, (memory.sessionEpochs.get(customer.id) ?? 0) + 1)
  if (isMassLogOut || spends !== undefined) endTokens(memory, customer.id)
  for (const request of mails) post(memory, request)
  keepPassword(memory, change)
  keepErasure(memory, change)
  keepStanding(memory, change)
}

import type { Inbox, IncomingMessage } from "@customer-service/core"
import { Predicate } from "effect"
import { readCloudEvent } from "./cloudEvent.ts"

/** What the sidecar delivered in one request: a message, or a bulk of them. */
export interface Delivery {
  readonly messages: ReadonlyArray<IncomingMessage>
  /** The names of a bulk's entries, in the order of the messages; undefined for a single message. */
  readonly entryIds: ReadonlyArray<string> | undefined
}

type Status = "SUCCESS" | "RETRY" | "DROP"

/** What the sidecar is told of what it delivered. */
export type Answer =
  | { readonly status: Status }
  | { readonly statuses: ReadonlyArray<{ readonly entryId: string; readonly status: Status }> }

interface Entry {
  readonly entryId: string
  readonly event?: unknown
}

const isEntry = (entry: unknown): entry is Entry =>
  Predicate.hasProperty(entry, "entryId") && typeof entry.entryId === "string"

const entriesIn = (body: unknown): ReadonlyArray<Entry> | undefined => {
  const entries = Predicate.hasProperty(body, "entries") ? body.entries : undefined
  return Array.isArray(entries) && entries.length > 0 && entries.every(isEntry) ? entries : undefined
}

/**
 * Reads the body of a delivery, of one CloudEvent or of a bulk of them; `topic` is the one whose route it came on, for
 * what does not name its own. Reads everything: what no service of ours sends is given up by whom it is handed to.
 */
export const read = (body: unknown, topic: string): Delivery => {
  const entries = entriesIn(body)
  return {
    messages: (entries?.map(({ event }) => event) ?? [body]).map((event) => readCloudEvent(event, topic)),
    entryIds: entries?.map(({ entryId }) => entryId)
  }
}

const answerAll = ({ entryIds }: Delivery, status: Status): Answer =>
  entryIds === undefined ? { status } : { statuses: entryIds.map((entryId) => ({ entryId, status })) }

/**
 * The answer to what was taken in. Dead is a message that is kept as a dead letter: one by itself is answered DROP, by
 * which the sidecar moves it to the dead letter topic besides. In a bulk it is answered SUCCESS: a sidecar 1.14 counts
 * the entries of a bulk wrongly when it drops one after others were retried or could not be read, and drops another,
 * or ends in a panic.
 */
export const answer = (delivery: Delivery, fates: ReadonlyArray<Inbox.Fate>): Answer =>
  answerAll(delivery, delivery.entryIds === undefined && fates[0] === "dead" ? "DROP" : "SUCCESS")

/** The answer to what could not be taken in for now: all of it is delivered again. */
export const again = (delivery: Delivery): Answer => answerAll(delivery, "RETRY")

import { Option, Result, Schema } from "effect"
import { Base64Url } from "effect/encoding"
import type { TimelineEntry } from "./TimelineEntry.ts"

/** An entry with its place among those of its source: a customer's places grow, and none is given out again. */
export interface PlacedEntry {
  readonly place: number
  readonly entry: TimelineEntry
}

/** Where a page ended: of each source, what comes next is below this place. */
export type TimelineCursor = Readonly<Record<TimelineEntry["source"], number>>

/** One page of a timeline, newest first; `next` is absent on the last. */
export interface TimelinePage {
  readonly entries: ReadonlyArray<TimelineEntry>
  readonly next?: TimelineCursor | undefined
}

/** Where the first page begins. */
export const newest: TimelineCursor = { event: Number.MAX_SAFE_INTEGER, audit: Number.MAX_SAFE_INTEGER }

// Versions first: she has one after the other, whatever the clocks of those who write are.
const newerOf = (event: PlacedEntry | undefined, audit: PlacedEntry | undefined): PlacedEntry | undefined => {
  if (event === undefined || audit === undefined) return event ?? audit
  const { at, version } = event.entry
  const ahead = version - audit.entry.version || at.epochMilliseconds - audit.entry.at.epochMilliseconds
  return ahead < 0 ? audit : event
}

const merged = (
  events: ReadonlyArray<PlacedEntry>,
  audits: ReadonlyArray<PlacedEntry>,
  limit: number
): ReadonlyArray<PlacedEntry> => {
  const shown: Array<PlacedEntry> = []
  const places = { event: 0, audit: 0 }
  while (shown.length < limit) {
    const next = newerOf(events[places.event], audits[places.audit])
    if (next === undefined) break
    shown.push(next)
    places[next.entry.source] += 1
  }
  return shown
}

/**
 * Where a source goes on after a page. What comes in later stands above what was there, so that it must not show even
 * where nothing of its source has been shown yet.
 */
const goingOn = (rows: ReadonlyArray<PlacedEntry>, shown: ReadonlyArray<PlacedEntry>): number => {
  const last = shown.findLast((row) => rows.includes(row))
  return last?.place ?? (rows[0]?.place ?? -1) + 1
}

/** The page that follows from the newest `limit + 1` entries of each source below its beginning. */
export const pageOf = (rows: ReadonlyArray<PlacedEntry>, limit: number): TimelinePage => {
  const inOrder = rows.toSorted((one, other) => other.place - one.place)
  const [events, audits] = [
    inOrder.filter(({ entry }) => entry.source === "event"),
    inOrder.filter(({ entry }) => entry.source === "audit")
  ]
  const shown = merged(events, audits, limit)
  const entries = shown.map(({ entry }) => entry)
  if (rows.length <= limit) return { entries }
  return { entries, next: { event: goingOn(events, shown), audit: goingOn(audits, shown) } }
}

const Place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))
const decodePlaces = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Tuple([Place, Place])))

/** A cursor as text for a URL: opaque to callers. */
export const formatCursor = ({ audit, event }: TimelineCursor): string =>
  Base64Url.encode(JSON.stringify([event, audit]))

/** Reads what {@link formatCursor} wrote; undefined for anything else. */
export const parseCursor = (text: string): TimelineCursor | undefined => {
  const places = Option.flatMap(Result.getSuccess(Base64Url.decodeString(text)), decodePlaces)
  if (Option.isNone(places)) return undefined
  const [event, audit] = places.value
  return { event, audit }
}

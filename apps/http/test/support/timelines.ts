import { expect, vi } from "vitest"
import type { TestDatabase } from "./database.ts"
import type { Known } from "./customers.ts"
import type { Service } from "./service.ts"

/** An entry of a timeline as the API shows it. */
export interface EntryView {
  readonly at: string
  readonly type: string
  readonly source: "event" | "audit"
  readonly by?: { readonly kind: string; readonly subject?: string }
  readonly correlationId?: string
  readonly eventId?: string
  readonly version: number
  readonly details: Readonly<Record<string, unknown>>
}

interface TimelineView {
  readonly entries: ReadonlyArray<EntryView>
  readonly page: { readonly nextCursor?: string }
}

type Target = Pick<Known, "path">

/** A page of a customer's timeline as it is shown to somebody with this token. */
export const timelineOf = async (
  service: Service,
  { path }: Target,
  token: string,
  query = ""
): Promise<TimelineView> => {
  const answer = await service.send("GET", `${path}/timeline${query}`, { token })
  expect(answer.status, answer.text).toBe(200)
  return (answer.body as { data: TimelineView }).data
}

/** Who did what, in a few words. */
export const told = ({ by, details, type, version }: EntryView): string =>
  [version, type, by === undefined ? "" : `by ${by.kind} ${by.subject ?? ""}`.trim(), JSON.stringify(details)].join(" ")

/** All entries, page by page; `meanwhile` is done after each. */
export const inPages = async (
  service: Service,
  target: Target,
  token: string,
  limit: number,
  meanwhile: () => Promise<unknown>
): Promise<ReadonlyArray<EntryView>> => {
  const all: Array<EntryView> = []
  let query: string | undefined = `?limit=${limit}`
  while (query !== undefined) {
    const { entries, page }: TimelineView = await timelineOf(service, target, token, query)
    all.push(...entries)
    await meanwhile()
    query = page.nextCursor === undefined ? undefined : `?limit=${limit}&cursor=${encodeURIComponent(page.nextCursor)}`
  }
  return all
}

/** The entries that tell of no change of this kind. */
export const beside = (change: string, entries: ReadonlyArray<EntryView>): ReadonlyArray<EntryView> =>
  entries.filter(({ details }) => details["change"] !== change)

/** Waits until nothing that happened to a customer is still to be looked at. */
export const untilReviewed = (database: TestDatabase, { id }: Pick<Known, "id">): Promise<void> =>
  vi.waitFor(
    async () => {
      const due = "SELECT FROM customer_segment_reviews WHERE customer_id = $1 AND due_at <= now()"
      expect(await database.rows(due, [id])).toHaveLength(0)
    },
    { timeout: 20_000, interval: 20 }
  )

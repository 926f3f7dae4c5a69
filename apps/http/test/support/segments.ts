import { expect } from "vitest"
import type { Known } from "./customers.ts"
import type { Service } from "./service.ts"

/** A customer's segment as the API shows it, as far as the tests look into it. */
export interface SegmentView {
  readonly tier: string
  readonly segment: string
  readonly loyaltyPoints: number
  readonly metrics: { readonly totalSpent: number; readonly orderCount: number; readonly averageOrderValue: number }
  readonly overrides?: Readonly<Record<string, unknown>>
}

type Target = Pick<Known, "path">

/** The segment that somebody with this token is shown. */
export const segmentOf = async (service: Service, { path }: Target, token: string): Promise<SegmentView> => {
  const answer = await service.send("GET", `${path}/segment`, { token })
  expect(answer.status, answer.text).toBe(200)
  return (answer.body as { data: { segment: SegmentView } }).data.segment
}

/** The version that an answer's entity tag names. */
export const versionOf = ({ headers }: { readonly headers: Headers }): number =>
  Number((headers.get("etag") ?? "").replaceAll('"', ""))

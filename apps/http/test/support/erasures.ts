import { expect } from "vitest"
import type { Known } from "./customers.ts"
import type { Receipt } from "./receipts.ts"
import type { Answer } from "./requests.ts"
import type { Service } from "./service.ts"
import { staffToken } from "./tokens.ts"

/** An erasure as the API shows it. */
export interface ErasureView {
  readonly customerId: string
  readonly state: "planned" | "running" | "done" | "cancelled"
  readonly dueAt: string
  readonly requestedAt: string
  readonly requestedBy: string
  readonly reason?: string
  readonly finishedAt?: string
  readonly receipt?: Receipt
}

/** The erasure in an answer. */
export const erasureIn = ({ body, text }: Answer): ErasureView => {
  expect(body, text).toMatchObject({ success: true, data: { erasure: { state: expect.any(String) } } })
  return (body as { data: { erasure: ErasureView } }).data.erasure
}

type Target = Pick<Known, "path">

const staff = await staffToken("staff-who-erases")

/** Asks as staff for an erasure at once, or after the days of grace. */
export const requestErasure = (
  service: Service,
  { path }: Target,
  when: "now" | "planned" = "now",
  reason = "she asked for it"
): Promise<Answer> => service.send("POST", `${path}/erasure`, { token: staff, body: { when, reason } })

/** How staff sees that her erasure stands. */
export const erasureOf = async (service: Service, { path }: Target): Promise<ErasureView> =>
  erasureIn(await service.send("GET", `${path}/erasure`, { token: staff }))

/** An erasure that is done, with its receipt. */
export interface DoneErasure extends ErasureView {
  readonly finishedAt: string
  readonly receipt: Receipt
}

/** The erasure, which must be done. */
export const done = (erasure: ErasureView): DoneErasure => {
  expect(erasure).toMatchObject({ state: "done", finishedAt: expect.any(String), receipt: expect.any(Object) })
  return erasure as DoneErasure
}

/** Erases a customer at once, and must succeed. */
export const erase = async (service: Service, target: Target): Promise<DoneErasure> => {
  const answer = await requestErasure(service, target)
  expect(answer.status, answer.text).toBe(200)
  return done(erasureIn(answer))
}

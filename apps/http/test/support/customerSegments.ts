import { randomBytes } from "node:crypto"
import { expect, vi } from "vitest"
import type { CustomerView, Known } from "./customers.ts"
import type { Answer } from "./requests.ts"
import type { Service } from "./service.ts"

/** A segment as the API shows it. */
export interface CustomerSegmentView {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly kind: "rule" | "manual"
  readonly rule: unknown
  readonly ruleText: string
  readonly version: number
  readonly isActive: boolean
  readonly memberCount: number
  readonly inForce?: { readonly version: number; readonly ruleText: string }
  readonly recompute?: { readonly state: string; readonly done: number; readonly total: number }
}

/** That somebody belongs to a segment, as the API shows it. */
export interface MembershipView {
  readonly id: string
  readonly name: string
  readonly since: string
  readonly by: "rule" | "hand"
  readonly ruleVersion: number
  readonly exception?: Readonly<Record<string, unknown>>
}

/** A member of a segment, as the API shows her. */
export interface MemberView {
  readonly customer: CustomerView
  readonly since: string
  readonly by: "rule" | "hand"
}

/** How long what is done in the background is waited for. */
export const patience = { timeout: 20_000, interval: 50 }

export const segmentsPath = "/v1/customers/segments"

/** A name that no segment has. */
export const newName = (): string => `segment-${randomBytes(6).toString("hex")}`

/** The segment in an answer. */
export const segmentIn = ({ body, text }: Answer): CustomerSegmentView => {
  expect(body, text).toMatchObject({ success: true, data: { segment: { id: expect.any(String) } } })
  return (body as { data: { segment: CustomerSegmentView } }).data.segment
}

/** The segments in an answer. */
export const segmentsIn = ({ body, text }: Answer): ReadonlyArray<CustomerSegmentView> => {
  expect(body, text).toMatchObject({ success: true, data: { segments: expect.any(Array) } })
  return (body as { data: { segments: ReadonlyArray<CustomerSegmentView> } }).data.segments
}

/** The memberships in an answer. */
export const membershipsIn = ({ body, text }: Answer): ReadonlyArray<MembershipView> => {
  expect(body, text).toMatchObject({ success: true, data: { segments: expect.any(Array) } })
  return (body as { data: { segments: ReadonlyArray<MembershipView> } }).data.segments
}

/** A page of members in an answer. */
export const membersIn = ({ body, text }: Answer) => {
  expect(body, text).toMatchObject({ success: true, data: { members: expect.any(Array), page: expect.any(Object) } })
  return (body as { data: { members: ReadonlyArray<MemberView>; page: { readonly nextCursor?: string } } }).data
}

/** Staff who see to a service's segments. */
export const segmentsOf = (service: Service, token: string) => {
  const send = (method: string, place: string, body?: unknown, headers?: Readonly<Record<string, string>>) =>
    service.send(method, segmentsPath + place, { token, body, ...(headers === undefined ? {} : { headers }) })

  const read = async (reference: string) => segmentIn(await send("GET", `/${reference}`))

  const create = async (fields: Readonly<Record<string, unknown>>) => {
    const answer = await send("POST", "", { name: newName(), ...fields })
    expect(answer.status, answer.text).toBe(201)
    return segmentIn(answer)
  }

  /** The segment once memberships follow its rule and everybody was told. */
  const settled = (reference: string) =>
    vi.waitFor(async () => {
      const segment = await read(reference)
      expect(segment).not.toHaveProperty("recompute")
      expect(segment).not.toHaveProperty("inForce")
      return segment
    }, patience)

  /** Makes segments of these names and rules, and waits until all are settled. */
  const settledBy = (rules: Readonly<Record<string, unknown>>) =>
    Promise.all(
      Object.entries(rules).map(async ([name, rule]) => {
        await create({ name, rule })
        return settled(name)
      })
    )

  return {
    send,
    read,
    create,
    settled,
    settledBy,
    change: (reference: string, changes: Readonly<Record<string, unknown>>) => send("PUT", `/${reference}`, changes),
    remove: (reference: string) => send("DELETE", `/${reference}`),
    members: async (reference: string) => {
      const { members } = membersIn(await send("GET", `/${reference}/members?limit=200`))
      return members.map(({ customer }) => customer.id)
    },
    /** A word on whether somebody belongs to a segment. */
    decide: ({ path }: Pick<Known, "path">, reference: string, word: object, headers = {}) =>
      service.send("PUT", `${path}/segments/${reference}`, { token, body: word, headers })
  }
}

/** Where somebody belongs, as somebody with this token is shown. */
export const membershipsOf = async (service: Service, { path }: Pick<Known, "path">, token: string) =>
  membershipsIn(await service.send("GET", `${path}/segments`, { token }))

/** The names of the segments that somebody belongs to, beside those that the specification names. */
export const namesOf = (memberships: ReadonlyArray<MembershipView>): ReadonlyArray<string> =>
  memberships.map(({ name }) => name).filter((name) => !name.endsWith("-customers"))

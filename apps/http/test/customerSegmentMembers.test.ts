import { describe, expect, test, vi } from "vitest"
import { addAddress, createCustomer, type Known } from "./support/customers.ts"
import { membersIn, membershipsOf, namesOf, patience, segmentsOf } from "./support/customerSegments.ts"
import { openScene } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, service } = await openScene()
const [client, staff] = [await serviceToken(), await staffToken("staff-of-members")]
const segments = segmentsOf(service, staff)

const speaking = (language: string) => createCustomer(service, { preferences: { language } })
const speak = ({ path, token }: Known, language: string) =>
  service.send("PUT", path, { token, body: { preferences: { language } } })

const speakersOf = (language: string) => `speakers-of-${language}`

// One for each test, so that nobody of another test is in it.
const languages = ["eo", "ga", "gd", "mt", "lb", "fo", "is"]
await segments.settledBy({
  ...Object.fromEntries(languages.map((language) => [speakersOf(language), `preferences.language = "${language}"`])),
  "on-fiji": 'address.country = "FJ"',
  "natives-of-lb": 'segment("speakers-of-lb") and type = "individual"'
})

const namesOfHer = async (customer: Known) => namesOf(await membershipsOf(service, customer, client))

/** The changes of somebody's memberships that her events tell of. */
const toldOf = async ({ id }: Known, segment: string) =>
  (
    await database.rows(
      `SELECT envelope->'data' AS data FROM outbox_events
       WHERE customer_id = $1 AND topic = 'customers.segment.changed' ORDER BY id`,
      [id]
    )
  )
    .map(({ data }) => data as Readonly<Record<string, unknown>>)
    .filter((data) => data["segment"] === segment)

/** All members of a segment, page by page; `meanwhile` is done after each page. */
const inPages = async (name: string, limit: number, meanwhile = (): Promise<unknown> => Promise.resolve()) => {
  const found: Array<string> = []
  let query: string | undefined = `?limit=${limit}`
  while (query !== undefined) {
    const { members, page } = membersIn(await segments.send("GET", `/${name}/members${query}`))
    expect(members.length).toBeLessThanOrEqual(limit)
    found.push(...members.map(({ customer }) => customer.id))
    await meanwhile()
    query = page.nextCursor === undefined ? undefined : `?limit=${limit}&cursor=${encodeURIComponent(page.nextCursor)}`
  }
  return found
}

describe("members", () => {
  test("are shown as customers, with since when and by what", async () => {
    const jane = await speaking("eo")
    expect(await namesOfHer(jane)).toEqual([speakersOf("eo")])
    const { members, page } = membersIn(await segments.send("GET", `/${speakersOf("eo")}/members`))
    expect(page).toEqual({})
    expect(members).toEqual([{ customer: expect.any(Object), since: expect.stringMatching(/Z$/), by: "rule" }])
    expect(members[0]?.customer).toMatchObject({ id: jane.id, email: jane.email, preferences: { language: "eo" } })
  })

  test("are all there once, in the order of their ids, at every size of page", async () => {
    const people = await Promise.all(Array.from({ length: 7 }, () => speaking("ga")))
    await Promise.all(people.map(namesOfHer))
    const ids = people.map(({ id }) => id).toSorted()
    for (const limit of [1, 2, 3, 7, 200]) expect(await inPages(speakersOf("ga"), limit)).toEqual(ids)
  })

  test("have no gap and no repeat while others come and go", async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => speaking("gd")))
    await Promise.all(people.map(namesOfHer))
    const [stayers, movers] = [people.slice(0, 6).map(({ id }) => id), people.slice(6)]
    const spoken = ["en", "gd"]
    let turn = 0
    const found = await inPages(speakersOf("gd"), 2, async () => {
      const language = spoken[(turn += 1) % 2] ?? "en"
      await Promise.all(movers.map((mover) => speak(mover, language)))
      await Promise.all(movers.map(namesOfHer))
      await speaking("gd")
    })
    expect(found).toEqual([...new Set(found)].toSorted())
    expect(found).toEqual(expect.arrayContaining(stayers))
  })
})

describe("what a customer belongs to", () => {
  test("is known at once after her own change, and again after the next", async () => {
    const name = speakersOf("mt")
    const jane = await speaking("en")
    expect(await namesOfHer(jane)).toEqual([])
    for (const language of ["mt", "en", "mt", "en"]) {
      await speak(jane, language)
      expect(await namesOfHer(jane)).toEqual(language === "mt" ? [name] : [])
    }
    expect(await toldOf(jane, name)).toMatchObject(
      ["member", "none", "member", "none"].map((to) => ({ change: "membership", to, ruleVersion: 1 }))
    )
    const [joined] = await toldOf(jane, name)
    expect(joined?.["reason"]).toContain("preferences.language")
  })

  test("follows her addresses", async () => {
    const jane = await createCustomer(service)
    const address = await addAddress(service, jane, { country: "FJ", city: "Suva" })
    expect(await namesOfHer(jane)).toEqual(["on-fiji"])
    await service.send("DELETE", `${jane.path}/addresses/${address.id}`, { token: jane.token })
    expect(await namesOfHer(jane)).toEqual([])
  })

  test("goes by membership of other segments too", async () => {
    const jane = await speaking("lb")
    expect(await namesOfHer(jane)).toEqual(["natives-of-lb", speakersOf("lb")])
    await speak(jane, "en")
    expect(await namesOfHer(jane)).toEqual([])
  })

  test("is nothing once her account is closed", async () => {
    const name = speakersOf("fo")
    const jane = await speaking("fo")
    expect(await namesOfHer(jane)).toEqual([name])
    await service.send("DELETE", jane.path, { token: jane.token })
    expect(await membershipsOf(service, jane, staff)).toEqual([])
    expect(await segments.members(name)).toEqual([])
  })

  test("is shown without anybody asking, too", async () => {
    const name = speakersOf("is")
    const jane = await speaking("is")
    await vi.waitFor(async () => expect(await segments.members(name)).toEqual([jane.id]), patience)
    await vi.waitFor(async () => expect((await segments.read(name)).memberCount).toBe(1), patience)
  })
})

import { describe, expect, test } from "vitest"
import { createCustomer, customersIn, type CustomerView, type Known } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Answer } from "./support/requests.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, service } = await openScene()
const token = await staffToken()

const list = (query: string, as = token): Promise<Answer> =>
  service.send("GET", `/v1/customers?${query}`, { token: as })

const idsIn = (answer: Answer): ReadonlyArray<string> => customersIn(answer).map(({ id }) => id)

const nextOf = (answer: Answer): string | undefined =>
  (answer.body as { data: { page: { nextCursor?: string } } }).data.page.nextCursor

/** All pages from the first to the last. */
const pages = async (query: string): Promise<ReadonlyArray<ReadonlyArray<CustomerView>>> => {
  const found: Array<ReadonlyArray<CustomerView>> = []
  let cursor: string | undefined = ""
  while (cursor !== undefined) {
    const answer: Answer = await list(`${query}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`)
    found.push(customersIn(answer))
    cursor = nextOf(answer)
  }
  return found
}

const people: Array<Known> = []
for (const [firstName, lastName] of [
  ["Zoë", "Miller"],
  ["Zachary", "O'Neil"],
  ["ZORA", "Smith_100%"],
  ["Anna", "zabel"],
  ["Bob", "Miller"]
]) {
  people.push(await createCustomer(service, { profile: { firstName, lastName } }))
}
const [zoe, zachary, zora, anna, bob] = people.map(({ id }) => id)
const newestFirst = people.map(({ id }) => id).toReversed()

describe("pages", () => {
  test("show everybody newest first, without gap or repeat, at every size", async () => {
    for (const limit of [1, 2, 3, 5, 200]) {
      const found = await pages(`limit=${limit}`)
      expect(found.flat().map(({ id }) => id)).toEqual(newestFirst)
      expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true)
    }
  })

  test("do not shift under customers who come meanwhile, nor repeat those made in the same millisecond", async () => {
    await database.rows("UPDATE customers SET created_at = '2024-01-01T00:00:00Z' WHERE id = ANY($1)", [
      [zoe, zachary, zora]
    ])
    const first = await list("limit=2&createdBefore=2025-01-01T00:00:00Z")
    const rest = await list(`limit=2&createdBefore=2025-01-01T00:00:00Z&cursor=${nextOf(first)}`)
    expect([...idsIn(first), ...idsIn(rest)].toSorted()).toEqual([zoe, zachary, zora].toSorted())
    expect(nextOf(rest)).toBeUndefined()
    const top = await list("limit=1")
    const newcomer = await createCustomer(service)
    expect(idsIn(await list(`limit=1&cursor=${nextOf(top)}`))).not.toContain(newcomer.id)
    await service.send("DELETE", newcomer.path, { token })
  })

  test("keep to the filters they began with", async () => {
    const found = await pages("limit=1&q=miller")
    expect(
      found
        .flat()
        .map(({ id }) => id)
        .toSorted()
    ).toEqual([zoe, bob].toSorted())
  })

  test.for(["0", "-1", "201", "1.5", "abc", "", "1e999", "NaN", "٣"])("limit=%s is refused", async (limit) => {
    expect(refusalIn(await list(`limit=${limit}`))).toEqual(refusal(400, "VALIDATION_FAILED", "limit"))
  })

  test.for(["x", "W10", "bm90IGpzb24", "WzEsMl0", "e30", "WzE3MDQwNjcyMDAwMDAsIngiXQ", "%00", "..%2F", "WzFlOTksIiJd"])(
    "cursor=%s is refused",
    async (cursor) => {
      expect(refusalIn(await list(`cursor=${cursor}`))).toEqual(refusal(400, "VALIDATION_FAILED", "cursor"))
    }
  )
})

describe("filters", () => {
  test("email finds one in whatever capitals, and no pattern", async () => {
    const email = people[0]?.email ?? ""
    expect(idsIn(await list(`email=${encodeURIComponent(email)}`))).toEqual([zoe])
    expect(idsIn(await list(`email=${encodeURIComponent(email.toUpperCase())}`))).toEqual([zoe])
    for (const pattern of ["%25", "someone%25", "_omeone", email.slice(0, 10)]) {
      expect(idsIn(await list(`email=${pattern}`))).toEqual([])
    }
  })

  test("q finds beginnings of first name, last name and email, in whatever capitals", async () => {
    expect(new Set(idsIn(await list("q=Z")))).toEqual(new Set([zoe, zachary, zora, anna]))
    expect(idsIn(await list("q=zo%C3%AB"))).toEqual([zoe])
    expect(idsIn(await list("q=o%27neil"))).toEqual([zachary])
    expect(idsIn(await list("q=smith_100%25"))).toEqual([zora])
    expect(idsIn(await list("q=%25"))).toEqual([])
    expect(idsIn(await list("q=_"))).toEqual([])
    expect(idsIn(await list("q=ller"))).toEqual([])
    expect(idsIn(await list(`q=${people[4]?.email}`))).toEqual([bob])
  })

  test("status, type, segment and tier", async () => {
    const business = await createCustomer(service, { customerType: "business" })
    expect(idsIn(await list("type=business"))).toEqual([business.id])
    await service.send("DELETE", business.path, { token })
    expect(idsIn(await list("type=business&status=inactive"))).toEqual([business.id])
    expect(idsIn(await list("type=business&status=pending"))).toEqual([])
    expect(idsIn(await list("tier=vip"))).toEqual([])
    expect(new Set(idsIn(await list("tier=regular&segment=new_customer&status=pending")))).toEqual(new Set(newestFirst))
  })

  test("createdAfter, createdBefore and updatedAfter leave their own moment out", async () => {
    const [{ createdAt, id, updatedAt } = { createdAt: "", id: "", updatedAt: "" }] = customersIn(
      await list(`ids=${bob}`)
    )
    expect(idsIn(await list(`createdAfter=${createdAt}`))).not.toContain(id)
    expect(idsIn(await list(`createdBefore=${createdAt}`))).not.toContain(id)
    expect(idsIn(await list(`updatedAfter=${updatedAt}`))).not.toContain(id)
    const [before, after] = [-1, 1].map((shift) => new Date(Date.parse(createdAt) + shift).toISOString())
    expect(idsIn(await list(`createdAfter=${before}&createdBefore=${after}`))).toContain(id)
    expect(idsIn(await list(`updatedAfter=${before}`))).toContain(id)
    expect(idsIn(await list("createdAfter=2024-06-01T00:00:00%2B02:00&createdBefore=2999-12-31"))).toContain(id)
  })

  const times = [
    "yesterday",
    "1",
    "2024-13-01T00:00:00Z",
    "2024-02-30",
    "2023-02-29T10:00:00Z",
    "0000-01-01T00:00:00Z",
    "-200000-01-01T00:00:00Z",
    "infinity",
    "$1"
  ]

  test.for(times)("a time cannot be %s", async (time) => {
    for (const parameter of ["createdAfter", "createdBefore", "updatedAfter"]) {
      const answer = await list(`${parameter}=${encodeURIComponent(time)}`)
      expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", parameter))
    }
  })

  test.for(["status=gone", "type=robot", "segment=x", "tier=gold", "q=", "q=%00", `q=${"x".repeat(101)}`])(
    "%s is refused",
    async (query) => {
      const [parameter = ""] = query.split("=")
      expect(refusalIn(await list(query))).toEqual(refusal(400, "VALIDATION_FAILED", parameter))
    }
  )

  test("one that does not exist is refused, lest everybody be listed", async () => {
    expect(refusalIn(await list("emial=a@example.com&Status=active"))).toEqual(
      refusal(400, "VALIDATION_FAILED", "emial", "Status")
    )
  })

  test("one that is given twice is refused", async () => {
    expect(refusalIn(await list("status=active&status=pending"))).toEqual(refusal(400, "VALIDATION_FAILED", "status"))
  })
})

describe("ids", () => {
  test("gives those that exist in the order asked for, for services too", async () => {
    const nobody = "01a20df1-0000-7000-8000-000000000000"
    for (const asker of [token, await serviceToken("customers:read")]) {
      expect(idsIn(await list(`ids=${bob},${zoe},${nobody},${anna}`, asker))).toEqual([bob, zoe, anna])
      expect(idsIn(await list(`ids=${zora?.toUpperCase()}`, asker))).toEqual([zora])
      expect(idsIn(await list(`ids=${nobody}`, asker))).toEqual([])
    }
    expect(nextOf(await list(`ids=${bob}`))).toBeUndefined()
  })

  test("takes a hundred and no more", async () => {
    const many = (count: number) => Array.from({ length: count }, () => bob).join(",")
    expect((await list(`ids=${many(100)}`)).status).toBe(200)
    expect(refusalIn(await list(`ids=${many(101)}`))).toEqual(refusal(400, "VALIDATION_FAILED", "ids"))
  })

  test.for(["", ",", "1", "x", `${"01a20df1-0000-7000-8000-000000000000"},`])("cannot be %j", async (ids) => {
    expect(refusalIn(await list(`ids=${ids}`))).toEqual(refusal(400, "VALIDATION_FAILED", "ids"))
  })

  test("stands alone: a filter beside it is refused", async () => {
    for (const [name, value] of [
      ["status", "active"],
      ["limit", "5"],
      ["q", "z"]
    ]) {
      expect(refusalIn(await list(`ids=${bob}&${name}=${value}`))).toEqual(refusal(400, "VALIDATION_FAILED", "ids"))
    }
  })
})

test("an email that was written in capitals is shown so and found in any", async () => {
  const email = newEmail().replace("someone", "SomeOne")
  const { id } = await createCustomer(service, { email: email.replace("example.com", "Example.COM") })
  expect(
    customersIn(await list(`email=${email.toLowerCase()}`)).map((customer) => [customer.id, customer.email])
  ).toEqual([[id, email]])
})

import { describe, expect, test } from "vitest"
import { addAddress, createCustomer, customerIn, someAddress } from "./support/customers.ts"
import { refusal, type Refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken } from "./support/tokens.ts"

const { database, service } = await openScene()
const token = await serviceToken()
const jane = await createCustomer(service, { profile: { firstName: "Jane" } })
const home = await addAddress(service, jane)

const invalid = (...paths: ReadonlyArray<string>) => refusal(400, "VALIDATION_FAILED", ...paths)

const refused = async (method: string, path: string, body: unknown): Promise<Refusal> => {
  const before = await database.contents()
  const answer = await service.send(method, path, { token, body })
  expect(await database.contents()).toEqual(before)
  return refusalIn(answer)
}

/** Puts a value at a dotted path. */
const at = (path: string, value: unknown): unknown =>
  path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)

const tomorrow = new Date(Date.now() + 36 * 3_600_000).toISOString().slice(0, 10)

const badTexts = ["a\u0000b", "line\nbreak", "\u001b[31m", "\u0085"]

const badFields: ReadonlyArray<readonly [path: string, values: ReadonlyArray<unknown>]> = [
  ["profile.firstName", ["x".repeat(101), 7, ["Jane"], {}, ...badTexts]],
  ["profile.lastName", ["x".repeat(101), true, ...badTexts]],
  [
    "profile.dateOfBirth",
    [tomorrow, "1899-12-31", "2023-02-29", "1985-6-15", "15.06.1985", "1985-06-15T00:00:00Z", ""]
  ],
  ["profile.gender", ["m", "", 1]],
  ["profile.phone", ["123456", "1234567890123456", "555-CALL-NOW", "+1 555 0123 ext 4", "++15550123", "5550123;x", ""]],
  ["profile.avatar", ["javascript:alert(1)", "data:text/html,x", "//cdn.example.com/a.jpg", "cdn", ""]],
  ["preferences.language", ["e", "english please", "en_US", "", "x".repeat(36)]],
  ["preferences.currency", ["usd", "US", "EURO", "QQQ", ""]],
  ["preferences.timezone", ["Mars/Phobos", "Berlin", "+25:00", ""]],
  ["preferences.marketing.emailOptIn", ["true", 1, null]],
  ["preferences.marketing", [null, [], "all"]]
]

describe("a field of a customer", () => {
  test.for(badFields.flatMap(([path, values]) => values.map((value) => [path, value] as const)))(
    "%s cannot be %j",
    async ([path, value]) => {
      expect(await refused("PUT", jane.path, at(path, value))).toEqual(invalid(path))
      const body = { email: newEmail(), ...(at(path, value) as object) }
      expect(await refused("POST", "/v1/customers", body)).toEqual(invalid(path))
    }
  )

  test.for([
    ["customerType", "robot"],
    ["registrationSource", ""],
    ["registrationSource", "x".repeat(51)]
  ])("%s cannot be %j", async ([path = "", value]) => {
    expect(await refused("POST", "/v1/customers", { email: newEmail(), [path]: value })).toEqual(invalid(path))
  })

  test("an attribute has a name and a value that can be kept", async () => {
    const long = `a${"b".repeat(64)}`
    const data = {
      "1st": 1,
      "with space": 2,
      [long]: 3,
      nested: { a: 1 },
      list: [1],
      big: "x".repeat(2001),
      nul: "\u0001"
    }
    const answer = await refused("PUT", jane.path, { profile: { data }, preferences: { custom: data } })
    const places = Object.keys(data).flatMap((key) => [`profile.data.${key}`, `preferences.custom.${key}`])
    expect(answer.code).toBe("VALIDATION_FAILED")
    expect([...new Set(answer.paths)].toSorted()).toEqual(places.toSorted())
  })

  test("more than 50 attributes are too many", async () => {
    const data = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`attribute${index}`, index]))
    expect(await refused("PUT", jane.path, { profile: { data } })).toEqual(invalid("profile.data"))
  })
})

describe("an email", () => {
  const cyrillic = "jane@ex\u0430mple.com"
  const local = "x".repeat(65)
  const long = `${"x".repeat(60)}@${Array.from({ length: 4 }, () => "y".repeat(50)).join(".")}.com`
  const one = ["jane", "jane@", "@example.com", "jane@example", "jane doe@example.com", "jane@exa mple.com"]
  const several = [
    "a@b.com,c@d.com",
    "a@b.com;c@d.com",
    "a@b@example.com",
    "<jane@example.com>",
    "Jane <j@example.com>"
  ]
  const hidden = [
    "jane@example.com\r\nBcc: x@y.com",
    "jane\u0001@example.com",
    "ja\nne@example.com",
    '"jane doe"@example.com'
  ]
  const other = [
    cyrillic,
    "j\u0430ne@example.com",
    `${local}@example.com`,
    `${long}${"z".repeat(60)}`,
    "jane@127.0.0.1"
  ]

  test.for([...one, ...several, ...hidden, ...other, "", 7, null, {}])("cannot be %j", async (email) => {
    expect(await refused("POST", "/v1/customers", { email })).toEqual(refusal(400, "INVALID_EMAIL_FORMAT", "email"))
  })
})

describe("a password", () => {
  test.for(["", "short", "1234567", "x".repeat(257), "x".repeat(1025), 12_345_678, null])(
    "cannot be %j",
    async (password) => {
      const body = { email: newEmail(), password }
      expect(await refused("POST", "/v1/customers", body)).toEqual(refusal(400, "WEAK_PASSWORD", "password"))
    }
  )
})

const badAddressFields: ReadonlyArray<readonly [path: string, values: ReadonlyArray<unknown>]> = [
  ["type", ["home", "", null]],
  ["isDefault", ["yes", 1, null]],
  ["street", ["", "   ", null, "x".repeat(256), ...badTexts]],
  ["city", ["", null, "x".repeat(101)]],
  ["country", ["XX", "us", "USA", "United States", "", null]],
  ["zipCode", ["ABCDE", "123", "x".repeat(21)]],
  ["phone", ["call me", "12", ""]],
  ["company", ["x".repeat(256), 5]]
]

describe("a field of an address", () => {
  test.for(badAddressFields.flatMap(([path, values]) => values.map((value) => [path, value] as const)))(
    "%s cannot be %j",
    async ([path, value]) => {
      const addresses = `${jane.path}/addresses`
      expect(await refused("POST", addresses, { ...someAddress, [path]: value })).toEqual(invalid(path))
      expect(await refused("PUT", `${addresses}/${home.id}`, { [path]: value })).toEqual(invalid(path))
    }
  )
})

describe("text that JSON can write and nobody can keep", () => {
  test.for(['"\\u0000"', '"\\ud800"', '"x\\udc00y"'])("%s is refused wherever it stands", async (text) => {
    const create = `{"email":"${newEmail()}","profile":{"firstName":${text}}}`
    expect(await refused("POST", "/v1/customers", create)).toEqual(invalid("profile.firstName"))
    const key = await refused("PUT", jane.path, `{"profile":{"data":{${text}:1}}}`)
    expect(key.code).toBe("VALIDATION_FAILED")
    const value = await refused("PUT", jane.path, `{"preferences":{"custom":{"note":${text}}}}`)
    expect(value).toEqual(invalid("preferences.custom.note"))
  })

  test("everything else comes back as it went in", async () => {
    const firstName = "Zoë 👩‍👩‍👧 \u{1F600} O'Brien \\ \" <b>; DROP TABLE customers--"
    const sent = { profile: { firstName, data: { note: "two\nlines\tand a tab" } } }
    const answer = await service.send("PUT", jane.path, { token, body: sent })
    expect(customerIn(answer)).toMatchObject(sent)
    expect(customerIn(await service.send("GET", jane.path, { token }))).toMatchObject(sent)
  })
})

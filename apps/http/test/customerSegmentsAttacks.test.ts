import { describe, expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { newName, segmentIn, segmentsOf } from "./support/customerSegments.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { staffToken } from "./support/tokens.ts"

const { service } = await openScene()
const staff = await staffToken()
const segments = segmentsOf(service, staff)
const jane = await createCustomer(service)

const preview = (rule: unknown) => segments.send("POST", "/preview", { rule })
const countOf = async (rule: unknown): Promise<number> => {
  const answer = await preview(rule)
  expect(answer.status, answer.text).toBe(200)
  return (answer.body as { data: { count: number } }).data.count
}

/** No answer may take as long as what was meant to be slipped in would. */
const soon = async <A>(work: () => Promise<A>): Promise<A> => {
  const started = performance.now()
  const done = await work()
  expect(performance.now() - started).toBeLessThan(2000)
  return done
}

const injections = [
  "'",
  "' OR '1'='1",
  "'; DROP TABLE customers; --",
  '"; SELECT pg_sleep(5); --',
  "\\",
  "\\'; --",
  "$1",
  "$$",
  ":name",
  "%",
  "_",
  "(SELECT pg_sleep(5))",
  "/* */",
  "{{constructor}}",
  "__proto__",
  "a\u2019b\u202e"
]

describe("SQL in a rule", () => {
  const clauses = [
    ["profile.firstName", "eq"],
    ["profile.firstName", "contains"],
    ["profile.lastName", "startsWith"],
    ["email", "eq"],
    ["address.city", "startsWith"],
    ["profile.data.colour", "eq"],
    ["profile.data.colour", "contains"],
    ["preferences.custom.colour", "startsWith"]
  ] as const

  test.for(injections)("is text like any other: %s", async (text) => {
    for (const [field, op] of clauses) expect(await soon(() => countOf({ field, op, value: text }))).toBe(0)
    expect(await soon(() => countOf({ field: "tier", op: "in", value: [text, text] }))).toBe(0)
    expect(await soon(() => countOf(`profile.firstName = ${JSON.stringify(text)}`))).toBe(0)
    const her = await createCustomer(service, { profile: { firstName: `x${text}y`, data: { colour: text } } })
    for (const rule of [
      { field: "profile.firstName", op: "contains", value: text },
      { field: "profile.firstName", op: "startsWith", value: `x${text}` },
      { field: "profile.data.colour", op: "eq", value: text }
    ]) {
      expect(await countOf(rule)).toBe(1)
    }
    await service.send("DELETE", her.path, { token: staff })
  })

  test.for([
    "profile.data.x'",
    'profile.data.x"',
    "profile.data.x')) --",
    "profile.data.x' OR '1'='1",
    "profile.data.",
    "preferences.custom.a b",
    'segment("x\'")',
    'segment("")',
    "customers.email",
    "password_hash",
    "constructor",
    "__proto__",
    "toString",
    "address.constructor",
    "'; DROP TABLE customers; --"
  ])("is no name of a field: %s", async (field) => {
    const asObject = await soon(() => preview({ field, op: "eq", value: "x" }))
    expect(refusalIn(asObject)).toEqual(refusal(400, "VALIDATION_FAILED", "rule.field"))
    const asText = await soon(() => preview(`${field} = "x"`))
    expect(refusalIn(asText)).toEqual(refusal(400, "VALIDATION_FAILED", "rule"))
  })

  test("changes nothing in a segment that is made of it", async () => {
    const value = "'); DELETE FROM customers; --"
    const made = await segments.create({ rule: { field: "profile.firstName", op: "eq", value }, description: value })
    expect(await segments.settled(made.name)).toMatchObject({ memberCount: 0, rule: { value } })
    const again = await segments.create({ rule: made.ruleText })
    expect(again.rule).toEqual(made.rule)
    expect((await service.send("GET", jane.path, { token: staff })).status).toBe(200)
  })
})

describe("typed objects in a rule", () => {
  const nested = (depth: number, open: string, close: string) =>
    `${open.repeat(depth)}{"field":"tier","op":"eq","value":"vip"}${close.repeat(depth)}`
  const rules = [
    '{"__proto__":{"field":"tier","op":"eq","value":"vip"}}',
    '{"field":"tier","op":"eq","value":"vip","__proto__":{"isAdmin":true}}',
    '{"all":[{"field":"tier","op":"eq","value":{"__proto__":{"isAdmin":true}}}]}',
    '{"constructor":{"prototype":{"isAdmin":true}}}',
    '{"@type":"com.example.Exploit"}',
    '{"all":{"length":1,"0":{"field":"tier","op":"eq","value":"vip"}}}',
    '{"all":{"toString":1}}',
    '{"field":"tier","op":"toString","value":"vip"}',
    '{"field":"tier","op":"eq","value":{"toString":"vip"}}',
    '{"field":"tier","op":"eq","value":[["vip"]]}',
    '{"field":["tier"],"op":["eq"],"value":"vip"}',
    '{"field":"orders.count","op":"gte","value":1e999}',
    nested(12, '{"not":', "}"),
    nested(5000, '{"not":', "}"),
    nested(3000, '{"all":[', "]}")
  ]

  test.for(rules)("are refused and poison nothing: %s", async (rule) => {
    const bodies = [`{"name":"${newName()}","rule":${rule}}`, `{"rule":${rule}}`]
    const answers = await soon(() =>
      Promise.all([
        segments.send("POST", "", bodies[0]),
        segments.send("POST", "/preview", bodies[1]),
        segments.send("PUT", "/vip-customers", bodies[1])
      ])
    )
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect({}).not.toHaveProperty("isAdmin")
    expect(await segments.read("vip-customers")).toMatchObject({ version: 1, ruleText: 'tier = "vip"' })
  })

  test("are taken as deep as rules may be", async () => {
    const rule = JSON.parse(nested(9, '{"all":[', "]}"))
    expect(await countOf(rule)).toBe(0)
  })
})

describe("text without end", () => {
  const long = 60_000
  const texts: ReadonlyArray<readonly [what: string, text: string]> = [
    ["a word", "x".repeat(long)],
    ["parentheses", "(".repeat(long)],
    ["parentheses that close", `${"(".repeat(long / 2)}${")".repeat(long / 2)}`],
    ["negations", "not ".repeat(long / 4)],
    ["a value", `tier = "${"x".repeat(long)}"`],
    ["a value that does not end", `tier = "${'\\"'.repeat(long / 5)}`],
    ["conditions", Array.from({ length: long / 20 }, () => 'tier = "vip"').join(" and ")],
    ["a list", `tier in (${Array.from({ length: long / 10 }, () => '"vip"').join(", ")})`],
    ["blanks", `${" ".repeat(long)}x`],
    ["digits", `orders.count >= ${"9".repeat(long)}`],
    ["brackets of a field", `${"segment(".repeat(long / 8)}`]
  ]

  test.for(texts)("is refused at once: %s", async ([, text]) => {
    const started = performance.now()
    const answer = await preview(text)
    expect(performance.now() - started).toBeLessThan(500)
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "rule"))
    expect(answer.text.length).toBeLessThan(1000)
  })

  test("beyond 64 KiB is not read", async () => {
    expect(refusalIn(await preview("x".repeat(70_000)))).toEqual(refusal(413, "PAYLOAD_TOO_LARGE"))
  })

  test.for(["\u0000", 'tier = "\u0000"', 'tier = "\ud800"'])("that cannot be stored is refused: %j", async (rule) => {
    expect((await preview(rule)).status).toBe(400)
  })
})

describe("a segment's name in a path", () => {
  test.for([
    ...injections,
    "../vip-customers",
    "vip-customers/../all-customers",
    "VIP-customers",
    "vip-customers ",
    "%00",
    "\u0000",
    "x".repeat(90)
  ])("that is none is not found, and no slower for it: %j", async (name) => {
    const place = `/${encodeURIComponent(name)}`
    for (const [method, path, body] of [
      ["GET", place],
      ["PUT", place, { description: "mine" }],
      ["DELETE", place],
      ["GET", `${place}/members`]
    ] as const) {
      const answer = await soon(() => segments.send(method, path, body))
      expect([method, refusalIn(answer).status, answer.text.includes("SEGMENT_NOT_FOUND")]).toEqual([method, 404, true])
    }
    const decided = await soon(() => segments.decide(jane, encodeURIComponent(name), { member: true, reason: "x" }))
    expect(refusalIn(decided)).toEqual(refusal(404, "SEGMENT_NOT_FOUND"))
  })

  test.for(["%", "%E0%A4%A", "x".repeat(500)])("that is not readable is refused: %s", async (name) => {
    const answer = await segments.send("GET", `/${name}`)
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "segmentId"))
  })
})

test.for([
  "",
  "x",
  "%00",
  "W10",
  "..%2F",
  "bm90IGFuIGlk",
  "%27%20OR%201%3D1",
  Buffer.from("4711").toString("base64url")
])("a page of members cannot begin behind %s", async (cursor) => {
  const answer = await segments.send("GET", `/vip-customers/members?cursor=${cursor}`)
  expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "cursor"))
})

test.for(["0", "201", "-1", "1;", "%27", "1e2"])("a page of members cannot hold %s", async (limit) => {
  const answer = await segments.send("GET", `/vip-customers/members?limit=${limit}`)
  expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "limit"))
})

test("a body says nothing of whose it is", async () => {
  for (const field of ["id", "customerId", "version", "memberCount", "inForce"]) {
    const created = await segments.send("POST", "", { name: newName(), rule: 'tier = "vip"', [field]: jane.id })
    expect(refusalIn(created)).toEqual(refusal(400, "VALIDATION_FAILED", field))
    const decided = await segments.decide(jane, "vip-customers", { member: true, reason: "x", [field]: jane.id })
    expect(refusalIn(decided)).toEqual(refusal(400, "VALIDATION_FAILED", field))
  }
  expect(segmentIn(await segments.send("GET", "/vip-customers")).version).toBe(1)
})

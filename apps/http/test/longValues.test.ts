import { expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import type { Answer, RequestParts } from "./support/requests.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken, sign, staffToken } from "./support/tokens.ts"

const { service } = await openScene()
const staff = await staffToken()
const token = await serviceToken()
const jane = await createCustomer(service)

const long = "x".repeat(60 * 1024)
const claims = { sub: jane.id, scope: "customers:read" }
const bearer = (value: string): RequestParts => ({ headers: { authorization: `Bearer ${value}` } })
const create = (fields: object): readonly ["POST", string, RequestParts] => [
  "POST",
  "/v1/customers",
  { token, body: { email: newEmail(), ...fields } }
]
const cases: ReadonlyArray<readonly [string, readonly [string, string, RequestParts]]> = [
  ["scope", ["GET", jane.path, { token: await sign({ ...claims, scope: `customers:read ${"a ".repeat(30_000)}` }) }]],
  [
    "scope list",
    [
      "GET",
      jane.path,
      { token: await sign({ ...claims, scopes: Array.from({ length: 3000 }, (_, index) => `x${index}`) }) }
    ]
  ],
  ["token", ["GET", jane.path, bearer(long)]],
  ["token of dots", ["GET", jane.path, bearer(".".repeat(60 * 1024))]],
  ["header", ["GET", jane.path, { token, headers: { "if-none-match": long } }]],
  ["If-Match of spaces", ["PUT", jane.path, { token, body: {}, headers: { "if-match": `x${" ,".repeat(5000)}"` } }]],
  [
    "idempotency key",
    ["POST", "/v1/customers", { token, body: { email: newEmail() }, headers: { "idempotency-key": "k".repeat(9000) } }]
  ],
  ["query", ["GET", `/v1/customers?q=${"q".repeat(9000)}`, { token: staff }]],
  ["cursor", ["GET", `/v1/customers?cursor=${"c".repeat(9000)}`, { token: staff }]],
  ["ids", ["GET", `/v1/customers?ids=${"1,".repeat(4000)}`, { token: staff }]],
  ["path", ["GET", `/v1/customers/${"9".repeat(9000)}`, { token }]],
  ["password", create({ password: long })],
  ["email", create({ email: `${"a.".repeat(30_000)}@example.com` })],
  ["email of labels", create({ email: `a@${"a-".repeat(30_000)}com` })],
  ["phone", create({ profile: { phone: "+".padEnd(60_000, "1 ") } })],
  ["name", create({ profile: { firstName: long } })],
  ["time zone", create({ preferences: { timezone: long } })],
  ["language", create({ preferences: { language: `en-${"x-".repeat(30_000)}` } })],
  ["unknown fields", create(Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`f${index}`, 1])))]
]

test.for(cases)(
  "60 KiB, or what a header holds, of %s is refused within 50 ms, in few words",
  async ([, [method, path, parts]]) => {
    const answers: Array<Answer> = []
    const times: Array<number> = []
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const started = performance.now()
      answers.push(await service.send(method, path, parts))
      times.push(performance.now() - started)
    }
    for (const { status } of answers) expect([400, 401, 403, 412, 413, 414, 431]).toContain(status)
    for (const { text } of answers) expect(text.length).toBeLessThan(20_000)
    expect(Math.min(...times)).toBeLessThan(50)
  }
)

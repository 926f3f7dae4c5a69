import { describe, expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { exchange, hangUp } from "./support/rawExchange.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken } from "./support/tokens.ts"

const { database, service } = await openScene({ MAX_CONCURRENT_REQUESTS: "3" })
const token = await serviceToken()
const [jane, mary] = [await createCustomer(service), await createCustomer(service)]

const lines = (...parts: ReadonlyArray<string>): string => `${parts.join("\r\n")}\r\n\r\n`

const get = (path: string, ...more: ReadonlyArray<string>): string =>
  lines(`GET ${path} HTTP/1.1`, "Host: localhost", `Authorization: Bearer ${token}`, ...more)

const statuses = (answer: string): ReadonlyArray<string> =>
  [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = ""]) => status)

describe("a request that two readers could read in two ways", () => {
  const smuggled = get(mary.path)
  const post = (...headers: ReadonlyArray<string>) =>
    lines("POST /v1/customers HTTP/1.1", "Host: localhost", ...headers)
  const cases: ReadonlyArray<readonly [string, string]> = [
    ["a length and chunks", `${post("Content-Length: 4", "Transfer-Encoding: chunked")}0\r\n\r\n${smuggled}`],
    ["two lengths", `${post("Content-Length: 4", "Content-Length: 40")}{}  ${smuggled}`],
    ["a length that is no number", `${post("Content-Length: +4")}{}  ${smuggled}`],
    ["chunks of another name", `${post("Transfer-Encoding: xchunked")}0\r\n\r\n${smuggled}`],
    ["a space before the colon", lines("GET /health/live HTTP/1.1", "Host : localhost")],
    ["no host", lines("GET /health/live HTTP/1.1")],
    ["no HTTP", "hello\r\n\r\n"],
    [
      "a line break in a header",
      lines("GET /health/live HTTP/1.1", "Host: localhost", "X-Correlation-Id: a\r\n\tb: c\u0000")
    ]
  ]

  test.for(cases)("by %s is refused, and nothing behind it is read", async ([, text]) => {
    const answer = await exchange(service.url, text)
    expect(statuses(answer).slice(0, 1)).toEqual([expect.stringMatching(/^4/)])
    expect(statuses(answer).filter((status) => !status.startsWith("4"))).toEqual([])
    expect(answer).not.toContain(mary.email)
  })
})

test("a body is not waited for where nobody may send it", async () => {
  const announced = (path: string, authorization: string) =>
    lines(
      `POST ${path} HTTP/1.1`,
      "Host: localhost",
      `Authorization: ${authorization}`,
      "Content-Type: application/json",
      "Content-Length: 5000",
      "Connection: close"
    )
  expect(statuses(await exchange(service.url, announced("/v1/customers", "")))).toEqual(["401"])
  expect(statuses(await exchange(service.url, announced("/v1/customers", "Bearer a.b.c")))).toEqual(["401"])
  expect(statuses(await exchange(service.url, announced("/v1/nowhere", `Bearer ${token}`)))).toEqual(["404"])
  expect(statuses(await exchange(service.url, announced(jane.path, `Bearer ${token}`)))).toEqual(["405"])
})

test("requests sent in one go are answered in their order, each with its own", async () => {
  const last = get("/health/live", "Connection: close")
  const answer = await exchange(service.url, get(jane.path) + get("/nowhere") + get(mary.path) + get(jane.path) + last)
  expect(statuses(answer)).toEqual(["200", "404", "200", "200", "200"])
  const found = answer.match(/someone\.[0-9a-f]+@example\.com|NOT_FOUND|"up"/g)
  expect(found).toEqual([jane.email, "NOT_FOUND", mary.email, jane.email, '"up"'])
})

test("the host that a request names is not repeated, and an absolute address is read as its path", async () => {
  const body = JSON.stringify({ email: newEmail() })
  const posted = await exchange(
    service.url,
    lines(
      "POST /v1/customers HTTP/1.1",
      "Host: evil.example",
      "X-Forwarded-Host: evil.example",
      "Forwarded: host=evil.example",
      `Authorization: Bearer ${token}`,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      "Connection: close"
    ) + body
  )
  expect(posted).toMatch(/^HTTP\/1\.1 201 [\s\S]*\r\nlocation: \/v1\/customers\/[0-9a-f-]{36}\r\n/i)
  expect(posted).not.toContain("evil.example")
  const absolute = await exchange(service.url, get(`http://evil.example${jane.path}`, "Connection: close"))
  expect(statuses(absolute)).toEqual(["200"])
  expect(absolute).toContain(jane.email)
})

test("callers who hang up leave no trace: others are answered as before", async () => {
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 3 }, () => hangUp(service.url, get(jane.path))))
  }
  const threeAtOnce = async () => {
    const answers = await Promise.all([jane, mary, jane].map(({ path }) => service.send("GET", path, { token })))
    return answers.map(({ status }) => status)
  }
  await expect.poll(threeAtOnce).toEqual([200, 200, 200])
})

test("a write whose caller hung up has happened wholly or not at all, and is seen so", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`)
  for (const firstName of names) {
    const body = JSON.stringify({ profile: { firstName } })
    const head = lines(
      `PUT ${mary.path} HTTP/1.1`,
      "Host: localhost",
      `Authorization: Bearer ${token}`,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`
    )
    await hangUp(service.url, head + body)
  }
  const seen = async () => (await service.send("GET", mary.path, { token })).text
  await expect
    .poll(async () => {
      const [row] = await database.rows("SELECT version, first_name FROM customers WHERE id = $1", [mary.id])
      return (await seen()).includes(`"version":${row?.["version"]}`)
    })
    .toBe(true)
})

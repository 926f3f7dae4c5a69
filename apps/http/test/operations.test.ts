import { createHash, randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { openScene } from "./support/scene.ts"
import { serviceToken } from "./support/tokens.ts"

const { service } = await openScene()
const token = await serviceToken()

interface Operation {
  readonly security: ReadonlyArray<object>
}

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

test.for(["/verify-email", "/reset-password"])(
  "the page %s does nothing by itself and runs only its own script",
  async (path) => {
    const page = await service.send("GET", path)
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
    const script = /<script>([\s\S]*)<\/script>/.exec(page.text)?.[1] ?? ""
    const digest = createHash("sha256").update(script).digest("base64")
    expect(page.headers.get("content-security-policy")).toContain(`script-src 'sha256-${digest}';`)
    expect(page.headers.get("referrer-policy")).toBe("no-referrer")
    const [, action = ""] = /<form action="([^"]+)"/.exec(page.text) ?? []
    expect((await service.send("POST", action, { body: { token: "x", newPassword: "y" } })).status).toBe(400)
  }
)

test("the OpenAPI document names operations that are there", async () => {
  const answer = await service.send("GET", "/openapi.json")
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"])
  const { openapi, paths } = answer.body as Document
  expect(openapi).toMatch(/^3\.1\./)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({ method, path, security }))
  )
  expect(operations).toHaveLength(50)
  for (const { method, path, security } of operations) {
    const place = path.replaceAll(/\{[^}]+\}/g, randomUUID())
    const answered = await service.send(
      method.toUpperCase(),
      place,
      method === "put" || method === "post" ? { body: {} } : {}
    )
    // Whoever may come without a token is told what the body lacks.
    const isOpen = security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0)
    expect(isOpen ? [400, 401] : [401], `${method} ${path}`).toContain(answered.status)
  }
})

test("the documentation page loads nothing from elsewhere", async () => {
  const { headers, status, text } = await service.send("GET", "/docs")
  expect([status, headers.get("content-type")]).toEqual([200, expect.stringMatching(/^text\/html/)])
  const markup = text.replaceAll(/<script[^>]*>[\s\S]*?<\/script>/g, (script) =>
    script.slice(0, script.indexOf(">") + 1)
  )
  expect(markup).toMatch(/<title>/)
  expect(markup.match(/(?:src|href|data-url|action)\s*=\s*["']?\s*(?:https?:)?\/\//gi)).toBeNull()
  expect(markup.match(/@import|url\(\s*["']?\s*(?:https?:)?\/\//gi)).toBeNull()
  const policy = headers.get("content-security-policy") ?? ""
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("connect-src 'self'")
  expect(policy).not.toMatch(/https?:|\*/)
})

test("health is told without a token", async () => {
  expect((await service.send("GET", "/health/live")).body).toEqual({ status: "up" })
  const ready = await service.send("GET", "/health/ready")
  expect([ready.status, ready.body]).toEqual([200, { ready: true, dependencies: { database: "up", redis: "up" } }])
})

/** The value of one line of the metrics; 0 where it is not there yet. */
const valueOf = async (line: string): Promise<number> => {
  const { text } = await service.send("GET", "/metrics")
  const found = text.split("\n").find((candidate) => candidate.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1) ?? 0)
}

test("metrics count requests by route, and cache hits and misses, without telling about whom", async () => {
  const jane = await createCustomer(service)
  const route = 'http_requests_total{method="GET",route="/v1/customers/{customerId}",status="200"}'
  const [requests, hits, misses] = [
    await valueOf(route),
    await valueOf("customer_cache_hits_total"),
    await valueOf("customer_cache_misses_total")
  ]
  for (let count = 0; count < 3; count += 1) await service.send("GET", jane.path, { token })
  await service.send("GET", `/v1/customers/${randomUUID()}`, { token })
  expect(await valueOf(route)).toBe(requests + 3)
  expect(await valueOf("customer_cache_hits_total")).toBe(hits + 3)
  expect(await valueOf("customer_cache_misses_total")).toBe(misses + 1)
  const { headers, text } = await service.send("GET", "/metrics")
  expect(headers.get("content-type")).toMatch(/^text\/plain/)
  expect(text).toContain("http_request_duration_seconds_bucket")
  expect(text).toContain("process_resident_memory_bytes")
  expect(text).not.toContain(jane.id)
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
})

test("routes that do not exist do not swell the metrics", async () => {
  const lines = async () => (await service.send("GET", "/metrics")).text.split("\n").length
  await service.send("GET", `/${randomUUID()}`)
  await service.send("GET", "/metrics")
  const before = await lines()
  for (let count = 0; count < 20; count += 1) await service.send("GET", `/${randomUUID()}`)
  expect(await lines()).toBe(before)
})

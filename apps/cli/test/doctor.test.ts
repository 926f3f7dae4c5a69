import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { jwtSecret, run } from "./support/commandLine.ts"
import { emptyDatabase, freshDatabase, type TestDatabase } from "./support/database.ts"

let database: TestDatabase
let issuer: Server
let keysUrl: string
beforeAll(async () => {
  database = await freshDatabase()
  issuer = createServer((_, response) => {
    response.setHeader("content-type", "application/json")
    response.end('{"keys":[{"kty":"OKP"}]}')
  }).listen(0, "127.0.0.1")
  await once(issuer, "listening")
  const address = issuer.address()
  keysUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/keys`
})
afterAll(async () => {
  issuer.close()
  await database.drop()
})

interface Report {
  readonly healthy: boolean
  readonly checks: ReadonlyArray<{ readonly name: string; readonly state: string; readonly finding: string }>
}

const examine = async (variables: Readonly<Record<string, string>>) => {
  const { code, stderr, stdout } = await run(["doctor", "--json"], variables)
  const { checks, healthy }: Report = JSON.parse(stdout)
  const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]))
  return { code, stderr, healthy, states, stdout }
}

describe.concurrent("doctor", () => {
  it("finds everything in order on a migrated PostgreSQL with Redis, a replica and an external issuer", async () => {
    const { code, healthy, states, stderr } = await examine({
      DATABASE_URL: database.url,
      DATABASE_REPLICA_URL: database.url,
      REDIS_URL: inject("redisUrl"),
      JWT_SECRET: jwtSecret,
      JWT_JWKS_URL: keysUrl,
      JWT_EXTERNAL_ISSUER: "https://issuer.example"
    })
    expect({ code, healthy, stderr }).toEqual({ code: 0, healthy: true, stderr: "" })
    expect(states).toEqual({
      configuration: "ok",
      "token secret": "ok",
      database: "ok",
      clock: "ok",
      schema: "ok",
      "read replica": "ok",
      redis: "ok",
      "external keys": "ok"
    })
  })

  it("tells every problem with what to do, and no secret", async () => {
    const { code, stderr, stdout } = await run(["doctor"], {
      DATABASE_URL: "postgres://clerk:hunter2@127.0.0.1:1/shop",
      REDIS_URL: "redis://:hunter2@127.0.0.1:2",
      JWT_SECRET: "your-jwt-secret",
      JWT_JWKS_URL: "http://127.0.0.1:3/keys",
      JWT_EXTERNAL_ISSUER: "https://issuer.example"
    })
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" })
    const problems = stdout.split("\n").filter((line) => line.startsWith("PROBLEM"))
    expect(problems).toEqual([
      expect.stringMatching(/token secret .+ → make one/),
      expect.stringMatching(/database .+ → start the server at 127\.0\.0\.1:1, or correct DATABASE_URL/),
      expect.stringMatching(/redis .+ → start it, or correct REDIS_URL/),
      expect.stringMatching(/external keys .+ → correct it/)
    ])
    expect(stdout).not.toContain("hunter2")
    expect(stdout).not.toContain("your-jwt-secret")
  })

  it("lists all that is wrong with the configuration", async () => {
    const { code, stdout } = await run(["doctor"], {
      LOG_LEVEL: "loud",
      SERVICE_PORT: "70000",
      DATABASE_URL: database.url
    })
    expect(code).toBe(3)
    const names = [...stdout.matchAll(/^PROBLEM {2}configuration +(\w+)/gm)].map(([, name]) => name)
    expect(names).toEqual(["SERVICE_PORT", "LOG_LEVEL", "JWT_SECRET"])
  })

  it("names the command that brings the tables up to date", async () => {
    const empty = await emptyDatabase()
    const { code, stdout } = await run(["doctor"], { DATABASE_URL: empty.url, JWT_SECRET: jwtSecret })
    await empty.drop()
    expect(code).toBe(3)
    expect(stdout).toMatch(/^PROBLEM {2}schema .+ → run `customer-service migrate up`$/m)
  })

  it("finds a password that is wrong and a database that is not there", async () => {
    const [wrong, missing] = [new URL(database.url), new URL(database.url)]
    wrong.username = "nobody"
    missing.pathname = "/not_there"
    for (const { href } of [wrong, missing]) {
      const { code, states } = await examine({ DATABASE_URL: href, JWT_SECRET: jwtSecret })
      expect({ code, database: states["database"] }).toEqual({ code: 3, database: "problem" })
    }
  })

  it("finds a DATA_DIR that cannot be one", async () => {
    const file = join(fileURLToPath(import.meta.url), "data")
    const { code, states } = await examine({ DATA_DIR: file })
    expect({ code, directory: states["data directory"] }).toEqual({ code: 3, directory: "problem" })
  })
})

import { expect, onTestFinished, test } from "vitest"
import { runService } from "./support/serviceProcess.ts"
import { jwtSecret } from "./support/tokens.ts"

/** Starts the service with a configuration that it must refuse, and answers what it says on standard error. */
const complaint = async (variables: Readonly<Record<string, string>>): Promise<ReadonlyArray<string>> => {
  const service = await runService(variables)
  onTestFinished(service.stop)
  expect([await service.exited, service.standardOutput()]).toEqual([2, ""])
  return service.standardError().trimEnd().split("\n")
}

test("every problem is told at once, by variable, and no secret is shown", async () => {
  const wrong = {
    DATABASE_URL: "mysql://user:hunter2-database@localhost/customers",
    DATABASE_REPLICA_URL: "postgres://localhost/a,hunter2-replica",
    REDIS_URL: "http://:hunter2-redis@localhost:6379",
    SERVICE_PORT: "80807",
    PUBLIC_URL: "customers.example.com",
    LOG_LEVEL: "loud",
    CACHE_ENABLED: "yes",
    DATABASE_MAX_CONNECTIONS: "many",
    MAX_ADDRESSES_PER_CUSTOMER: "0",
    MAX_CONCURRENT_REQUESTS: "1.5",
    DEFAULT_STATUS: "gone",
    DEFAULT_CURRENCY: "EURO",
    DEFAULT_LANGUAGE: "e",
    DEFAULT_TIMEZONE: "Mars/Phobos",
    CONSENT_MODE: "maybe",
    RATE_LIMIT_PER_MINUTE: "-5",
    JWT_JWKS_URL: "https://login.example.com/jwks"
  }
  const [title, ...lines] = await complaint({ ...wrong, JWT_SECRET: "" })
  expect(title).toMatch(/configuration is not valid/)
  const named = new Set(lines.map((line) => line.trim().split(" ", 1)[0]))
  expect(named).toEqual(new Set([...Object.keys(wrong), "JWT_SECRET"]))
  expect(lines.join("\n")).not.toMatch(/hunter2/)
})

test("a replica of the embedded database is not passed over in silence", async () => {
  const lines = await complaint({ DATABASE_REPLICA_URL: "postgres://localhost/a" })
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^\s*DATABASE_REPLICA_URL needs DATABASE_URL/)])
})

test.for([
  ["that is missing", {}],
  ["that is the placeholder", { JWT_SECRET: "your-jwt-secret" }],
  ["that is shorter than 32 bytes", { JWT_SECRET: "hunter2-hunter2-hunter2-hunter2" }]
] as const)("in production a JWT secret %s stops the start with one clear line", async ([, variables]) => {
  const lines = await complaint({ NODE_ENV: "production", ...variables })
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^\s*JWT_SECRET .*(required|32 bytes)/)
  expect(lines.join("\n")).not.toMatch(/hunter2/)
})

test("with a database of one's own a JWT secret is required everywhere", async () => {
  const lines = await complaint({ DATABASE_URL: "postgres://localhost/customers" })
  expect(lines.join("\n")).toContain("JWT_SECRET is required")
})

test.for([
  ["a private key that is none", { JWT_PRIVATE_KEY: "hunter2-not-a-key" }, "JWT_PRIVATE_KEY"],
  [
    "an external issuer of our own name",
    {
      JWT_SECRET: jwtSecret,
      JWT_ISSUER: "https://login.example.com",
      JWT_EXTERNAL_ISSUER: "https://login.example.com",
      JWT_JWKS_URL: "https://login.example.com/jwks"
    },
    "JWT_EXTERNAL_ISSUER"
  ],
  [
    "a JWKS address with a password",
    {
      JWT_SECRET: jwtSecret,
      JWT_EXTERNAL_ISSUER: "https://login.example.com",
      JWT_JWKS_URL: "https://user:hunter2@login.example.com/jwks"
    },
    "JWT_JWKS_URL"
  ]
] as const)("%s is a wrong configuration", async ([, variables, name]) => {
  const lines = await complaint({ DATA_DIR: "/dev/null/nowhere", ...variables })
  expect(lines.join("\n")).toContain(name)
  expect(lines.join("\n")).not.toMatch(/hunter2|at .*\.ts/)
})

test.for([
  ["without the token that the sidecar shows", {}],
  ["with one that could be guessed", { APP_API_TOKEN: "hunter2-hunter2" }]
] as const)("a bus %s stops the start with one clear line", async ([, variables]) => {
  const lines = await complaint({ EVENT_BUS: "dapr", DATA_DIR: "/dev/null/nowhere", ...variables })
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^\s*APP_API_TOKEN is required with EVENT_BUS=dapr/)
  expect(lines.join("\n")).not.toMatch(/hunter2/)
})

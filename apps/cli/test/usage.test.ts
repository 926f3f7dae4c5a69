import { describe, expect, it } from "vitest"
import { jwtSecret, run } from "./support/commandLine.ts"

describe.concurrent("wrong usage", () => {
  it.for([
    { parameters: [], line: "customer-service <subcommand>" },
    { parameters: ["bogus"], line: 'Unknown subcommand "bogus"' },
    { parameters: ["migrate", "up", "--bogus"], line: "Unrecognized flag: --bogus" },
    { parameters: ["migrate", "up", "more"], line: 'Unexpected positional argument: "more"' },
    { parameters: ["demo", "fill", "many"], line: "<count>" },
    { parameters: ["demo", "fill", "10", "--batch", "20000"], line: "Expected a whole number from 1 to 10000" },
    { parameters: ["privacy", "erase", "4711"], line: "Missing required flag: --reason" },
    { parameters: ["privacy", "erase", "4711", "--reason", " "], line: "must not be empty" },
    { parameters: ["privacy", "verify-receipt", "/nowhere"], line: "/nowhere cannot be read" },
    { parameters: ["token", "issue"], line: "Missing required flag: --scope" },
    { parameters: ["token", "issue", "--scope", "customers:all"], line: "Expected scopes out of customers:read" },
    { parameters: ["token", "issue", "--scope", "customers:read", "--ttl", "1w"], line: "Expected a time such as 90s" }
  ])("`$parameters` says on stderr alone what is wrong", async ({ line, parameters }) => {
    const { code, stderr, stdout } = await run(parameters)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(line)
  })
})

describe.concurrent("a wrong configuration", () => {
  it("is told whole, without the secrets in it", async () => {
    const variables = { DATABASE_URL: "mysql://root:hunter2@db/shop", LOG_LEVEL: "loud" }
    const { code, stderr, stdout } = await run(["migrate", "status"], variables)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr.trim().split("\n")).toEqual([
      "The configuration is not valid:",
      expect.stringContaining("LOG_LEVEL"),
      expect.stringContaining("DATABASE_URL"),
      expect.stringContaining("JWT_SECRET")
    ])
    expect(stderr).not.toContain("hunter2")
  })

  it("keeps the description of the API from nobody", async () => {
    const { code, stderr, stdout } = await run(["openapi", "--json"], { LOG_LEVEL: "loud" })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) })
  })
})

describe.concurrent("a database that does not answer", () => {
  it.for([
    ["migrate", "up"],
    ["demo", "fill", "10"],
    ["privacy", "export", "4711"],
    ["privacy", "run-due"]
  ])("fails `%s` with one line", async (parameters) => {
    const variables = { DATABASE_URL: "postgres://clerk:hunter2@127.0.0.1:1/shop", JWT_SECRET: jwtSecret }
    const { code, stderr, stdout } = await run(parameters, variables)
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/^The database does not answer: .*127\.0\.0\.1:1.*\n$/)
    expect(stderr).not.toContain("hunter2")
  })
})

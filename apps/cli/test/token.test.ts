import { AccessToken } from "@customer-service/core"
import { AppConfig, tokens } from "@customer-service/http"
import { Effect, Result } from "effect"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { run, temporaryDirectory } from "./support/commandLine.ts"

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
beforeAll(async () => {
  directory = await temporaryDirectory()
})
afterAll(() => directory.remove())

const issue = (...parameters: ReadonlyArray<string>) =>
  run(["token", "issue", ...parameters], { DATA_DIR: directory.path })

/** Whom the service takes the token for, with the same configuration. */
const verified = (token: string) =>
  Effect.runPromise(
    Effect.provide(
      Effect.flatMap(AccessToken.TokenVerifier, ({ verify }) => verify(token)),
      tokens.layer(Result.getOrThrow(AppConfig.read({ DATA_DIR: directory.path })))
    )
  )

const customer = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

describe.concurrent("token issue", () => {
  it("prints a token alone that the service takes for the client named", async () => {
    const { code, stderr, stdout } = await issue("--scope", "customers:read,customers:write", "--client", "checkout")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const { actor } = await verified(stdout.trim())
    expect(actor).toEqual({
      kind: "service",
      subject: "checkout",
      scopes: new Set(["customers:read", "customers:write"])
    })
  })

  it("speaks for a customer whose id is the subject, and for staff of any name", async () => {
    const hers = await issue("--scope", "customers:read", "--subject", customer)
    expect((await verified(hers.stdout.trim())).actor).toMatchObject({ kind: "customer", subject: customer })
    const staff = await issue("--scope", "customers:admin", "--subject", "anna@example.com")
    expect((await verified(staff.stdout.trim())).actor).toMatchObject({ kind: "staff", subject: "anna@example.com" })
  })

  it("is good for the time asked for, and tells it as JSON", async () => {
    const before = Date.now()
    const { stdout } = await issue("--scope", "customers:read", "--ttl", "30m", "--json")
    const { expiresAt, token } = JSON.parse(stdout)
    expect((await verified(token)).expiresAt).toBe(Date.parse(expiresAt))
    expect(Date.parse(expiresAt) - before).toBeGreaterThan(30 * 60_000 - 2000)
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(30 * 60_000)
  })

  it("makes no token that nobody could act with", async () => {
    const { code, stderr, stdout } = await issue("--scope", "customers:read", "--subject", "anna")
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toMatch(/^Nobody could act with this token: .+\n$/)
  })

  it("keeps the secret of the embedded default to this user", async () => {
    await issue("--scope", "customers:read")
    expect((await stat(join(directory.path, "jwt-secret"))).mode & 0o777).toBe(0o600)
  })
})

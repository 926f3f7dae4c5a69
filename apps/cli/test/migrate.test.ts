import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { jwtSecret, run } from "./support/commandLine.ts"
import { emptyDatabase, type TestDatabase } from "./support/database.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await emptyDatabase()
})
afterAll(() => database.drop())

const migrate = (...parameters: ReadonlyArray<string>) =>
  run(["migrate", ...parameters], { DATABASE_URL: database.url, JWT_SECRET: jwtSecret })

const names = [
  "0001_customers",
  "0002_identity",
  "0003_events",
  "0004_standings",
  "0005_segments",
  "0006_journey",
  "0007_analytics"
]
const linesOf = (word: string): string => names.map((name) => `${word}${name}\n`).join("")

describe("migrate", () => {
  it("goes from an empty database to one that is up to date, and says so at every step", async () => {
    const before = await migrate("status")
    expect(before).toEqual({
      code: 3,
      stdout: linesOf("pending  "),
      stderr: ""
    })

    const dry = await migrate("up", "--dry-run")
    expect(dry).toEqual({ code: 0, stdout: linesOf("Would apply "), stderr: "" })
    expect((await migrate("status", "--json")).code).toBe(3)

    const first = await migrate("up")
    expect(first).toEqual({ code: 0, stdout: linesOf("Applied "), stderr: "" })
    expect(await database.rows("SELECT count(*)::int AS count FROM customers")).toEqual([{ count: 0 }])

    const second = await migrate("up", "--json")
    expect(second).toEqual({ code: 0, stdout: '{"applied":[],"dryRun":false}\n', stderr: "" })

    const after = await migrate("status", "--json")
    expect({ code: after.code, stderr: after.stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(after.stdout)).toMatchObject({
      pending: 0,
      migrations: names.map((name) => ({ name, applied: true }))
    })
  })
})

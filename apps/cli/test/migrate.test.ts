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

describe("migrate", () => {
  it("goes from an empty database to one that is up to date, and says so at every step", async () => {
    const before = await migrate("status")
    expect(before).toEqual({
      code: 3,
      stdout: "pending  0001_customers\npending  0002_identity\n",
      stderr: ""
    })

    const dry = await migrate("up", "--dry-run")
    expect(dry).toEqual({ code: 0, stdout: "Would apply 0001_customers\nWould apply 0002_identity\n", stderr: "" })
    expect((await migrate("status", "--json")).code).toBe(3)

    const first = await migrate("up")
    expect(first).toEqual({ code: 0, stdout: "Applied 0001_customers\nApplied 0002_identity\n", stderr: "" })
    expect(await database.rows("SELECT count(*)::int AS count FROM customers")).toEqual([{ count: 0 }])

    const second = await migrate("up", "--json")
    expect(second).toEqual({ code: 0, stdout: '{"applied":[],"dryRun":false}\n', stderr: "" })

    const after = await migrate("status", "--json")
    expect({ code: after.code, stderr: after.stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(after.stdout)).toMatchObject({
      pending: 0,
      migrations: [
        { name: "0001_customers", applied: true },
        { name: "0002_identity", applied: true }
      ]
    })
  })
})

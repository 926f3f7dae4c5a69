import { PgliteClient } from "@customer-service/adapters-postgres"
import { Effect } from "effect"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { arrival } from "../src/demo/history.ts"
import { run, temporaryDirectory } from "./support/commandLine.ts"

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
beforeAll(async () => {
  directory = await temporaryDirectory()
})
afterAll(() => directory.remove())

const onEmbedded = (...parameters: ReadonlyArray<string>) => run(parameters, { DATA_DIR: directory.path })

/** Does something while this process has the database open, as the service would. */
const meanwhile = <A>(act: () => Promise<A>): Promise<A> =>
  Effect.runPromise(
    Effect.provide(
      Effect.promise(() => act()),
      PgliteClient.layer(join(directory.path, "database"))
    )
  )

describe("on the embedded default", () => {
  it("the doctor finds nothing wrong before the first start, and makes nothing", async () => {
    const { code, stdout } = await onEmbedded("doctor")
    expect(code).toBe(0)
    expect(stdout).toContain("the embedded one will be made at the first start")
    expect(await readdir(directory.path)).toEqual([])
  })

  it("the database is made, filled, and kept from a second process", async () => {
    expect(await onEmbedded("migrate", "up")).toMatchObject({ code: 0, stderr: "" })
    expect(await onEmbedded("demo", "fill", "40", "--json")).toMatchObject({ code: 0 })

    const [examined, ...refused] = await meanwhile(() =>
      Promise.all([onEmbedded("doctor"), onEmbedded("migrate", "status"), onEmbedded("privacy", "run-due")])
    )
    for (const { code, stderr, stdout } of refused) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toMatch(/^The embedded database in .+ is in use by another process.+\n$/)
    }
    expect(examined).toMatchObject({ code: 0, stdout: expect.stringContaining("in use by another process") })
  })
  it("a customer is exported and erased, and nobody else's memory is in the way", async () => {
    const { id } = arrival(1, 0)
    const exported = await onEmbedded("privacy", "export", id, "--json")
    expect(exported).toMatchObject({ code: 0, stderr: "" })
    expect(JSON.parse(exported.stdout).holders.customers).toHaveLength(1)

    const erased = await onEmbedded("privacy", "erase", id, "--reason", "asked", "--json")
    expect(erased).toMatchObject({ code: 0, stderr: "" })
    const verified = await run(["privacy", "verify-receipt", "-"], { DATA_DIR: directory.path }, erased.stdout)
    expect(verified).toMatchObject({ code: 0, stderr: "" })
    expect(verified.stdout).not.toContain("memory of running services")
  })
})

import { CustomerRepository } from "@customer-service/core"
import { plain, registration } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Migrations from "../src/Migrations.ts"
import * as PgliteClient from "../src/PgliteClient.ts"
import { repository } from "./support/repository.ts"

const temporaryDirectory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "embedded-"))),
  (directory) => Effect.promise(() => rm(directory, { recursive: true }))
)

const open = (directory: string) => Effect.scoped(Layer.build(PgliteClient.layer(directory)))

/** Another process that has the embedded database open. */
const holder = (directory: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const script = fileURLToPath(new URL("support/holdDatabase.ts", import.meta.url))
      const child = spawn(process.execPath, ["--conditions=@customer-service/source", script, directory], {
        stdio: ["ignore", "pipe", "inherit"]
      })
      await once(child.stdout, "data")
      return child
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

describe("the embedded database", () => {
  it.live("keeps what was written over a restart, in a directory for its owner and one client alone", () =>
    Effect.gen(function* () {
      const directory = join(yield* temporaryDirectory, "not", "there", "yet")
      const customers = Layer.provideMerge(repository(), PgliteClient.layer(directory))
      const written = yield* Effect.gen(function* () {
        yield* Migrations.up
        assert.strictEqual((yield* Effect.flip(open(directory)))._tag, "EmbeddedDatabaseInUse")
        const { insert } = yield* CustomerRepository.CustomerRepository
        return yield* insert(registration({ profile: { firstName: "Zoë" } }))
      }).pipe(Effect.provide(customers))
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* Migrations.up, [])
        const { get } = yield* CustomerRepository.CustomerRepository
        assert.deepStrictEqual(plain(yield* get(written.id)), plain(written))
      }).pipe(Effect.provide(customers))
      assert.strictEqual((yield* Effect.promise(() => stat(directory))).mode & 0o777, 0o700)
    })
  )

  it.live("is refused to a second process while the first lives, however that one ends", () =>
    Effect.gen(function* () {
      const directory = join(yield* temporaryDirectory, "database")
      const first = yield* holder(directory)
      const refused = yield* Effect.flip(open(directory))
      assert.deepInclude(refused, { _tag: "EmbeddedDatabaseInUse", directory })
      first.kill("SIGKILL")
      yield* Effect.retry(open(directory), Schedule.spaced("20 millis"))
    })
  )

  it.live("says so where its directory cannot be used", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryDirectory, "file")
      yield* Effect.promise(() => writeFile(file, ""))
      const failed = yield* Effect.flip(open(join(file, "database")))
      assert.strictEqual(failed._tag, "EmbeddedDatabaseFailed")
      assert.include(failed.message, file)
    })
  )
})

import { customerRepositoryContract } from "@customer-service/core/testing"
import { Layer } from "effect"
import { pglite } from "./support/database.ts"
import { repository } from "./support/repository.ts"

// On a busy machine the WebAssembly of PGlite takes its time to compile.
const options = { timeout: "30 seconds" } as const

customerRepositoryContract("PGlite", Layer.provide(repository(), pglite), options)
customerRepositoryContract(
  "PGlite read part by part",
  Layer.provide(repository({ parallelLoading: false }), pglite),
  options
)

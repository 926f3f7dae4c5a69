import { customerRepositoryContract } from "@customer-service/core/testing"
import { Layer } from "effect"
import { pglite } from "./support/database.ts"
import { repository } from "./support/repository.ts"

customerRepositoryContract("PGlite", Layer.provide(repository(), pglite))
customerRepositoryContract("PGlite read part by part", Layer.provide(repository({ parallelLoading: false }), pglite))

import {
  consentLedgerContract,
  credentialsContract,
  customerRepositoryContract,
  mailQueueContract,
  personalDataStoreContract,
  verificationTokensContract
} from "@customer-service/core/testing"
import { Layer } from "effect"
import { everything } from "./support/beside.ts"
import { pglite } from "./support/database.ts"
import { repository } from "./support/repository.ts"

customerRepositoryContract("PGlite", Layer.provide(repository(), pglite))
customerRepositoryContract("PGlite read part by part", Layer.provide(repository({ parallelLoading: false }), pglite))

const beside = Layer.provide(everything, pglite)

consentLedgerContract("PGlite", beside)
credentialsContract("PGlite", beside)
mailQueueContract("PGlite", beside)
personalDataStoreContract("PGlite", beside)
verificationTokensContract("PGlite", beside)

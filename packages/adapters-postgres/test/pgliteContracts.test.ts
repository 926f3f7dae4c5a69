import {
  consentLedgerContract,
  credentialsContract,
  customerRepositoryContract,
  customerStandingsContract,
  eventJournalContract,
  inboxContract,
  mailQueueContract,
  outboxContract,
  personalDataStoreContract,
  verificationTokensContract
} from "@customer-service/core/testing"
import { Layer } from "effect"
import { everything } from "./support/beside.ts"
import { pglite } from "./support/database.ts"
import { outboxInPglite, outboxTime } from "./support/outbox.ts"
import { repository } from "./support/repository.ts"

customerRepositoryContract("PGlite", Layer.provide(repository(), pglite))
customerRepositoryContract("PGlite read part by part", Layer.provide(repository({ parallelLoading: false }), pglite))

const beside = Layer.provide(everything, pglite)

consentLedgerContract("PGlite", beside)
credentialsContract("PGlite", beside)
customerStandingsContract("PGlite", beside)
inboxContract("PGlite", beside)
mailQueueContract("PGlite", beside)
personalDataStoreContract("PGlite", beside)
verificationTokensContract("PGlite", beside)

outboxContract("PGlite", outboxInPglite, outboxTime, { excludeTestServices: true })
eventJournalContract("PGlite", outboxInPglite, outboxTime, { excludeTestServices: true })

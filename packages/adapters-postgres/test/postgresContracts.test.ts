import {
  consentLedgerContract,
  credentialsContract,
  customerAnalyticsContract,
  customerDocumentsContract,
  customerRepositoryContract,
  customerStandingsContract,
  customerTimelineContract,
  eventJournalContract,
  inboxContract,
  mailQueueContract,
  outboxContract,
  personalDataStoreContract,
  ruleMatchesContract,
  segmentMembershipsContract,
  segmentRecomputesContract,
  segmentStoreContract,
  verificationTokensContract
} from "@customer-service/core/testing"
import { Layer } from "effect"
import { anotherRecomputer, everything, everythingInTwoProcesses } from "./support/beside.ts"
import { postgres } from "./support/database.ts"
import { outboxInPostgres, outboxTime } from "./support/outbox.ts"
import { cached, repository, twoProcesses, withDocuments } from "./support/repository.ts"

customerRepositoryContract("PostgreSQL", Layer.provide(repository(), postgres))
customerRepositoryContract(
  "PostgreSQL read part by part",
  Layer.provide(repository({ parallelLoading: false }), postgres)
)
customerRepositoryContract("PostgreSQL in two processes", twoProcesses)
customerRepositoryContract("PostgreSQL behind a cache", Layer.provide(cached, postgres))
customerDocumentsContract("PostgreSQL", Layer.provide(withDocuments, postgres))
customerDocumentsContract("PostgreSQL behind a cache", Layer.provide(cached, postgres))

const beside = Layer.provideMerge(everything, postgres)

consentLedgerContract("PostgreSQL", beside)
credentialsContract("PostgreSQL", beside)
customerAnalyticsContract("PostgreSQL", beside)
customerStandingsContract("PostgreSQL", beside)
customerTimelineContract("PostgreSQL", beside)
inboxContract("PostgreSQL", beside)
mailQueueContract("PostgreSQL", beside)
personalDataStoreContract("PostgreSQL", beside)
ruleMatchesContract("PostgreSQL", beside)
segmentMembershipsContract("PostgreSQL", beside)
segmentRecomputesContract("PostgreSQL", beside, anotherRecomputer)
segmentStoreContract("PostgreSQL", beside)
verificationTokensContract("PostgreSQL", beside)

outboxContract("PostgreSQL", outboxInPostgres, outboxTime, { excludeTestServices: true })
eventJournalContract("PostgreSQL", outboxInPostgres, outboxTime, { excludeTestServices: true })

credentialsContract("PostgreSQL in two processes", everythingInTwoProcesses)
verificationTokensContract("PostgreSQL in two processes", everythingInTwoProcesses)
personalDataStoreContract("PostgreSQL in two processes", everythingInTwoProcesses)

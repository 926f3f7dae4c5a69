import {
  consentLedgerContract,
  credentialsContract,
  customerAnalyticsContract,
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
import { anotherRecomputer, everything } from "./support/beside.ts"
import { pglite } from "./support/database.ts"
import { outboxInPglite, outboxTime } from "./support/outbox.ts"
import { repository } from "./support/repository.ts"

customerRepositoryContract("PGlite", Layer.provide(repository(), pglite))
customerRepositoryContract("PGlite read part by part", Layer.provide(repository({ parallelLoading: false }), pglite))

const beside = Layer.provideMerge(everything, pglite)

consentLedgerContract("PGlite", beside)
credentialsContract("PGlite", beside)
customerAnalyticsContract("PGlite", beside)
customerStandingsContract("PGlite", beside)
customerTimelineContract("PGlite", beside)
inboxContract("PGlite", beside)
mailQueueContract("PGlite", beside)
personalDataStoreContract("PGlite", beside)
ruleMatchesContract("PGlite", beside)
segmentMembershipsContract("PGlite", beside)
segmentRecomputesContract("PGlite", beside, anotherRecomputer)
segmentStoreContract("PGlite", beside)
verificationTokensContract("PGlite", beside)

outboxContract("PGlite", outboxInPglite, outboxTime, { excludeTestServices: true })
eventJournalContract("PGlite", outboxInPglite, outboxTime, { excludeTestServices: true })

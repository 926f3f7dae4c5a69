import { Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import * as CustomerAnalytics from "../src/analytics/CustomerAnalytics.ts"
import * as CachedCustomerRepository from "../src/customer/CachedCustomerRepository.ts"
import * as CustomerCache from "../src/customer/CustomerCache.ts"
import * as CustomerDocuments from "../src/customer/CustomerDocuments.ts"
import * as CustomerRepository from "../src/customer/CustomerRepository.ts"
import * as Credentials from "../src/identity/Credentials.ts"
import * as MailQueue from "../src/identity/MailQueue.ts"
import * as VerificationTokens from "../src/identity/VerificationTokens.ts"
import * as Inbox from "../src/event/inboxInMemory.ts"
import * as Outbox from "../src/event/outboxInMemory.ts"
import * as CustomerTimeline from "../src/journey/CustomerTimeline.ts"
import * as ConsentLedger from "../src/privacy/ConsentLedger.ts"
import { PersonalDataStore } from "../src/privacy/PersonalDataStore.ts"
import * as CustomerStandings from "../src/segment/CustomerStandings.ts"
import * as SegmentMemberships from "../src/segment/membershipsInMemory.ts"
import * as SegmentRecomputes from "../src/segment/recomputesInMemory.ts"
import * as RuleMatches from "../src/segment/RuleMatches.ts"
import * as SegmentStore from "../src/segment/segmentsInMemory.ts"
import { OrderMetrics } from "../src/testing/OrderMetrics.ts"
import { StoredFacts } from "../src/testing/StoredFacts.ts"

const repository = CustomerRepository.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto))

/** A repository in memory, with what it keeps and documents rendered at each read. */
export const memory = Layer.mergeAll(StoredFacts.layerMemory, CustomerDocuments.layer).pipe(
  Layer.provideMerge(repository)
)

/** Recomputes of the segments in memory. */
export const segmentRecomputes = SegmentRecomputes.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto))

/** The ports beside the repository in memory, over one store with it. */
export const besideMemory = Layer.mergeAll(
  ConsentLedger.layerMemory,
  Credentials.layerMemory,
  CustomerAnalytics.layerMemory,
  CustomerStandings.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
  CustomerTimeline.layerMemory,
  Inbox.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
  Outbox.layerMemory,
  MailQueue.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
  OrderMetrics.layerMemory,
  PersonalDataStore.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
  RuleMatches.layerMemory,
  SegmentMemberships.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
  segmentRecomputes,
  SegmentStore.layerMemory,
  StoredFacts.layerMemory,
  VerificationTokens.layerMemory
).pipe(Layer.provideMerge(repository))

/** The same behind a cache in memory. */
export const cachedMemory = CachedCustomerRepository.layer.pipe(
  Layer.provide(CustomerCache.layerMemory()),
  Layer.provideMerge(memory)
)

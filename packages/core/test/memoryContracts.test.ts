import { Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import * as CustomerCache from "../src/customer/CustomerCache.ts"
import * as AccessToken from "../src/identity/AccessToken.ts"
import * as Mailer from "../src/identity/Mailer.ts"
import * as PasswordHasher from "../src/identity/PasswordHasher.ts"
import * as SessionStore from "../src/identity/SessionStore.ts"
import * as UpstreamAnswers from "../src/order/UpstreamAnswers.ts"
import * as AttemptLimiter from "../src/request/AttemptLimiter.ts"
import * as ReceiptSigner from "../src/privacy/ReceiptSigner.ts"
import * as RateLimiter from "../src/request/RateLimiter.ts"
import * as MembershipCache from "../src/segment/MembershipCache.ts"
import { accessTokenContract } from "../src/testing/accessTokenContract.ts"
import { attemptLimiterContract } from "../src/testing/attemptLimiterContract.ts"
import { consentLedgerContract } from "../src/testing/consentLedgerContract.ts"
import { BusObserver } from "../src/testing/BusObserver.ts"
import { credentialsContract } from "../src/testing/credentialsContract.ts"
import { customerAnalyticsContract } from "../src/testing/customerAnalyticsContract.ts"
import { customerCacheContract } from "../src/testing/customerCacheContract.ts"
import { customerDocumentsContract } from "../src/testing/customerDocumentsContract.ts"
import { customerRepositoryContract } from "../src/testing/customerRepositoryContract.ts"
import { customerStandingsContract } from "../src/testing/customerStandingsContract.ts"
import { customerTimelineContract } from "../src/testing/customerTimelineContract.ts"
import { eventJournalContract } from "../src/testing/eventJournalContract.ts"
import { eventPublisherContract } from "../src/testing/eventPublisherContract.ts"
import { inboxContract } from "../src/testing/inboxContract.ts"
import { inboxInMemory, mailerContract } from "../src/testing/mailerContract.ts"
import { mailQueueContract } from "../src/testing/mailQueueContract.ts"
import { membershipCacheContract } from "../src/testing/membershipCacheContract.ts"
import { outboxContract } from "../src/testing/outboxContract.ts"
import { passwordHasherContract } from "../src/testing/passwordHasherContract.ts"
import { personalDataStoreContract } from "../src/testing/personalDataStoreContract.ts"
import { rateLimiterContract } from "../src/testing/rateLimiterContract.ts"
import { receiptSignerContract } from "../src/testing/receiptSignerContract.ts"
import { ruleMatchesContract } from "../src/testing/ruleMatchesContract.ts"
import { segmentMembershipsContract } from "../src/testing/segmentMembershipsContract.ts"
import { segmentRecomputesContract } from "../src/testing/segmentRecomputesContract.ts"
import { segmentStoreContract } from "../src/testing/segmentStoreContract.ts"
import { sessionStoreContract } from "../src/testing/sessionStoreContract.ts"
import { upstreamAnswersContract } from "../src/testing/upstreamAnswersContract.ts"
import { verificationTokensContract } from "../src/testing/verificationTokensContract.ts"
import { besideMemory, cachedMemory, memory, segmentRecomputes } from "./memoryLayers.ts"

customerRepositoryContract("memory", memory)
customerRepositoryContract("memory behind a cache", cachedMemory)
customerDocumentsContract("memory", memory)
customerDocumentsContract("memory behind a cache", cachedMemory)
customerCacheContract("memory", CustomerCache.layerMemory())
rateLimiterContract("memory", RateLimiter.layerMemory)
passwordHasherContract("memory", PasswordHasher.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)))
accessTokenContract("memory", AccessToken.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)))
sessionStoreContract("memory", SessionStore.layerMemory())
attemptLimiterContract("memory", AttemptLimiter.layerMemory)
credentialsContract("memory", besideMemory)
verificationTokensContract("memory", besideMemory)
mailQueueContract("memory", besideMemory)
mailerContract("memory", Mailer.layerMemory, inboxInMemory)
consentLedgerContract("memory", besideMemory)
receiptSignerContract("memory", ReceiptSigner.layerMemory, ReceiptSigner.layerMemoryWith("another"))
personalDataStoreContract("memory", besideMemory)
outboxContract("memory", besideMemory)
inboxContract("memory", besideMemory)
customerStandingsContract("memory", besideMemory)
customerAnalyticsContract("memory", besideMemory)
customerTimelineContract("memory", besideMemory)
segmentStoreContract("memory", besideMemory)
segmentMembershipsContract("memory", besideMemory)
segmentRecomputesContract("memory", besideMemory, segmentRecomputes)
ruleMatchesContract("memory", besideMemory)
membershipCacheContract("memory", MembershipCache.layerMemory())
eventJournalContract("memory", besideMemory)
eventPublisherContract("memory", BusObserver.layerMemory)
upstreamAnswersContract("memory", UpstreamAnswers.layerMemory())

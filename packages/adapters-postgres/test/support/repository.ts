import { CachedCustomerRepository, CustomerCache, CustomerDocuments } from "@customer-service/core"
import { Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import * as PgCustomerRepository from "../../src/PgCustomerRepository.ts"
import * as ReadReplicas from "../../src/ReadReplicas.ts"
import { storedFacts } from "./storedFacts.ts"

/** The repository over a database, without replicas, with what it stores to look at. */
export const repository = (options: PgCustomerRepository.PgCustomerRepositoryOptions = { parallelLoading: true }) =>
  Layer.mergeAll(
    storedFacts,
    PgCustomerRepository.layer(options).pipe(
      Layer.provide(ReadReplicas.layerPrimary),
      Layer.provide(SecureRandom.layerWebCrypto)
    )
  )

/** The same with documents rendered at each read. */
export const withDocuments = Layer.provideMerge(CustomerDocuments.layer, repository())

/** The same behind a cache in memory, which the documents come from. */
export const cached = CachedCustomerRepository.layer.pipe(
  Layer.provide(CustomerCache.layerMemory()),
  Layer.provideMerge(repository())
)

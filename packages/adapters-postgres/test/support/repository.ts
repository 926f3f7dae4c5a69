import { CachedCustomerRepository, CustomerCache, CustomerDocuments, CustomerRepository } from "@customer-service/core"
import { Context, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import * as PgCustomerRepository from "../../src/PgCustomerRepository.ts"
import * as PostgresClient from "../../src/PostgresClient.ts"
import * as ReadReplicas from "../../src/ReadReplicas.ts"
import { freshDatabase } from "./database.ts"
import { optionsOf } from "./servers.ts"
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

/** The repository of a process that has this database's address and nothing else. */
const ofOneProcess = (url: string) =>
  Effect.map(Layer.build(Layer.fresh(Layer.provide(repository(), PostgresClient.layer(optionsOf(url))))), (context) =>
    Context.get(context, CustomerRepository.CustomerRepository)
  )

type Repository = CustomerRepository.CustomerRepository["Service"]

/** One database behind the repositories of two processes, of which each call goes to the other. */
export const twoProcesses = Layer.unwrap(
  Effect.gen(function* () {
    const { url } = yield* freshDatabase
    const processes = [yield* ofOneProcess(url), yield* ofOneProcess(url)] as const
    let calls = 0
    const next = (): Repository => processes[calls++ % 2 === 0 ? 0 : 1]
    const alternating = CustomerRepository.CustomerRepository.of({
      get: (id) => next().get(id),
      getMany: (ids) => next().getMany(ids),
      findByLegacyId: (legacyId) => next().findByLegacyId(legacyId),
      list: (query) => next().list(query),
      insert: (change, once) => next().insert(change, once),
      modify: (id, decide, once) => next().modify(id, decide, once)
    })
    return Layer.merge(
      Layer.succeed(CustomerRepository.CustomerRepository, alternating),
      Layer.provideMerge(storedFacts, PostgresClient.layer(optionsOf(url)))
    )
  })
)

import { read, type StoredCustomer } from "./database.ts"
import type { Exchange } from "./Exchange.ts"
import { cache } from "./metrics.ts"
import { consumeAndGet, put, stateOf } from "./redis.ts"
import type { Caller } from "./tokens.ts"

const customerField = ',"customer":'
const loading = new Map<string, Promise<StoredCustomer | undefined>>()

const loadAndPut = async (id: string): Promise<StoredCustomer | undefined> => {
  try {
    const stored = await read(id)
    if (stored !== undefined) await put(id, stored.version, stored.document, stored.addresses)
    return stored
  } finally {
    loading.delete(id)
  }
}

/** Those who miss one customer at a time share one read. */
const load = (id: string): Promise<StoredCustomer | undefined> => {
  const underWay = loading.get(id) ?? loadAndPut(id)
  loading.set(id, underWay)
  return underWay
}

/** Whoever asks after a write must not be handed a read from before it. */
export const forgetLoad = (id: string): void => void loading.delete(id)

const answer = (exchange: Exchange, version: number, json: string): void => {
  if (exchange.ifNoneMatch === `"${version}"`) return exchange.notModified(version)
  exchange.customer(200, version, json)
}

const answerCached = (exchange: Exchange, cached: string): void => {
  cache.hits += 1
  const start = cached.indexOf(customerField)
  if (start < 0) return exchange.fail(404, "CUSTOMER_NOT_FOUND", "The customer does not exist")
  answer(exchange, Number(cached.slice(11, start)), cached.slice(start + customerField.length, -1))
}

const answerLoaded = async (exchange: Exchange, id: string): Promise<void> => {
  cache.misses += 1
  const stored = await load(id)
  if (stored === undefined || stored.document.includes('"status":"inactive"')) {
    return exchange.fail(404, "CUSTOMER_NOT_FOUND", "The customer does not exist")
  }
  answer(exchange, stored.version, stored.document)
}

const answerAllowed = (exchange: Exchange, caller: Caller, id: string, cached: string | null): void => {
  if (caller.kind === "customer" && caller.subject !== id) {
    return exchange.fail(404, "CUSTOMER_NOT_FOUND", "The customer does not exist")
  }
  if (cached !== null) return answerCached(exchange, cached)
  answerLoaded(exchange, id).catch((error: unknown) => exchange.breakOff(error))
}

/** GET /v1/customers/{id}. */
export const readCustomer = (exchange: Exchange, caller: Caller, id: string): void => {
  consumeAndGet(caller.limitKey, caller.limit, exchange.now, id)
    .then((reply) => {
      exchange.limit = stateOf(reply, caller.limit, exchange.now)
      if (exchange.limit.allowed) answerAllowed(exchange, caller, id, reply[2])
      else exchange.rateLimited(exchange.limit)
    })
    .catch((error: unknown) => exchange.breakOff(error))
}

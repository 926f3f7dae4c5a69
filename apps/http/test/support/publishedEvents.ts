import { Redis } from "ioredis"

/** An event as it stands on its topic. */
export interface Published {
  readonly topic: string
  /** Redis's own id of the entry: of two topics too it says which came first. */
  readonly entry: string
  /** The id of the CloudEvent that it came in. */
  readonly id: string
  readonly envelope: {
    readonly eventId: string
    readonly eventType: string
    readonly data: { readonly customerId: string; readonly version?: number } & Readonly<Record<string, unknown>>
  }
}

const topics = [
  "customers.customer.created",
  "customers.profile.updated",
  "customers.customer.deactivated",
  "customers.customer.reactivated",
  "customers.customer.erased",
  "customers.addresses.changed",
  "customers.segment.changed",
  "customers.deadletter"
]

const fieldsOf = (fields: ReadonlyArray<string>): ReadonlyMap<string, string> =>
  new Map(fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1] ?? ""] as const] : [])))

const partsOf = (entry: string): readonly [number, number] => {
  const [time = "0", place = "0"] = entry.split("-")
  return [Number(time), Number(place)]
}

const inOrder = (one: Published, other: Published): number => {
  const [time, place] = partsOf(one.entry)
  const [otherTime, otherPlace] = partsOf(other.entry)
  return time - otherTime || place - otherPlace
}

const eventOf = (topic: string, entry: string, fields: ReadonlyArray<string>): Published => {
  const { data, id } = JSON.parse(fieldsOf(fields).get("data") ?? "{}") as { data: Published["envelope"]; id: string }
  return { topic, entry, id, envelope: data }
}

/** Everything that stands on the service's topics, in the order in which it came there. */
export const published = async (redisUrl: string): Promise<ReadonlyArray<Published>> => {
  const client = new Redis(redisUrl)
  try {
    const entries = await Promise.all(
      topics.map(async (topic) =>
        (await client.xrange(topic, "-", "+")).map(([entry, fields]) => eventOf(topic, entry, fields))
      )
    )
    return entries.flat().toSorted(inOrder)
  } finally {
    client.disconnect()
  }
}

/** Those that tell of no membership: they come of requests and orders, not of reviews. */
export const ofWrites = (events: ReadonlyArray<Published>): ReadonlyArray<Published> =>
  events.filter(({ envelope }) => envelope.data["change"] !== "membership")

/** The same of one customer. */
export const publishedOf = async (redisUrl: string, customerId: string): Promise<ReadonlyArray<Published>> =>
  (await published(redisUrl)).filter(({ envelope }) => envelope.data.customerId === customerId)

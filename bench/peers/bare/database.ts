import { Socket } from "node:net"
import { Client } from "pg"
import { gatherWrites } from "./gatherWrites.ts"
import { settings } from "./settings.ts"
import { insertCustomer, lockCustomer, readCustomer, updateCustomer } from "./statements.ts"

/** A customer as the database renders her. */
export interface StoredCustomer {
  readonly version: number
  readonly document: string
  readonly addresses: string
}

const readers = 4
const writers = 8

interface Connection {
  readonly client: Client
  readonly socket: Socket
}

const connect = async (): Promise<Connection> => {
  const socket = new Socket()
  const client = new Client({
    stream: () => socket,
    connectionString: settings.databaseUrl,
    application_name: "bare",
    pipeline: true,
    options: "-c timezone=UTC -c statement_timeout=15s"
  })
  await client.connect()
  return { client, socket }
}

const open = (count: number): Promise<ReadonlyArray<Connection>> => Promise.all(Array.from({ length: count }, connect))

const [reading, writing] = await Promise.all([open(readers), open(writers)])
const shared = reading.map((connection) => ({ ...connection, gather: gatherWrites() }))
const idleWriters = writing.map(({ client }) => client)
const waiting: Array<(client: Client) => void> = []
let turn = 0

const customerOf = ({ rows }: { readonly rows: ReadonlyArray<StoredCustomer> }): StoredCustomer | undefined => rows[0]

const readFrom = async (client: Client, id: string): Promise<StoredCustomer | undefined> =>
  customerOf(await client.query({ name: "read", text: readCustomer, values: [id] }))

/** Reads a customer in one round trip; the connections are shared by all reads. */
export const read = (id: string): Promise<StoredCustomer | undefined> => {
  turn = (turn + 1) % readers
  const { client, gather, socket } = shared[turn] as (typeof shared)[number]
  gather(socket)
  return readFrom(client, id)
}

const borrow = (): Client | Promise<Client> => idleWriters.pop() ?? new Promise((resolve) => void waiting.push(resolve))

const giveBack = (client: Client): void => {
  const next = waiting.shift()
  if (next === undefined) idleWriters.push(client)
  else next(client)
}

/** What an update writes, as {@link updateCustomer} takes it. */
export type UpdateValues = [
  document: string,
  ledger: string,
  event: string,
  phoneChanged: boolean,
  phone: string | null
]

/**
 * Locks and reads a customer, has the change decided, writes it and commits, in two round trips. Nothing is written
 * where `decide` gives no values; an error it throws rolls back.
 */
export const modify = async (
  id: string,
  decide: (current: StoredCustomer | undefined) => UpdateValues | undefined
): Promise<void> => {
  const client = await borrow()
  try {
    // The lock comes first, and the read is a statement of its own: it sees what was committed while it waited.
    const began = client.query("BEGIN")
    const locked = client.query({ name: "lock", text: lockCustomer, values: [id] })
    const [, , current] = await Promise.all([began, locked, readFrom(client, id)])
    const values = decide(current)
    const written = values === undefined ? undefined : client.query({ name: "update", text: updateCustomer, values })
    await Promise.all([written, client.query("COMMIT")])
  } catch (error) {
    await client.query("ROLLBACK")
    throw error
  } finally {
    giveBack(client)
  }
}

/** What an insert writes, as {@link insertCustomer} takes it. */
export type InsertValues = [document: string, ledger: string, event: string, hash: string | null, phone: string | null]

/** Writes a new customer with all that belongs to her: one statement, and so one transaction. */
export const insert = async (values: InsertValues): Promise<void> => {
  const client = await borrow()
  try {
    await client.query({ name: "insert", text: insertCustomer, values })
  } finally {
    giveBack(client)
  }
}

/** Resolves when the database answers. */
export const ping = (): Promise<unknown> =>
  reading[0]?.client.query("SELECT 1") ?? Promise.reject(new Error("no connection"))

export const disconnect = (): Promise<unknown> =>
  Promise.all([...reading, ...writing].map(({ client }) => client.end()))

import { Client } from "pg"
import { using } from "./using.ts"

const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

/** Lends a connection to the database at `url`. */
export const withClient = <A>(url: string, use: (client: Client) => Promise<A>): Promise<A> =>
  using(connect(url), (client) => client.end(), use)

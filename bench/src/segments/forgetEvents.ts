import { withClient } from "../database.ts"

/** Takes out events that wait for a relay, as if they had been published long ago: counting millions keeps the service busy. */
export const forgetEvents = (databaseUrl: string): Promise<unknown> =>
  withClient(databaseUrl, (client) => client.query("TRUNCATE outbox_events CASCADE"))

import { Client } from "pg"

/** A write of customers that is under way until it is let go: whatever waits for earlier writes waits for it. */
export const beginWriting = async (url: string): Promise<{ readonly end: () => Promise<void> }> => {
  const client = new Client(url)
  await client.connect()
  await client.query("BEGIN")
  await client.query("UPDATE customer_segment_reviews SET due_at = due_at WHERE FALSE")
  return {
    end: async () => {
      await client.query("COMMIT")
      await client.end()
    }
  }
}

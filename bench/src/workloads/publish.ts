import type { Workload } from "../load/Workload.ts"
import { bodyRequest } from "./requests.ts"

/** An event to publish: its envelope as JSON, in ASCII. */
export interface PublishedEvent {
  readonly topic: string
  readonly envelope: string
}

const headers = "Host: 127.0.0.1\r\n"

/** Publishes events through a sidecar one by one, over and over, and does nothing else. */
export const publish = (events: ReadonlyArray<PublishedEvent>): Workload => {
  const exchanges = events.map(({ envelope, topic }) => ({
    request: bodyRequest("POST", `/v1.0/publish/pubsub/${topic}`, headers, envelope),
    check: () => undefined
  }))
  let turn = 0
  return {
    next: () => {
      turn = (turn + 1) % exchanges.length
      return exchanges[turn] as (typeof exchanges)[number]
    }
  }
}

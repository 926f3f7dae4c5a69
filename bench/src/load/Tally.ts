import type { Answer } from "./Answer.ts"
import { LatencyHistogram } from "./LatencyHistogram.ts"
import type { Exchange } from "./Workload.ts"

/** What came of a stream of requests, in a form that travels between processes. */
export interface StreamResult {
  readonly requests: number
  /** From the first request to the last answer. */
  readonly seconds: number
  /** How often each status came; `lost` where a connection broke, `unsent` where the pace could not be kept. */
  readonly statuses: Readonly<Record<string, number>>
  /** What the checks of the answers found, with how often. */
  readonly anomalies: Readonly<Record<string, number>>
  /** Counts by bucket of {@link LatencyHistogram}. */
  readonly latencies: ReadonlyArray<number>
}

/** Counts a stream while it runs. */
export class Tally {
  readonly #latencies = new LatencyHistogram()
  readonly #statuses = new Map<string | number, number>()
  readonly #anomalies = new Map<string, number>()
  #requests = 0

  /** Notes an answer, or that none came, after `millis`. */
  settle(exchange: Exchange, answer: Answer | undefined, millis: number): void {
    this.#requests += 1
    this.#latencies.record(millis * 1000)
    const status = answer?.status ?? "lost"
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
    if (answer === undefined || answer.status < 200 || answer.status > 299) return
    const anomaly = exchange.check(answer)
    if (anomaly !== undefined) this.#anomalies.set(anomaly, (this.#anomalies.get(anomaly) ?? 0) + 1)
  }

  /** Notes requests that were due and could not be sent. */
  unsent(count: number): void {
    if (count > 0) this.#statuses.set("unsent", count)
  }

  result(seconds: number): StreamResult {
    return {
      requests: this.#requests,
      seconds,
      statuses: Object.fromEntries(this.#statuses),
      anomalies: Object.fromEntries(this.#anomalies),
      latencies: this.#latencies.toJSON()
    }
  }
}

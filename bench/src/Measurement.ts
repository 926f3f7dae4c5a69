import { LatencyHistogram } from "./load/LatencyHistogram.ts"
import type { StreamResult } from "./load/Tally.ts"
import type { ServiceName } from "./services.ts"
import type { ServiceMetrics } from "./serviceMetrics.ts"

/** One slice of one service. Latencies in milliseconds. */
export interface Measurement {
  readonly service: ServiceName
  readonly requests: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Answers that are no success, connections that broke, requests that could not be sent. */
  readonly failures: Readonly<Record<string, number>>
  readonly anomalies: Readonly<Record<string, number>>
  readonly residentMegabytes: number
  readonly cpuMillisPer1000: number
  readonly cacheHits: number
  readonly cacheMisses: number
}

/** A measurement of which nothing is known yet. */
export const nothingMeasured = (service: ServiceName): Measurement => ({
  service,
  requests: 0,
  perSecond: Number.NaN,
  p50: Number.NaN,
  p95: Number.NaN,
  p99: Number.NaN,
  failures: {},
  anomalies: {},
  residentMegabytes: Number.NaN,
  cpuMillisPer1000: Number.NaN,
  cacheHits: 0,
  cacheMisses: 0
})

const isSuccess = (status: string): boolean => /^2\d\d$/.test(status)

/** What a slice came to: the stream's result, and what the service said of itself before and after. */
export const measurementOf = (
  service: ServiceName,
  stream: StreamResult,
  before: ServiceMetrics,
  after: ServiceMetrics
): Measurement => {
  const latencies = new LatencyHistogram(stream.latencies)
  const within = (fraction: number) => latencies.percentile(fraction) / 1000
  return {
    service,
    requests: stream.requests,
    perSecond: stream.requests / stream.seconds,
    p50: within(0.5),
    p95: within(0.95),
    p99: within(0.99),
    failures: Object.fromEntries(Object.entries(stream.statuses).filter(([status]) => !isSuccess(status))),
    anomalies: stream.anomalies,
    residentMegabytes: after.residentBytes / 2 ** 20,
    cpuMillisPer1000: ((after.cpuSeconds - before.cpuSeconds) * 1_000_000) / stream.requests,
    cacheHits: after.cacheHits - before.cacheHits,
    cacheMisses: after.cacheMisses - before.cacheMisses
  }
}

import { type Measurement } from "./Measurement.ts"
import type { Group, ScenarioReport } from "./scenarios/Bench.ts"
import type { ServiceName } from "./services.ts"
import { addCounts, median } from "./statistics.ts"

const columns = [
  "scenario",
  "service",
  "req/s",
  "P50 ms",
  "P95 ms",
  "P99 ms",
  "failed",
  "RSS MiB",
  "CPU ms/1000",
  "ratio"
]

const number = (value: number, digits: number): string => (Number.isNaN(value) ? "–" : value.toFixed(digits))

/** The median with the smallest and the largest, where they differ. */
const spread = (values: ReadonlyArray<number>, digits: number): string => {
  const middle = number(median(values), digits)
  if (values.length < 2) return middle
  return `${middle} (${number(Math.min(...values), digits)}–${number(Math.max(...values), digits)})`
}

const of = ({ slices }: Group, service: ServiceName): ReadonlyArray<Measurement> =>
  slices.filter((slice) => slice.service === service)

/**
 * Ours to the peer's, round by round, so that what both suffered at the time cancels out; the median of all. NaN where
 * there is no such peer.
 */
export const ratio = (group: Group, pick: (slice: Measurement) => number, peerName: ServiceName = "bare"): number => {
  const peer = of(group, peerName)
  return median(
    of(group, "ours").flatMap((slice, round) => {
      const beside = peer[round]
      return beside === undefined ? [] : [pick(slice) / pick(beside)]
    })
  )
}

const peerIn = ({ slices }: Group): ServiceName =>
  slices.some(({ service }) => service === "earlier") ? "earlier" : "bare"

const serviceRow = (group: Group, service: ServiceName): ReadonlyArray<string> => {
  const slices = of(group, service)
  const all = (pick: (slice: Measurement) => number) => slices.map(pick)
  const failures = addCounts([...slices.map((slice) => slice.failures), ...slices.map((slice) => slice.anomalies)])
  const failed = Object.entries(failures).map(([name, count]) => `${count} ${name}`)
  const cpuRatio = ratio(group, (slice) => slice.cpuMillisPer1000, peerIn(group))
  return [
    group.label,
    service,
    spread(
      all((slice) => slice.perSecond),
      0
    ),
    number(median(all((slice) => slice.p50)), 2),
    number(median(all((slice) => slice.p95)), 2),
    spread(
      all((slice) => slice.p99),
      2
    ),
    failed.length === 0 ? "0" : failed.join(", "),
    number(median(all((slice) => slice.residentMegabytes)), 0),
    spread(
      all((slice) => slice.cpuMillisPer1000),
      1
    ),
    service === "ours" ? number(cpuRatio, 2) : ""
  ]
}

const groupRows = (group: Group): ReadonlyArray<ReadonlyArray<string>> =>
  [...new Set(group.slices.map((slice) => slice.service))].map((service) => serviceRow(group, service))

/** Rows under their headings, in columns of equal width. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()
    )
    .join("\n")
}

const startRows = ({ startMillis = {} }: ScenarioReport): ReadonlyArray<string> =>
  Object.entries(startMillis).map(([service, millis]) => `start to ready  ${service}  ${spread(millis, 0)} ms`)

const loginRows = ({ loginCosts = [] }: ScenarioReport): ReadonlyArray<string> => {
  if (loginCosts.length === 0) return []
  const [logins, hashes] = [loginCosts.map(({ login }) => login), loginCosts.map(({ hash }) => hash)]
  return [`CPU of a login  ${spread(logins, 2)} ms, of its hash alone  ${spread(hashes, 2)} ms`]
}

const memoryRows = ({ memory = [] }: ScenarioReport): ReadonlyArray<string> =>
  memory.map(({ service, samples, megabytesPerMinute }) => {
    const megabytes = samples.map(([, size]) => size)
    return `memory  ${service}  from ${number(megabytes[0] ?? Number.NaN, 0)} to ${number(megabytes.at(-1) ?? Number.NaN, 0)} MiB, at most ${number(Math.max(...megabytes), 0)}; ${number(megabytesPerMinute, 2)} MiB a minute over the second half`
  })

const segmentRows = ({ recomputes = [], reviewCosts = [] }: ScenarioReport): ReadonlyArray<string> => [
  ...recomputes.map(
    ({ label, moves, peakMegabytes, seconds }) =>
      `recompute, ${label}  ${number(seconds, 1)} s, at most ${number(peakMegabytes, 0)} MiB, ${moves} moves`
  ),
  ...reviewCosts.map(({ label, micros, moves }) => `review, ${label}  ${number(micros, 0)} µs of CPU, ${moves} moves`)
]

/** The whole report for people to read. */
export const renderReport = (reports: ReadonlyArray<ScenarioReport>): string => {
  const rows = reports.flatMap(({ groups }) => groups.flatMap(groupRows))
  const lines = reports.flatMap((report) => [
    ...startRows(report),
    ...loginRows(report),
    ...memoryRows(report),
    ...segmentRows(report)
  ])
  return [...(rows.length === 0 ? [] : [table([columns, ...rows])]), ...lines].join("\n")
}

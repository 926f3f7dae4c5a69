import type { Measurement } from "./Measurement.ts"
import { ratio } from "./report.ts"
import type { Group, ScenarioReport } from "./scenarios/Bench.ts"
import { median } from "./statistics.ts"

/** A figure that is to be reached, and what it came to. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly atMost?: number
  readonly atLeast?: number
  readonly reached: boolean
}

type Bound = { readonly atMost: number } | { readonly atLeast: number }

const figure = (name: string, value: number, bound: Bound): ReadonlyArray<Figure> => {
  if (Number.isNaN(value)) return []
  const reached = "atMost" in bound ? value <= bound.atMost : value >= bound.atLeast
  return [{ name, value, ...bound, reached }]
}

const ours = (group: Group, pick: (slice: Measurement) => number): number =>
  median(group.slices.filter((slice) => slice.service === "ours").map(pick))

const total = (group: Group, pick: (slice: Measurement) => number): number =>
  group.slices.filter((slice) => slice.service === "ours").reduce((sum, slice) => sum + pick(slice), 0)

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0)

const cpu = (slice: Measurement): number => slice.cpuMillisPer1000
const perSecond = (slice: Measurement): number => slice.perSecond
const p95 = (slice: Measurement): number => slice.p95
const p99 = (slice: Measurement): number => slice.p99
const failed = (slice: Measurement): number => sum(slice.failures)
const stale = (slice: Measurement): number => slice.anomalies["stale read"] ?? 0

const hitRatio = (group: Group): number => {
  const hits = total(group, (slice) => slice.cacheHits)
  return hits / (hits + total(group, (slice) => slice.cacheMisses))
}

/** The figures of a group, by its label. */
const figuresOf: Readonly<Record<string, (group: Group) => ReadonlyArray<Figure>>> = {
  "hot read": (group) => [
    ...figure("hot read: CPU, ours to bare", ratio(group, cpu), { atMost: 1.5 }),
    ...figure("hot read: CPU, ours to the earlier build", ratio(group, cpu, "earlier"), { atMost: 1.05 }),
    ...figure("hot read: requests a second", ours(group, perSecond), { atLeast: 20_000 }),
    ...figure("hot read: failed requests", total(group, failed), { atMost: 0 })
  ],
  "cold read": (group) => figure("cold read: CPU, ours to bare", ratio(group, cpu), { atMost: 1.4 }),
  "90/10": (group) => [
    ...figure("90/10: CPU, ours to bare", ratio(group, cpu), { atMost: 1.5 }),
    ...figure("90/10: cache hit ratio", hitRatio(group), { atLeast: 0.9 }),
    ...figure("90/10: stale reads", total(group, stale), { atMost: 0 }),
    ...figure(
      "90/10: memory, ours to bare",
      ratio(group, (slice) => slice.residentMegabytes),
      { atMost: 1.2 }
    )
  ],
  "logins at 50/s": (group) => figure("logins: failed", total(group, failed), { atMost: 0 }),
  create: (group) => figure("create: CPU, ours to bare", ratio(group, cpu), { atMost: 1.1 }),
  "90/10 at 2,000/s": (group) => [
    ...figure(
      "2,000/s: P50 in ms",
      ours(group, (slice) => slice.p50),
      { atMost: 1 }
    ),
    ...figure(
      "2,000/s: P95 in ms",
      ours(group, (slice) => slice.p95),
      { atMost: 4 }
    ),
    ...figure("2,000/s: P99 in ms", ours(group, p99), { atMost: 15 })
  ],
  relay: (group) => [
    ...figure("relay: events a second, ours to a bare loop", ratio(group, perSecond), { atLeast: 0.7 }),
    ...figure("relay: events not published", total(group, failed), { atMost: 0 })
  ],
  "commit to bus at 200/s": (group) => [
    ...figure("commit to bus: P99 in ms", ours(group, p99), { atMost: 250 }),
    ...figure("commit to bus: events not published", total(group, failed), { atMost: 0 })
  ],
  "consume through daprd": (group) => [
    ...figure("consume: order events a second", ours(group, perSecond), { atLeast: 1500 }),
    ...figure("consume: order events not applied", total(group, failed), { atMost: 0 })
  ]
}

/** What creates or logins do to the reads that come in meanwhile. */
const p99Beside = (groups: ReadonlyArray<Group>, others: "creates" | "logins"): ReadonlyArray<Figure> => {
  const beside = groups.find(({ label }) => label.endsWith(`beside ${others}`))
  const alone = groups.find(({ label }) => label.endsWith(`no ${others}`))
  if (beside === undefined || alone === undefined) return []
  return figure(`${others}: P99 of reads beside, to P99 without`, ours(beside, p99) / ours(alone, p99), { atMost: 3 })
}

const listFigures = ({ scenario, groups }: ScenarioReport): ReadonlyArray<Figure> =>
  scenario === "list"
    ? groups.flatMap((group) =>
        figure(
          `${group.label}: P95 in ms`,
          ours(group, (slice) => slice.p95),
          { atMost: 20 }
        )
      )
    : []

const loginFigures = ({ loginCosts = [] }: ScenarioReport): ReadonlyArray<Figure> =>
  figure("logins: CPU of each, to that of its hash alone", median(loginCosts.map(({ hash, login }) => login / hash)), {
    atMost: 1.1
  })

const startFigures = ({ startMillis = {} }: ScenarioReport): ReadonlyArray<Figure> =>
  figure("start to ready in ms", median(startMillis["ours"] ?? []), { atMost: 1500 })

const memoryFigures = ({ memory = [] }: ScenarioReport): ReadonlyArray<Figure> =>
  memory.flatMap(({ service, megabytesPerMinute }) =>
    service === "ours" ? figure("soak: growth in MiB a minute", megabytesPerMinute, { atMost: 0.5 }) : []
  )

const segmentFigures = ({ groups, recomputes = [], reviewCosts = [] }: ScenarioReport): ReadonlyArray<Figure> => [
  ...groups.flatMap((group) =>
    group.label.startsWith("preview, ")
      ? figure(`${group.label}: P95 in ms`, ours(group, p95), { atMost: 1000 })
      : group.label.startsWith("order event to ")
        ? figure(`${group.label}: P95 in ms`, ours(group, p95), { atMost: 200 })
        : []
  ),
  // The first time everybody moves; the figures are of segments that are there.
  ...recomputes
    .slice(1)
    .flatMap(({ label, peakMegabytes, seconds }) => [
      ...figure(`recompute, ${label}: seconds`, seconds, { atMost: 180 }),
      ...figure(`recompute, ${label}: peak in MiB`, peakMegabytes, { atMost: 300 })
    ]),
  ...reviewCosts.flatMap(({ label, micros }) => figure(`review, ${label}: CPU in µs`, micros, { atMost: 1000 }))
]

/** What the reports say of the figures that are to be reached. */
export const figures = (reports: ReadonlyArray<ScenarioReport>): ReadonlyArray<Figure> =>
  reports.flatMap((report) => [
    ...report.groups.flatMap((group) => figuresOf[group.label]?.(group) ?? []),
    ...p99Beside(report.groups, "creates"),
    ...p99Beside(report.groups, "logins"),
    ...loginFigures(report),
    ...listFigures(report),
    ...startFigures(report),
    ...memoryFigures(report),
    ...segmentFigures(report)
  ])

/** One figure as the cells of a table. */
export const figureRow = ({ name, value, atMost, atLeast, reached }: Figure): ReadonlyArray<string> => [
  name,
  Number.isInteger(value) ? String(value) : value.toFixed(2),
  atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`,
  reached ? "reached" : "MISSED"
]

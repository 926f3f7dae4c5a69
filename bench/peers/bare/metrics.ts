const bounds = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500]

/** Counts of one route: requests by status, and how long they took. */
export class RouteCounts {
  readonly route: string
  readonly statuses = new Uint32Array(600)
  readonly buckets = new Uint32Array(bounds.length + 1)
  sumMillis = 0

  constructor(route: string) {
    this.route = route
  }

  note(status: number, millis: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
    let bucket = 0
    while (bucket < bounds.length && millis > (bounds[bucket] ?? 0)) bucket += 1
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1
    this.sumMillis += millis
  }
}

export const routes = {
  read: new RouteCounts("GET /v1/customers/{customerId}"),
  update: new RouteCounts("PUT /v1/customers/{customerId}"),
  create: new RouteCounts("POST /v1/customers"),
  other: new RouteCounts("other")
}

export const cache = { hits: 0, misses: 0 }

const routeLines = ({ route, statuses, buckets, sumMillis }: RouteCounts): ReadonlyArray<string> => {
  const lines: Array<string> = []
  statuses.forEach((count, status) => {
    if (count > 0) lines.push(`http_requests_total{route="${route}",status="${status}"} ${count}`)
  })
  let count = 0
  buckets.forEach((held, index) => {
    count += held
    const bound = bounds[index] === undefined ? "+Inf" : (bounds[index] ?? 0) / 1000
    lines.push(`http_request_duration_seconds_bucket{route="${route}",le="${bound}"} ${count}`)
  })
  return [
    ...lines,
    `http_request_duration_seconds_sum{route="${route}"} ${sumMillis / 1000}`,
    `http_request_duration_seconds_count{route="${route}"} ${count}`
  ]
}

/** All metrics in Prometheus's text form. */
export const renderMetrics = (): string => {
  const { user, system } = process.cpuUsage()
  return [
    `process_cpu_seconds_total ${(user + system) / 1e6}`,
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    `customer_cache_hits_total ${cache.hits}`,
    `customer_cache_misses_total ${cache.misses}`,
    ...Object.values(routes).flatMap(routeLines),
    ""
  ].join("\n")
}

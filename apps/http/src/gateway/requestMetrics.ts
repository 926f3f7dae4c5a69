import { Context, Metric } from "effect"

const duration = Metric.histogram("http_request_duration_seconds", {
  description: "Time from a request's arrival to its answer",
  boundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
})

const total = Metric.counter("http_requests_total", { description: "Requests answered", incremental: true })

const context = Context.empty()

const makeSeries = (method: string, route: string, status: number) => ({
  duration: Metric.withAttributes(duration, { method, route }),
  total: Metric.withAttributes(total, { method, route, status: String(status) })
})

const series = new Map<string, ReturnType<typeof makeSeries>>()

/** Counts one answered request under its route's template, and its time in milliseconds. */
export const count = (method: string, route: string, status: number, milliseconds: number): void => {
  const key = `${method} ${route} ${status}`
  let found = series.get(key)
  if (found === undefined) {
    found = makeSeries(method, route, status)
    series.set(key, found)
  }
  found.duration.updateUnsafe(milliseconds / 1000, context)
  found.total.updateUnsafe(1, context)
}

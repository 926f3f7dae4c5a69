/** What a service tells of itself. */
export interface ServiceMetrics {
  readonly cpuSeconds: number
  readonly residentBytes: number
  readonly cacheHits: number
  readonly cacheMisses: number
}

/** The sum of a metric over all its labels, in Prometheus's text form; 0 where it does not occur. */
export const sumOf = (text: string, metric: string): number =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(/[}\s]\s*([^\s{}]+)(?:\s+\d+)?$/.exec(line)?.[1]), 0)

const readText = async (port: number): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  const text = await answer.text()
  if (!answer.ok || !text.includes("process_cpu_seconds_total")) {
    throw new Error(`/metrics answers ${answer.status} without process_cpu_seconds_total`)
  }
  return text
}

/** Reads one metric of `/metrics`, summed over its labels. */
export const readMetric = async (port: number, metric: string): Promise<number> => sumOf(await readText(port), metric)

/** Reads `/metrics`. */
export const readMetrics = async (port: number): Promise<ServiceMetrics> => {
  const text = await readText(port)
  return {
    cpuSeconds: sumOf(text, "process_cpu_seconds_total"),
    residentBytes: sumOf(text, "process_resident_memory_bytes"),
    cacheHits: sumOf(text, "customer_cache_hits_total"),
    cacheMisses: sumOf(text, "customer_cache_misses_total")
  }
}

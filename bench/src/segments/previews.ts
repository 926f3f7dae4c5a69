import { nothingMeasured } from "../Measurement.ts"
import type { Measured } from "../scenarios/slices.ts"
import type { Service } from "../services.ts"
import { percentile } from "../statistics.ts"
import { previewedRules } from "./rules.ts"

const each = 25

const path = "/v1/customers/segments/preview"

interface Previewed {
  readonly millis: number
  /** How many customers the rule fits; undefined where that was not found out in time. */
  readonly found: number | undefined
}

const preview = async ({ port }: Service, token: string, rule: string): Promise<Previewed> => {
  const start = performance.now()
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ rule })
  })
  const body = (await answer.json()) as { readonly data?: { readonly count: number } }
  if (answer.status !== 200 && answer.status !== 503) throw new Error(`${path} is answered with ${answer.status}`)
  return { millis: performance.now() - start, found: body.data?.count }
}

/** What requests one after the other came to; those that took too long for an answer count with what they took. */
const measurementOf = (previews: ReadonlyArray<Previewed>): Measured[number][1] => {
  const millis = previews.map((each) => each.millis)
  const late = previews.filter(({ found }) => found === undefined).length
  return {
    ...nothingMeasured("ours"),
    requests: millis.length,
    perSecond: (millis.length * 1000) / millis.reduce((sum, one) => sum + one, 0),
    p50: percentile(millis, 0.5),
    p95: percentile(millis, 0.95),
    p99: percentile(millis, 0.99),
    failures: late === 0 ? {} : { "timed out": late }
  }
}

/** Previews of rules over HTTP, one after the other; the first of each rule counts as well. */
export const measurePreviews = async (
  service: Service,
  token: string,
  tell: (line: string) => void
): Promise<Measured> => {
  const measured: Array<Measured[number]> = []
  const all: Array<Previewed> = []
  for (const [name, rule] of Object.entries(previewedRules)) {
    const previews: Array<Previewed> = []
    for (let turn = 0; turn < each; turn++) previews.push(await preview(service, token, rule))
    const measurement = measurementOf(previews)
    const found = previews.at(-1)?.found?.toLocaleString("en") ?? "?"
    tell(`  ${name}: ${found} customers, P50 ${measurement.p50.toFixed(0)} ms, P95 ${measurement.p95.toFixed(0)} ms`)
    all.push(...previews)
    measured.push([`preview, ${name}`, measurement])
  }
  return [...measured, ["preview, all rules", measurementOf(all)]]
}

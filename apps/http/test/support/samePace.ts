import { expect } from "vitest"
import type { Answer } from "./requests.ts"

/** Two kinds of requests that nobody may be able to tell apart; each makes the next request of its kind. */
export interface Pair {
  readonly known: (index: number) => Promise<Answer>
  readonly unknown: (index: number) => Promise<Answer>
}

/** How long requests of the two kinds took in the middle, in milliseconds. */
export interface Pace {
  readonly known: number
  readonly unknown: number
  /** By how much the one took longer than the other that was sent next to it, in the middle. */
  readonly apart: number
}

const median = (times: ReadonlyArray<number>): number => {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** What differs between any two answers: the request's own id, the clock and the count of requests. */
const volatile = /^(date|x-correlation-id|ratelimit-(remaining|reset)|retry-after)$/

/** All that an answer tells, without what differs between any two. */
const told = ({ headers, status, text }: Answer): string =>
  JSON.stringify([
    status,
    text.replaceAll(headers.get("x-correlation-id") ?? "", ""),
    [...headers].filter(([name]) => !volatile.test(name))
  ])

const timed = async (request: () => Promise<Answer>): Promise<readonly [number, Answer]> => {
  const started = performance.now()
  const answer = await request()
  return [performance.now() - started, answer]
}

/** Sends `samples` requests of both kinds by turns; every one of them must tell the same. */
export const compare = async ({ known, unknown }: Pair, samples: number): Promise<Pace> => {
  const times = { known: Array.of<number>(), unknown: Array.of<number>() }
  const answers = new Set<string>()
  for (let index = 0; index < samples; index += 1) {
    // Which goes first changes as well: the second finds everything warm.
    const order = index % 2 === 0 ? (["known", "unknown"] as const) : (["unknown", "known"] as const)
    for (const kind of order) {
      const [time, answer] = await timed(() => (kind === "known" ? known : unknown)(index))
      times[kind].push(time)
      answers.add(told(answer))
    }
  }
  expect([...answers]).toHaveLength(1)
  const differences = times.known.map((time, index) => time - (times.unknown[index] ?? time))
  return { known: median(times.known), unknown: median(times.unknown), apart: median(differences) }
}

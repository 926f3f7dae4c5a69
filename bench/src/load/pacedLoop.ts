import type { Answer } from "./Answer.ts"
import { Connection, type Target } from "./Connection.ts"
import { startPacer } from "./Pacer.ts"
import { dueBy, intendedAt, type Pace } from "./pacing.ts"
import { type StreamResult, Tally } from "./Tally.ts"
import type { Exchange, Workload } from "./Workload.ts"

/** For how long requests that are late are waited for, after the last was due. */
const graceMillis = 5000

/** A connection of an open loop, with the request it carries. */
class Lane {
  readonly connection: Connection
  exchange: Exchange | undefined
  intended = 0

  constructor(target: Target, settle: (lane: Lane, answer: Answer | undefined) => void) {
    this.connection = new Connection(target.port, (answer) => settle(this, answer))
  }
}

/**
 * Sends requests at an even pace, whether or not earlier ones are answered. A latency counts from the moment when
 * its request was due, so that a service that stalls is charged for all that had to wait meanwhile.
 */
class PacedRun {
  readonly #tally: Tally
  readonly #workload: Workload
  readonly #lanes: ReadonlyArray<Lane>
  readonly #idle: Array<Lane>
  #pace: Pace = { start: Number.POSITIVE_INFINITY, perSecond: 1, requests: 0 }
  #sent = 0
  #settled = 0
  #finished = () => {}

  constructor(target: Target, workload: Workload, tally: Tally, connections: number) {
    this.#tally = tally
    this.#workload = workload
    this.#lanes = Array.from(
      { length: connections },
      () => new Lane(target, (lane, answer) => this.#settle(lane, answer))
    )
    this.#idle = [...this.#lanes]
  }

  open(): Promise<unknown> {
    return Promise.all(this.#lanes.map((lane) => lane.connection.open()))
  }

  /** Resolves when the last request is answered, or when those still open are given up. */
  run(pace: Pace): Promise<void> {
    this.#pace = pace
    return new Promise((resolve) => {
      const lastMillis = intendedAt(pace, pace.requests) - pace.start
      const giveUp = setTimeout(resolve, lastMillis + graceMillis)
      this.#finished = () => {
        clearTimeout(giveUp)
        resolve()
      }
    })
  }

  /** Sends what is due, as far as there are idle connections. */
  readonly dispatch = (): void => {
    const due = dueBy(this.#pace, performance.now())
    while (this.#sent < due) {
      const lane = this.#idle.shift()
      if (lane === undefined) return
      lane.intended = intendedAt(this.#pace, this.#sent)
      lane.exchange = this.#workload.next()
      this.#sent += 1
      lane.connection.send(lane.exchange.request)
    }
  }

  close(): void {
    this.#tally.unsent(this.#pace.requests - this.#settled)
    this.#finished = () => {}
    for (const lane of this.#lanes) lane.connection.close()
  }

  #settle(lane: Lane, answer: Answer | undefined): void {
    if (lane.exchange !== undefined) this.#tally.settle(lane.exchange, answer, performance.now() - lane.intended)
    this.#settled += 1
    this.#idle.push(lane)
    if (this.#settled === this.#pace.requests) return this.#finished()
    this.dispatch()
  }
}

/** Sends `perSecond` requests a second over as many connections as are idle, for some seconds. */
export const pacedLoop = async (
  target: Target,
  workload: Workload,
  { connections, perSecond, seconds }: { connections: number; perSecond: number; seconds: number }
): Promise<StreamResult> => {
  const tally = new Tally()
  const run = new PacedRun(target, workload, tally, connections)
  await run.open()
  const pacer = await startPacer(1000 / perSecond, run.dispatch)
  const start = performance.now()
  await run.run({ start, perSecond, requests: Math.round(perSecond * seconds) })
  await pacer.stop()
  run.close()
  return tally.result((performance.now() - start) / 1000)
}

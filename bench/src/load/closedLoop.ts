import type { Answer } from "./Answer.ts"
import { Connection, type Target } from "./Connection.ts"
import { type StreamResult, Tally } from "./Tally.ts"
import type { Exchange, Workload } from "./Workload.ts"

/** One connection of a closed loop: the next request goes out as soon as the last is answered. */
class Lane {
  readonly #workload: Workload
  readonly #tally: Tally
  readonly #connection: Connection
  readonly #finished: () => void
  #exchange: Exchange | undefined
  #sentAt = 0
  #until = 0

  constructor(target: Target, workload: Workload, tally: Tally, finished: () => void) {
    this.#workload = workload
    this.#tally = tally
    this.#finished = finished
    this.#connection = new Connection(target.port, (answer) => this.#settle(answer))
  }

  open(): Promise<void> {
    return this.#connection.open()
  }

  start(until: number): void {
    this.#until = until
    this.#send(performance.now())
  }

  #send(now: number): void {
    this.#exchange = this.#workload.next()
    this.#sentAt = now
    this.#connection.send(this.#exchange.request)
  }

  #settle(answer: Answer | undefined): void {
    const now = performance.now()
    if (this.#exchange !== undefined) this.#tally.settle(this.#exchange, answer, now - this.#sentAt)
    if (now < this.#until) return this.#send(now)
    this.#connection.close()
    this.#finished()
  }
}

/** Keeps a number of connections busy for some seconds: as much as the service can take. */
export const closedLoop = async (
  target: Target,
  workload: Workload,
  connections: number,
  seconds: number
): Promise<StreamResult> => {
  const tally = new Tally()
  const { promise, resolve } = Promise.withResolvers<void>()
  let open = connections
  const finished = () => {
    open -= 1
    if (open === 0) resolve()
  }
  const lanes = Array.from({ length: connections }, () => new Lane(target, workload, tally, finished))
  await Promise.all(lanes.map((lane) => lane.open()))
  const start = performance.now()
  for (const lane of lanes) lane.start(start + seconds * 1000)
  await promise
  return tally.result((performance.now() - start) / 1000)
}

import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { type PacerData, stopIndex, tickIndex } from "./pacerThread.ts"

/** Timers of the event loop are exact to a millisecond; a thread of its own waits for fractions of one. */
export interface Pacer {
  readonly stop: () => Promise<void>
}

const program = new URL("./pacerThread.ts", import.meta.url)

/** Calls `wake` at even intervals, from a thread that does nothing but wait for them; resolves when it does so. */
export const startPacer = async (intervalMillis: number, wake: () => void): Promise<Pacer> => {
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const data: PacerData = { shared, intervalMillis }
  const worker = new Worker(program, { workerData: data })
  const ended = once(worker, "exit")

  const nextTick = async (seen: number): Promise<number> => {
    await Atomics.waitAsync(shared, tickIndex, seen).value
    return Atomics.load(shared, tickIndex)
  }

  const follow = async (first: number): Promise<void> => {
    let seen = first
    while (Atomics.load(shared, stopIndex) === 0) {
      wake()
      seen = await nextTick(seen)
    }
  }

  const following = follow(await nextTick(0))
  return {
    stop: async () => {
      Atomics.store(shared, stopIndex, 1)
      Atomics.notify(shared, stopIndex)
      await Promise.all([following, ended])
    }
  }
}

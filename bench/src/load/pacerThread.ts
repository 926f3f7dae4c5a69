import { workerData } from "node:worker_threads"

/** What the thread is started with. */
export interface PacerData {
  /** At {@link stopIndex} 1 ends the thread; at {@link tickIndex} it counts its ticks. */
  readonly shared: Int32Array<SharedArrayBuffer>
  readonly intervalMillis: number
}

export const stopIndex = 0
export const tickIndex = 1

const tick = (shared: PacerData["shared"]): void => {
  Atomics.add(shared, tickIndex, 1)
  Atomics.notify(shared, tickIndex)
}

const tickUntilStopped = ({ shared, intervalMillis }: PacerData): void => {
  let next = performance.now()
  while (Atomics.load(shared, stopIndex) === 0) {
    next = Math.max(next + intervalMillis, performance.now())
    Atomics.wait(shared, stopIndex, 0, next - performance.now())
    tick(shared)
  }
  // It may have been told to stop just after a tick that was already followed: whoever waits now would wait for good.
  tick(shared)
}

if (workerData !== null) tickUntilStopped(workerData as PacerData)

import type { Writable } from "node:stream"

/**
 * Makes a function that holds back what is written to a stream until the event loop has run all that is ready, so
 * that requests which came in together leave in one write.
 */
export const gatherWrites = (): ((stream: Writable) => void) => {
  let corked = false
  return (stream) => {
    if (corked) return
    corked = true
    stream.cork()
    setImmediate(() => {
      corked = false
      stream.uncork()
    })
  }
}

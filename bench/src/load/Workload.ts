import type { Answer } from "./Answer.ts"

/** One request on its way. */
export interface Exchange {
  /** The whole HTTP/1.1 request, ready to be written. */
  readonly request: string
  /** Names what is wrong with an answer of status 2xx; undefined where it is as it should be. */
  readonly check: (answer: Answer) => string | undefined
}

/** Decides what is asked next. */
export interface Workload {
  readonly next: () => Exchange
}

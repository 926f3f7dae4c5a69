import type { Answer } from "../load/Answer.ts"
import type { Workload } from "../load/Workload.ts"
import { commonHeaders, getRequest } from "./requests.ts"

interface Page {
  readonly data: { readonly customers: ReadonlyArray<unknown>; readonly page: { readonly nextCursor?: string } }
}

/** One walk through a list, from where it began to its end and over again. */
class Walk {
  readonly #beginning: string
  #path: string

  constructor(beginning: string) {
    this.#beginning = beginning
    this.#path = beginning
  }

  get path(): string {
    return this.#path
  }

  follow(answer: Answer): string | undefined {
    const { customers, page } = (JSON.parse(answer.body()) as Page).data
    const [withoutCursor] = this.#beginning.split("&cursor=")
    this.#path = page.nextCursor === undefined ? this.#beginning : `${withoutCursor}&cursor=${page.nextCursor}`
    return customers.length === 0 && page.nextCursor !== undefined ? "empty page before the last" : undefined
  }
}

/** Walks a list page by page from several places in turn: `beginnings` are paths, with a cursor at their end. */
export const walk = (token: string, beginnings: ReadonlyArray<string>): Workload => {
  const headers = commonHeaders(token)
  const walks = beginnings.map((beginning) => new Walk(beginning))
  let turn = 0
  return {
    next: () => {
      turn += 1
      const current = walks[turn % walks.length] as Walk
      return { request: getRequest(current.path, headers), check: (answer) => current.follow(answer) }
    }
  }
}

import { createCustomer } from "./customers.ts"
import type { Service } from "./service.ts"
import { serviceToken } from "./tokens.ts"

/** Customers that are created and changed, one after the other, until somebody says that it is enough. */
export interface Writing {
  /** How many changes were answered with success. */
  readonly count: () => number
  readonly stop: () => Promise<void>
}

const changesEach = 4

/** Begins to write, in so many lanes. */
export const beginWriting = async (service: Service, lanes = 4): Promise<Writing> => {
  const token = await serviceToken()
  const state = { count: 0, isOver: false }
  const lane = async (): Promise<void> => {
    while (!state.isOver) {
      const { path } = await createCustomer(service)
      for (let change = 1; change <= changesEach && !state.isOver; change += 1) {
        await service.send("PUT", path, { token, body: { profile: { firstName: `Jane ${change}` } } })
        state.count += 1
      }
    }
  }
  const working = Promise.all(Array.from({ length: lanes }, lane))
  return {
    count: () => state.count,
    stop: async () => {
      state.isOver = true
      await working
    }
  }
}

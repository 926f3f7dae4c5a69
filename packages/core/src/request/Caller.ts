import { Context } from "effect"

/** Where the running request comes from, as far as it is known. Both are bounded and safe to store. */
export interface Caller {
  /** The network address that attempts are counted under; an IPv6 caller is counted by her /64. */
  readonly address?: string | undefined
  /** The program that she uses, in its own words; at most 200 characters. */
  readonly userAgent?: string | undefined
}

/** The caller of the running request; nothing is known of her in code that embeds the core. */
export const CurrentCaller = Context.Reference<Caller>("@customer-service/core/CurrentCaller", {
  defaultValue: () => ({})
})

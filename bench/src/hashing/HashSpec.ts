/** Hashes to compute: of which password, against which stored hash, how many a second, for how long. */
export interface HashSpec {
  readonly password: string
  readonly stored: string
  readonly perSecond: number
  readonly seconds: number
}

/** What came of it. */
export type HashReply = { readonly cpuMillisPerHash: number } | { readonly problem: string }

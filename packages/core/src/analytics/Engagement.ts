import { DateTime, Schema } from "effect"
import { standingConsents } from "../customer/Consent.ts"
import { Instant } from "../value/Instant.ts"
import { type AnalyticsFacts, counted, provenance, wholeDays } from "./AnalyticsFacts.ts"

const Part = Schema.Int

/** How near she keeps to the shop: what she agreed to, and how she logs in. */
export const Engagement = Schema.Struct({
  consents: Schema.Struct({
    granted: Schema.Array(Schema.String).annotate({
      description: "What she agreed to, by purpose and channel.",
      examples: [["marketing by email"]]
    }),
    count: Schema.Int,
    of: Schema.Int.annotate({ description: "How many consents there are." })
  }),
  logins: Schema.Struct({
    lastLoginAt: Schema.optionalKey(Instant),
    daysSince: Schema.optionalKey(Schema.Int.annotate({ description: "Whole days since her last login." })),
    last30Days: Schema.Int,
    last90Days: Schema.Int
  }),
  score: Schema.Int.annotate({ description: "0 to 100: the sum of `parts`, by the formula in docs/analytics.md." }),
  parts: Schema.Struct({
    consents: Part.annotate({ description: "Of 40: the share of consents that she granted." }),
    lastLogin: Part.annotate({ description: "Of 30: none from 90 days after her last login." }),
    logins: Part.annotate({ description: "Of 30: all from 12 logins in 90 days." })
  }),
  ...provenance
})
type Engagement = typeof Engagement.Type

const [mostForConsents, mostForLastLogin, mostForLogins] = [40, 30, 30]
const [window, manyLogins] = [90, 12]

const partsOf = (granted: number, of: number, daysSince: number | undefined, logins: number) => ({
  consents: Math.round((mostForConsents * granted) / of),
  lastLogin: daysSince === undefined ? 0 : Math.round((mostForLastLogin * Math.max(0, window - daysSince)) / window),
  logins: Math.round((mostForLogins * Math.min(logins, manyLogins)) / manyLogins)
})

const loginsOf = ({ customer: { lastLoginAt }, logins }: AnalyticsFacts, now: DateTime.Utc) =>
  lastLoginAt === undefined ? logins : { lastLoginAt, daysSince: wholeDays(lastLoginAt, now), ...logins }

/** Her engagement at `now`. */
export const engagementOf = (facts: AnalyticsFacts, now: DateTime.Utc): Engagement => {
  const consents = standingConsents(facts.customer.preferences)
  const [granted, of] = [consents.filter((consent) => consent.granted).map(({ name }) => name), consents.length]
  const logins = loginsOf(facts, now)
  const daysSince = "daysSince" in logins ? logins.daysSince : undefined
  const parts = partsOf(granted.length, of, daysSince, logins.last90Days)
  const audited = `${counted(logins.last90Days, "login")} of the last 90 days in the audit`
  return {
    consents: { granted, count: granted.length, of },
    logins,
    score: parts.consents + parts.lastLogin + parts.logins,
    parts,
    basis: `${granted.length} of ${of} consents granted as her preferences stand; ${audited}`,
    asOf: now
  }
}

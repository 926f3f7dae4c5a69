type Attributes = Readonly<Record<string, string | number | boolean>>
type AttributeChanges = Readonly<Record<string, string | number | boolean | null>>
type Flags<Name extends string> = Readonly<Record<Name, boolean>>

/** Who a customer is. */
export interface Profile {
  readonly firstName?: string
  readonly lastName?: string
  readonly phone?: string
  readonly data?: Attributes
}

/** What a customer wishes. */
export interface Preferences {
  readonly language: string
  readonly currency: string
  readonly timezone: string
  readonly marketing: Flags<"emailOptIn" | "smsOptIn" | "pushOptIn">
  readonly notifications: Flags<"orderUpdates" | "promotions" | "newsletters">
  readonly privacy: Flags<"dataSharing" | "analyticsTracking" | "cookieConsent">
  readonly custom: Attributes
}

/** The body of an update, after its check. */
export interface Changes {
  readonly profile?: Readonly<Record<string, string | null | AttributeChanges>> & {
    readonly data?: AttributeChanges | null
  }
  readonly preferences?: Partial<Omit<Preferences, "custom">> & { readonly custom?: AttributeChanges | null }
}

/** A customer as she is sent. */
export interface Customer {
  readonly id: string
  readonly email: string
  readonly status: string
  readonly phoneVerified: boolean
  readonly profile: Profile
  readonly preferences: Preferences
  readonly updatedAt: string
  readonly version: number
}

const mergeAttributes = (before: Attributes, changes: AttributeChanges | null | undefined): Attributes => {
  if (changes === null) return {}
  if (changes === undefined) return before
  const merged: Record<string, string | number | boolean> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete merged[name]
    else merged[name] = value
  }
  return merged
}

/** `before` with `changes` applied: `null` clears a field. */
export const mergeProfile = (before: Profile, changes: Changes["profile"]): Profile => {
  if (changes === undefined) return before
  const data = mergeAttributes(before.data ?? {}, changes.data)
  const merged: Record<string, unknown> = { ...before, ...changes, data }
  for (const name in merged) if (merged[name] === null) delete merged[name]
  if (Object.keys(data).length === 0) delete merged["data"]
  return merged
}

/** `before` with `changes` applied. */
export const mergePreferences = (before: Preferences, changes: Changes["preferences"]): Preferences =>
  changes === undefined
    ? before
    : {
        ...before,
        ...changes,
        marketing: { ...before.marketing, ...changes.marketing },
        notifications: { ...before.notifications, ...changes.notifications },
        privacy: { ...before.privacy, ...changes.privacy },
        custom: mergeAttributes(before.custom, changes.custom)
      }

/** Adds the dotted paths of all that differs between the two to `paths`. */
export const collectChanges = (before: object, after: object, path: string, paths: Array<string>): void => {
  const old = before as Record<string, unknown>
  const wanted = after as Record<string, unknown>
  for (const name in { ...old, ...wanted }) {
    const [one, other] = [old[name], wanted[name]]
    if (one === other) continue
    if (typeof one !== "object" && typeof other !== "object") paths.push(`${path}${name}`)
    else collectChanges(one ?? {}, other ?? {}, `${path}${name}.`, paths)
  }
}

const choices: ReadonlyArray<
  readonly [purpose: string, channel: string, group: "marketing" | "notifications" | "privacy", name: string]
> = [
  ["marketing", "email", "marketing", "emailOptIn"],
  ["marketing", "sms", "marketing", "smsOptIn"],
  ["marketing", "push", "marketing", "pushOptIn"],
  ["order_updates", "email", "notifications", "orderUpdates"],
  ["promotions", "email", "notifications", "promotions"],
  ["newsletter", "email", "notifications", "newsletters"],
  ["data_sharing", "web", "privacy", "dataSharing"],
  ["analytics", "web", "privacy", "analyticsTracking"],
  ["cookies", "web", "privacy", "cookieConsent"]
]

const granted = (
  preferences: Changes["preferences"],
  group: (typeof choices)[number][2],
  name: string
): boolean | undefined => (preferences?.[group] as Readonly<Record<string, boolean>> | undefined)?.[name]

interface By {
  readonly kind: string
  readonly subject: string
}

const ledgerLine = (purpose: string, channel: string, state: boolean, source: string, by: string) => ({
  purpose,
  channel,
  state: state ? "granted" : "withdrawn",
  source,
  recorded_by: by
})

/** A ledger line for each consent that differs. */
export const changedConsents = (before: Preferences, after: Preferences, by: By) => {
  const lines: Array<ReturnType<typeof ledgerLine>> = []
  for (const [purpose, channel, group, name] of choices) {
    const state = granted(after, group, name) ?? false
    if (state !== granted(before, group, name)) lines.push(ledgerLine(purpose, channel, state, by.kind, by.subject))
  }
  return lines
}

/** A ledger line for each consent that was given, or that the shop's defaults assume. */
export const firstConsents = (preferences: Preferences, given: Changes["preferences"], by: By) => {
  const lines: Array<ReturnType<typeof ledgerLine>> = []
  for (const [purpose, channel, group, name] of choices) {
    const state = granted(preferences, group, name) ?? false
    const said = granted(given, group, name) !== undefined
    if (said || state) lines.push(ledgerLine(purpose, channel, state, said ? by.kind : "default", by.subject))
  }
  return lines
}

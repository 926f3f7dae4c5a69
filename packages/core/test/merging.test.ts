import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { changePreferences, type PreferencesChanges } from "../src/customer/Preferences.ts"
import { changeProfile, type Profile, type ProfileChanges } from "../src/customer/Profile.ts"
import { Arbitraries } from "../src/testing/index.ts"

const { preferences, preferencesChanges, profile, profileChanges } = Arbitraries

type Fields = Readonly<Record<string, unknown>>

/** What merging means: an absent field stays, null clears, anything else is set. */
const merged = (before: Fields, changes: Fields): Fields =>
  Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null))

const withoutData = ({ data: _data, ...fields }: Profile | ProfileChanges): Fields => fields

const dataAfter = (before: Fields, changes: Fields | null | undefined): Fields =>
  changes === null ? {} : merged(before, changes ?? {})

describe("changes to a profile", () => {
  it.prop([profile, profileChanges])("set, clear and leave each field by itself", (before, changes) => {
    const after = changeProfile(before, changes)
    assert.deepStrictEqual(withoutData(after), merged(withoutData(before), withoutData(changes)))
  })

  it.prop([profile, profileChanges])("set, remove and leave each attribute by itself", (before, changes) => {
    const { data } = changeProfile(before, changes)
    assert.deepStrictEqual(data ?? {}, dataAfter(before.data ?? {}, changes.data))
  })

  it.prop([profile])("that say nothing leave everything", (before) => {
    assert.deepStrictEqual(changeProfile(before, {}), before)
  })

  it.prop([profile, profileChanges])("made twice are the same as made once", (before, changes) => {
    const once = changeProfile(before, changes)
    assert.deepStrictEqual(changeProfile(once, changes), once)
  })
})

const groups = ["marketing", "notifications", "privacy"] as const
const settings = ["language", "currency", "timezone"] as const

describe("changes to preferences", () => {
  it.prop([preferences, preferencesChanges])("set and leave each field by itself at every level", (before, changes) => {
    const after = changePreferences(before, changes)
    for (const setting of settings) assert.strictEqual(after[setting], changes[setting] ?? before[setting])
    for (const group of groups) assert.deepStrictEqual(after[group], { ...before[group], ...changes[group] })
    assert.deepStrictEqual(after.custom, dataAfter(before.custom, changes.custom))
  })

  it.prop([preferences])("that say nothing leave everything", (before) => {
    const nothing: ReadonlyArray<PreferencesChanges> = [
      {},
      { marketing: {}, notifications: {}, privacy: {}, custom: {} }
    ]
    for (const changes of nothing) assert.deepStrictEqual(changePreferences(before, changes), before)
  })

  it.prop([preferences, fc.constantFrom(...groups), fc.boolean()])(
    "to one consent leave the others",
    (before, group, on) => {
      const [name = ""] = Object.keys(before[group])
      const after = changePreferences(before, { [group]: { [name]: on } })
      assert.deepStrictEqual(after, { ...before, [group]: { ...before[group], [name]: on } })
    }
  )
})

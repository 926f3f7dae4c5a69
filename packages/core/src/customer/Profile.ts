import { Schema } from "effect"
import { AttributeChanges, Attributes, changeAttributes } from "../value/Attributes.ts"
import { PhoneNumber } from "../value/PhoneNumber.ts"
import { BirthDate } from "../value/PlainDate.ts"
import { shownAs } from "../value/shownAs.ts"
import { Text } from "../value/Text.ts"

const isWebAddress = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && (url.protocol === "https:" || url.protocol === "http:")
}

const WebAddress = Text(2048)
  .check(Schema.makeFilter(isWebAddress, { message: "must be an http or https address" }))
  .annotate({
    description: "An http or https address.",
    examples: ["https://cdn.domain.com/avatars/cust_456.jpg"],
    ...shownAs({ format: "uri" })
  })

const Gender = Schema.Literals(["male", "female", "other", "prefer_not_to_say"])

// `avatar` shares a column with the attributes, so no attribute may take its name.
const withoutAvatar = Schema.makeFilter((data: object) => !Object.hasOwn(data, "avatar"), {
  message: "must not hold avatar, which is a field of the profile itself"
})

/** Who a customer is. Fields that are not known are left out; `data` holds a shop's own attributes. */
export const Profile = Schema.Struct({
  firstName: Schema.optionalKey(Text(100)),
  lastName: Schema.optionalKey(Text(100)),
  dateOfBirth: Schema.optionalKey(BirthDate),
  gender: Schema.optionalKey(Gender),
  phone: Schema.optionalKey(PhoneNumber),
  avatar: Schema.optionalKey(WebAddress),
  data: Schema.optionalKey(Attributes.check(withoutAvatar))
}).annotate({ description: "Who she is; what is not known is left out." })
export type Profile = typeof Profile.Type

/** Changes to a {@link Profile}: an absent field stays, `null` clears it; `data` is merged key by key. */
export const ProfileChanges = Schema.Struct({
  firstName: Schema.optionalKey(Schema.NullOr(Text(100))),
  lastName: Schema.optionalKey(Schema.NullOr(Text(100))),
  dateOfBirth: Schema.optionalKey(Schema.NullOr(BirthDate)),
  gender: Schema.optionalKey(Schema.NullOr(Gender)),
  phone: Schema.optionalKey(Schema.NullOr(PhoneNumber)),
  avatar: Schema.optionalKey(Schema.NullOr(WebAddress)),
  data: Schema.optionalKey(Schema.NullOr(AttributeChanges.check(withoutAvatar)))
}).annotate({ description: "Changes to a profile: an absent field stays, null clears it." })
export type ProfileChanges = typeof ProfileChanges.Type

const withoutNulls = <T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], null> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as never

/** `profile` with `changes` applied. */
export const changeProfile = (profile: Profile, changes: ProfileChanges): Profile => {
  const { data: dataChanges, ...fields } = changes
  const { data: before, ...kept } = profile
  const data = dataChanges === null ? {} : changeAttributes(before ?? {}, dataChanges ?? {})
  const changed = withoutNulls({ ...kept, ...fields })
  return Object.keys(data).length === 0 ? changed : { ...changed, data }
}

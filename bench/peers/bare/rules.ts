import { type Fields, Issues, checkFields, type Rule } from "./Issues.ts"

const unprintable = /\p{Cc}/u
const isLine = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.length <= longest && value.isWellFormed() && !unprintable.test(value)

const line =
  (longest: number): Rule =>
  (value) =>
    isLine(value, longest) ? undefined : `must be text of at most ${longest} characters`
const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? undefined : rule(value)
const oneOf =
  (...words: ReadonlyArray<unknown>): Rule =>
  (value) =>
    words.includes(value) ? undefined : `must be one of ${words.join(", ")}`
const flag: Rule = (value) => (typeof value === "boolean" ? undefined : "must be true or false")

const birthDate: Rule = (value) => {
  const wellFormed = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && value >= "1900-01-01"
  const date = new Date(`${String(value)}T00:00:00.000Z`)
  const exists = wellFormed && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
  return exists && date.getTime() <= Date.now()
    ? undefined
    : "must be an existing day written YYYY-MM-DD, 1900 to today"
}

const phone: Rule = (value) => {
  const digits = typeof value === "string" ? value.replace(/[^0-9]/g, "").length : 0
  const dialable = isLine(value, 40) && /^\+?[0-9\s().\-/]+$/.test(value) && digits >= 7 && digits <= 15
  return dialable ? undefined : "must be a telephone number of 7 to 15 digits"
}

const webAddress: Rule = (value) =>
  isLine(value, 2048) && /^https?:$/.test(URL.parse(value)?.protocol ?? "") ? undefined : "must be a web address"

const email: Rule = (value) => {
  const text = typeof value === "string" ? value.trim() : ""
  const wellFormed =
    /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d-]*[a-z-][a-z\d-]*$/i.test(
      text
    )
  return wellFormed && text.length <= 254 && text.indexOf("@") <= 64 ? undefined : "must be one mail address"
}

const language: Rule = (value) => {
  try {
    return isLine(value, 35) && Intl.getCanonicalLocales(value).length === 1 ? undefined : "must be a language tag"
  } catch {
    return "must be a language tag"
  }
}

const currencies = new Set<unknown>(Intl.supportedValuesOf("currency"))
const currency: Rule = (value) => (currencies.has(value) ? undefined : "must be an ISO 4217 code")

const knownZones = new Set<string>(Intl.supportedValuesOf("timeZone"))
const timezone: Rule = (value) => {
  if (typeof value === "string" && knownZones.has(value)) return undefined
  try {
    return isLine(value, 64) && Intl.DateTimeFormat("en", { timeZone: value }) ? undefined : "must be a time zone"
  } catch {
    return "must be a time zone"
  }
}

const attributeName = /^(?!(?:__proto__|constructor|prototype)$)[A-Za-z][A-Za-z0-9_.-]{0,63}$/
const isAttribute = (value: unknown): boolean =>
  value === null ||
  typeof value === "boolean" ||
  (typeof value === "number" && Number.isFinite(value)) ||
  (typeof value === "string" && isLine(value.replace(/[\n\r\t]/g, ""), 2000))

const attributes: Rule = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "must be an object"
  const good = Object.entries(value).every(([name, held]) => attributeName.test(name) && isAttribute(held))
  return good ? undefined : "must hold named values of text, number or boolean"
}

const profileData: Rule = (value) =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "avatar")
    ? "must not hold avatar"
    : attributes(value)

const profile: Fields = {
  firstName: optional(line(100)),
  lastName: optional(line(100)),
  dateOfBirth: optional(birthDate),
  gender: optional(oneOf("male", "female", "other", "prefer_not_to_say")),
  phone: optional(phone),
  avatar: optional(webAddress),
  data: optional(profileData)
}

const preferences: Fields = {
  language,
  currency,
  timezone,
  marketing: { emailOptIn: flag, smsOptIn: flag, pushOptIn: flag },
  notifications: { orderUpdates: flag, promotions: flag, newsletters: flag },
  privacy: { dataSharing: flag, analyticsTracking: flag, cookieConsent: flag },
  custom: optional(attributes)
}

const password: Rule = (value) => {
  const length = typeof value === "string" ? [...value].length : 0
  return length >= 8 && length <= 256 ? undefined : "must be 8 to 256 characters long"
}

const creation: Fields = {
  email,
  password,
  customerType: oneOf("individual", "business"),
  registrationSource: line(50),
  profile,
  preferences
}

/** What is wrong with the body of an update. */
export const updateIssues = (body: unknown): Issues["list"] => {
  const issues = new Issues()
  checkFields(body, { profile, preferences }, "", issues)
  return issues.list
}

/** What is wrong with the body of a creation. */
export const creationIssues = (body: unknown): Issues["list"] => {
  const issues = new Issues()
  checkFields(body, creation, "", issues)
  if (issues.list.length === 0 && !Object.hasOwn(body as object, "email")) issues.add("email", "is missing")
  return issues.list
}

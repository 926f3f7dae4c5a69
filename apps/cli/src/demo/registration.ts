import { Email, type NewCustomer, type PreferencesChanges, type ProfileChanges } from "@customer-service/core"
import { fill } from "./Country.ts"
import type { Person } from "./Person.ts"
import type { SeededRandom } from "./SeededRandom.ts"

const sources = ["web", "web", "web", "mobile_app", "mobile_app", "store", "call_centre"] as const
const categories = ["shoes", "outdoor", "books", "garden", "kitchen", "toys", "electronics", "beauty"] as const
const mailHosts = ["mail", "post", "inbox"] as const

/** What a person fills in with this probability, and nothing otherwise. */
const sometimes = <A extends object>(random: SeededRandom, probability: number, answer: () => A): A | object =>
  random.chance(probability) ? answer() : {}

const birthDate = (random: SeededRandom): string =>
  [
    random.between(1940, 2004),
    String(random.between(1, 12)).padStart(2, "0"),
    String(random.between(1, 28)).padStart(2, "0")
  ].join("-")

const attributes = (random: SeededRandom) => ({
  data: {
    favouriteCategory: random.pick(categories),
    ...sometimes(random, 0.5, () => ({ shoeSize: random.between(35, 47) })),
    ...sometimes(random, 0.4, () => ({ loyaltyCard: fill("LC-########", random) }))
  }
})

const profile = ({ country, family, gender, given }: Person, random: SeededRandom): ProfileChanges => ({
  firstName: given.written,
  lastName: family.written,
  ...sometimes(random, 0.7, () => ({ dateOfBirth: birthDate(random) })),
  ...sometimes(random, 0.8, () => ({ gender: random.chance(0.97) ? gender : "prefer_not_to_say" })),
  ...sometimes(random, 0.75, () => ({ phone: fill(random.pick(country.phones), random) })),
  ...sometimes(random, 0.1, () => ({ avatar: `https://avatars.example/${given.latin}.png` })),
  ...sometimes(random, 0.6, () => attributes(random))
})

const preferences = ({ country, home }: Person, random: SeededRandom): PreferencesChanges => ({
  language: country.language,
  currency: country.currency,
  timezone: home.timezone ?? country.timezone,
  ...sometimes(random, 0.55, () => ({
    marketing: { emailOptIn: random.chance(0.6), smsOptIn: random.chance(0.15), pushOptIn: random.chance(0.35) }
  })),
  ...sometimes(random, 0.3, () => ({ notifications: { newsletters: random.chance(0.5) } })),
  ...sometimes(random, 0.6, () => ({
    privacy: { analyticsTracking: random.chance(0.5), cookieConsent: random.chance(0.7) }
  })),
  ...sometimes(random, 0.2, () => ({ custom: { theme: random.chance(0.5) ? "dark" : "light" } }))
})

/** Her mail address: reserved for examples, and no other customer's, of this or of another seed. */
const email = ({ family, given }: Person, seed: number, index: number, random: SeededRandom): Email.Email =>
  Email.Email.make(`${given.latin}.${family.latin}.${index}@${random.pick(mailHosts)}-${seed}.example`)

/** What a person gives when she registers as the `index`-th customer of a seed. */
export const registration = (person: Person, seed: number, index: number, random: SeededRandom): NewCustomer => ({
  email: email(person, seed, index, random),
  customerType: person.company === undefined ? "individual" : "business",
  registrationSource: random.pick(sources),
  profile: profile(person, random),
  preferences: preferences(person, random)
})

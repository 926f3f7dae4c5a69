import { type Country, words } from "../Country.ts"

export const unitedStates: Country = {
  code: "US",
  language: "en-US",
  currency: "USD",
  timezone: "America/New_York",
  company: "LLC",
  women: words(
    "Mary Patricia Jennifer Linda Elizabeth Susan Jessica Sarah Karen Ashley Emily Michelle Amanda Olivia Emma Sophia Ava Grace Hannah Chloe"
  ),
  men: words(
    "James Robert John Michael David William Richard Joseph Thomas Daniel Matthew Anthony Andrew Joshua Ryan Ethan Noah Liam Mason Lucas"
  ),
  families: words(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Rivera"
  ),
  streets: [
    "% Main Street",
    "% Oak Avenue",
    "% Maple Drive",
    "%# Washington Boulevard",
    "% Cedar Lane",
    "%# Park Avenue",
    "% Elm Street",
    "%# Lake View Road",
    "% Hillcrest Court",
    "%# Sunset Boulevard"
  ],
  cities: [
    { city: "New York", state: "NY", zipCode: "100##" },
    { city: "Brooklyn", state: "NY", zipCode: "112##" },
    { city: "Los Angeles", state: "CA", zipCode: "900##", timezone: "America/Los_Angeles" },
    { city: "San Francisco", state: "CA", zipCode: "941##", timezone: "America/Los_Angeles" },
    { city: "Chicago", state: "IL", zipCode: "606##", timezone: "America/Chicago" },
    { city: "Houston", state: "TX", zipCode: "770##", timezone: "America/Chicago" },
    { city: "Austin", state: "TX", zipCode: "787##", timezone: "America/Chicago" },
    { city: "Phoenix", state: "AZ", zipCode: "850##", timezone: "America/Phoenix" },
    { city: "Denver", state: "CO", zipCode: "802##", timezone: "America/Denver" },
    { city: "Seattle", state: "WA", zipCode: "981##", timezone: "America/Los_Angeles" },
    { city: "Boston", state: "MA", zipCode: "021##" },
    { city: "Miami", state: "FL", zipCode: "331##" },
    { city: "Atlanta", state: "GA", zipCode: "303##" },
    { city: "Philadelphia", state: "PA", zipCode: "191##" }
  ],
  phones: ["+1-212-555-01##", "+1-310-555-01##", "+1 (312) 555-01##", "+1 512 555 01##", "+1-206-555-01##"]
}

import { type Country, words } from "../Country.ts"

export const canada: Country = {
  code: "CA",
  language: "en-CA",
  currency: "CAD",
  timezone: "America/Toronto",
  company: "Inc.",
  women: words(
    "Olivia Charlotte Emma Amelia Sophie Mia Chloé Florence Rosalie Béatrice Abigail Madison Hannah Émilie Megan Claire Audrey Zoé Lily Isla"
  ),
  men: words(
    "Liam Noah William Théo Léo Benjamin Jacob Thomas Étienne Oliver Logan Félix Nathan Gabriel Samuel Owen Connor Mathis Lucas Henry"
  ),
  families: words(
    "Smith Brown Tremblay Martin Roy Wilson MacDonald Gagnon Johnson Taylor Campbell Côté Anderson Jones Leblanc Bouchard Gauthier Morin Lavoie Fortin Gagné Singh Wong Nguyen Fraser Stewart Murphy Kelly Bergeron Pelletier"
  ),
  streets: [
    "% King Street West",
    "% Queen Street",
    "%# Yonge Street",
    "% rue Sainte-Catherine",
    "% Maple Crescent",
    "% Elgin Street",
    "%# Granville Street",
    "% avenue du Parc"
  ],
  cities: [
    { city: "Toronto", state: "ON", zipCode: "M5V #@#" },
    { city: "Ottawa", state: "ON", zipCode: "K1P #@#" },
    { city: "Montréal", state: "QC", zipCode: "H3B #@#" },
    { city: "Québec", state: "QC", zipCode: "G1R #@#" },
    { city: "Vancouver", state: "BC", zipCode: "V6B #@#", timezone: "America/Vancouver" },
    { city: "Calgary", state: "AB", zipCode: "T2P #@#", timezone: "America/Edmonton" },
    { city: "Halifax", state: "NS", zipCode: "B3J #@#", timezone: "America/Halifax" }
  ],
  phones: ["+1-416-555-01##", "+1 514 555-01##", "+1 (604) 555-01##", "+1-613-555-01##"]
}

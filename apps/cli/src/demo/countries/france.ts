import { type Country, words } from "../Country.ts"

export const france: Country = {
  code: "FR",
  language: "fr",
  currency: "EUR",
  timezone: "Europe/Paris",
  company: "SARL",
  women: words(
    "Jade Louise Emma Alice Camille Chloé Léa Manon Inès Zoé Sarah Juliette Marie Nathalie Isabelle Sandrine Aurélie Céline Mathilde Margaux"
  ),
  men: words(
    "Gabriel Léo Raphaël Louis Arthur Jules Hugo Lucas Adam Nathan Thomas Nicolas Julien Pierre Philippe François Sébastien Mathéo Théo Olivier"
  ),
  families: words(
    "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier Dubreuil Le_Goff"
  ),
  streets: [
    "% rue de la République",
    "% avenue Victor-Hugo",
    "% boulevard Voltaire",
    "% rue des Lilas",
    "% place de l'Église",
    "% rue Pasteur",
    "% chemin des Vignes",
    "% rue du Moulin",
    "% quai de la Loire"
  ],
  cities: [
    { city: "Paris", zipCode: "7500#" },
    { city: "Paris", zipCode: "7501#" },
    { city: "Marseille", zipCode: "1300#" },
    { city: "Lyon", zipCode: "6900#" },
    { city: "Toulouse", zipCode: "31#00" },
    { city: "Nice", zipCode: "06#00" },
    { city: "Nantes", zipCode: "44#00" },
    { city: "Strasbourg", zipCode: "67#00" },
    { city: "Bordeaux", zipCode: "33#00" },
    { city: "Lille", zipCode: "59#00" },
    { city: "Rennes", zipCode: "35#00" }
  ],
  phones: ["+33 1 99 00 ## ##", "+33 2 61 91 ## ##", "+33 4 65 71 ## ##", "+33 6 39 98 ## ##"]
}

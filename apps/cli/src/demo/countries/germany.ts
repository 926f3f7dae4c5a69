import { type Country, words } from "../Country.ts"

export const germany: Country = {
  code: "DE",
  language: "de",
  currency: "EUR",
  timezone: "Europe/Berlin",
  company: "GmbH",
  women: words(
    "Anna Emma Mia Hannah Lea Lena Marie Sophie Laura Julia Katharina Sabine Petra Claudia Jana Franziska Greta Frieda Jördis Käthe"
  ),
  men: words(
    "Leon Paul Lukas Finn Jonas Felix Maximilian Tim Jan Stefan Andreas Thomas Michael Jürgen Björn Matthias Sebastian Moritz Emil Günther"
  ),
  families: words(
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Lehmann Köhler Maier Weiß Jung Hahn Vogel Yılmaz:yilmaz von_der_Heide Groß"
  ),
  streets: [
    "Hauptstraße %",
    "Bahnhofstraße %",
    "Gartenweg %",
    "Schillerstraße %",
    "Goethestraße %",
    "Am Mühlenbach %",
    "Lindenallee %",
    "Kirchgasse %",
    "Bergstraße %",
    "Rosenweg %"
  ],
  cities: [
    { city: "Berlin", state: "Berlin", zipCode: "10###" },
    { city: "Hamburg", state: "Hamburg", zipCode: "20###" },
    { city: "München", state: "Bayern", zipCode: "80###" },
    { city: "Köln", state: "Nordrhein-Westfalen", zipCode: "50###" },
    { city: "Frankfurt am Main", state: "Hessen", zipCode: "60###" },
    { city: "Stuttgart", state: "Baden-Württemberg", zipCode: "70###" },
    { city: "Düsseldorf", state: "Nordrhein-Westfalen", zipCode: "40###" },
    { city: "Leipzig", state: "Sachsen", zipCode: "04###" },
    { city: "Dresden", state: "Sachsen", zipCode: "01###" },
    { city: "Nürnberg", state: "Bayern", zipCode: "90###" },
    { city: "Freiburg im Breisgau", state: "Baden-Württemberg", zipCode: "79###" }
  ],
  phones: ["+49 30 23125 ###", "+49 69 90009 ###", "+49 40 66969 ###", "+49 221 4710 ###", "+49 171 39200 ##"]
}

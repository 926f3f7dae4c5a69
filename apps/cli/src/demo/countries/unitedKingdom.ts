import { type Country, words } from "../Country.ts"

export const unitedKingdom: Country = {
  code: "GB",
  language: "en-GB",
  currency: "GBP",
  timezone: "Europe/London",
  company: "Ltd",
  women: words(
    "Olivia Amelia Isla Ava Freya Poppy Florence Grace Evie Sophie Charlotte Alice Matilda Harriet Eleanor Jessica Ruby Imogen Megan Rosie"
  ),
  men: words(
    "George Oliver Noah Arthur Harry Leo Jack Theo Freddie Charlie Alfie Archie Henry Oscar Thomas Edward Callum Rhys Hamish Angus"
  ),
  families: words(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White Edwards Hughes Green Hall Lewis Harris Clarke Jackson Wood Turner Cooper Hill Ward Morris Moore Clark Baker Khan O'Brien MacLeod Campbell Evans Thomas Roberts"
  ),
  streets: [
    "% High Street",
    "% Station Road",
    "% Church Lane",
    "% Victoria Road",
    "% Green Lane",
    "% Manor Road",
    "% Mill Lane",
    "% King's Road",
    "Flat %, The Crescent",
    "% Albert Terrace"
  ],
  cities: [
    { city: "London", zipCode: "SW1A #@@" },
    { city: "London", zipCode: "N16 #@@" },
    { city: "Manchester", zipCode: "M1 #@@" },
    { city: "Birmingham", zipCode: "B2 #@@" },
    { city: "Leeds", zipCode: "LS1 #@@" },
    { city: "Bristol", zipCode: "BS1 #@@" },
    { city: "Liverpool", zipCode: "L1 #@@" },
    { city: "Edinburgh", zipCode: "EH1 #@@" },
    { city: "Glasgow", zipCode: "G2 #@@" },
    { city: "Cardiff", zipCode: "CF10 #@@" },
    { city: "Belfast", zipCode: "BT1 #@@" }
  ],
  phones: ["+44 7700 900###", "+44 20 7946 0###", "+44 161 496 0###", "+44 131 496 0###"]
}

import { type Country, words } from "../Country.ts"

export const sweden: Country = {
  code: "SE",
  language: "sv",
  currency: "SEK",
  timezone: "Europe/Stockholm",
  company: "AB",
  women: words(
    "Alice Maja Elsa Astrid Freja Wilma Ebba Ella Linnéa Saga Karin Ingrid Birgitta Åsa Malin Annika Märta Sigrid Tuva Lovisa"
  ),
  men: words(
    "William Liam Noah Hugo Lucas Elias Oscar Axel Erik Lars Karl Anders Johan Per Göran Björn Åke Nils Gustav Viktor"
  ),
  families: words(
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Lindberg Lindström Berg Lundgren Sandberg Forsberg Sjöberg Wallin Engström Öberg Åström Nyström Holm Ekström Björk"
  ),
  streets: [
    "Storgatan %",
    "Drottninggatan %",
    "Kungsgatan %",
    "Björkvägen %",
    "Skolgatan %",
    "Ängsvägen %",
    "Östra Hamngatan %",
    "Åsögatan %"
  ],
  cities: [
    { city: "Stockholm", zipCode: "11# ##" },
    { city: "Göteborg", zipCode: "41# ##" },
    { city: "Malmö", zipCode: "21# ##" },
    { city: "Uppsala", zipCode: "75# ##" },
    { city: "Västerås", zipCode: "72# ##" },
    { city: "Örebro", zipCode: "70# ##" },
    { city: "Linköping", zipCode: "58# ##" },
    { city: "Umeå", zipCode: "90# ##" }
  ],
  phones: ["+46 8 465 004 ##", "+46 31 390 06 ##", "+46 40 628 04 ##", "+46 70 174 06 ##"]
}

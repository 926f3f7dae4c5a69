import { type Country, words } from "../Country.ts"

export const netherlands: Country = {
  code: "NL",
  language: "nl",
  currency: "EUR",
  timezone: "Europe/Amsterdam",
  company: "B.V.",
  women: words(
    "Emma Julia Mila Tess Sophie Zoë Sara Nora Yara Eva Lotte Fleur Anouk Femke Sanne Marieke Annelies Ilse Roos Fenna"
  ),
  men: words(
    "Noah Sem Liam Lucas Daan Finn Levi Luuk Milan Bram Thijs Jesse Ruben Lars Sven Joris Pieter Jan Willem Koen"
  ),
  families: words(
    "de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Janssen Visser Smit Meijer de_Boer Mulder de_Groot Bos Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer Kok Jacobs van_Beek Willems Hoekstra 't_Hart"
  ),
  streets: [
    "Kerkstraat %",
    "Dorpsstraat %",
    "Prinsengracht %",
    "Nieuwstraat %",
    "Molenweg %",
    "Julianalaan %",
    "Wilhelminastraat %",
    "Beatrixlaan %"
  ],
  cities: [
    { city: "Amsterdam", state: "Noord-Holland", zipCode: "10## @@" },
    { city: "Rotterdam", state: "Zuid-Holland", zipCode: "30## @@" },
    { city: "Den Haag", state: "Zuid-Holland", zipCode: "25## @@" },
    { city: "Utrecht", state: "Utrecht", zipCode: "35## @@" },
    { city: "Eindhoven", state: "Noord-Brabant", zipCode: "56## @@" },
    { city: "Groningen", state: "Groningen", zipCode: "97## @@" },
    { city: "'s-Hertogenbosch", state: "Noord-Brabant", zipCode: "52## @@" }
  ],
  phones: ["+31 20 555 ####", "+31 10 555 ####", "+31 6 1955 ####", "+31 70 555 ####"]
}

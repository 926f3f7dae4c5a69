import { type Country, words } from "../Country.ts"

export const italy: Country = {
  code: "IT",
  language: "it",
  currency: "EUR",
  timezone: "Europe/Rome",
  company: "S.r.l.",
  women: words(
    "Sofia Giulia Aurora Alice Ginevra Emma Giorgia Beatrice Chiara Francesca Martina Elena Valentina Paola Silvia Federica Ilaria Noemi Bianca Anna"
  ),
  men: words(
    "Leonardo Francesco Tommaso Edoardo Alessandro Lorenzo Mattia Gabriele Riccardo Andrea Marco Luca Matteo Giuseppe Antonio Giovanni Stefano Davide Nicolò Simone"
  ),
  families: words(
    "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo D'Angelo Dell'Acqua"
  ),
  streets: [
    "Via Roma %",
    "Via Garibaldi %",
    "Corso Vittorio Emanuele %",
    "Piazza del Duomo %",
    "Via Dante %",
    "Viale Europa %",
    "Via Mazzini %",
    "Via dei Mille %"
  ],
  cities: [
    { city: "Roma", state: "RM", zipCode: "001##" },
    { city: "Milano", state: "MI", zipCode: "201##" },
    { city: "Napoli", state: "NA", zipCode: "801##" },
    { city: "Torino", state: "TO", zipCode: "101##" },
    { city: "Palermo", state: "PA", zipCode: "901##" },
    { city: "Genova", state: "GE", zipCode: "161##" },
    { city: "Bologna", state: "BO", zipCode: "401##" },
    { city: "Firenze", state: "FI", zipCode: "501##" },
    { city: "Verona", state: "VR", zipCode: "371##" }
  ],
  phones: ["+39 06 555 ####", "+39 02 555 ####", "+39 320 555 ####", "+39 347 555 ####"]
}

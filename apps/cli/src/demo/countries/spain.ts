import { type Country, words } from "../Country.ts"

export const spain: Country = {
  code: "ES",
  language: "es",
  currency: "EUR",
  timezone: "Europe/Madrid",
  company: "S.L.",
  women: words(
    "Lucía María Sofía Martina Paula Carmen Ana Laura Cristina Marta Elena Raquel Pilar Rocío Nuria Inés Beatriz Alba Irene Begoña"
  ),
  men: words(
    "Hugo Martín Lucas Mateo Daniel Alejandro Pablo Javier José Antonio Manuel David Sergio Iván Álvaro Rubén Íñigo Jordi Carlos Adrián"
  ),
  families: words(
    "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina García_López Peña Núñez Ibáñez"
  ),
  streets: [
    "Calle Mayor %",
    "Calle de Alcalá %",
    "Avenida de la Constitución %",
    "Paseo de Gracia %",
    "Calle del Sol %",
    "Plaza de España %",
    "Ronda de Atocha %",
    "Carrer de Mallorca %"
  ],
  cities: [
    { city: "Madrid", state: "Madrid", zipCode: "280##" },
    { city: "Barcelona", state: "Barcelona", zipCode: "080##" },
    { city: "Valencia", state: "Valencia", zipCode: "460##" },
    { city: "Sevilla", state: "Sevilla", zipCode: "410##" },
    { city: "Zaragoza", state: "Zaragoza", zipCode: "500##" },
    { city: "Málaga", state: "Málaga", zipCode: "290##" },
    { city: "Bilbao", state: "Bizkaia", zipCode: "480##" },
    { city: "Palma", state: "Illes Balears", zipCode: "070##" },
    { city: "Las Palmas", state: "Las Palmas", zipCode: "350##", timezone: "Atlantic/Canary" }
  ],
  phones: ["+34 91 555 ## ##", "+34 93 555 ## ##", "+34 600 55 ## ##", "+34 655 55 ## ##"]
}

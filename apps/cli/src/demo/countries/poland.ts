import { type Country, words } from "../Country.ts"

export const poland: Country = {
  code: "PL",
  language: "pl",
  currency: "PLN",
  timezone: "Europe/Warsaw",
  company: "sp. z o.o.",
  women: words(
    "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Zofia Hanna Julia Zuzanna Maja Aleksandra Natalia Wiktoria Oliwia Łucja Żaneta Joanna Magdalena"
  ),
  men: words(
    "Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Jakub Adam Łukasz Mateusz Kacper Szymon Antoni Stanisław Wojciech Rafał Grzegorz Bartłomiej"
  ),
  families: words(
    "Nowak Kowalczyk Wójcik Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Jabłoński Stępień Dudek Adamczyk Pawlak Sikora Baran Szewczyk Pietrzak Walczak Rutkowski Michalak Szczepański Ostrowski Bąk Duda Szymański Gołąb Żak"
  ),
  streets: [
    "ul. Marszałkowska %",
    "ul. Piotrkowska %",
    "ul. Kościuszki %",
    "ul. Długa %",
    "ul. Polna %",
    "ul. Słoneczna %",
    "al. Jana Pawła II %",
    "ul. Mickiewicza %"
  ],
  cities: [
    { city: "Warszawa", state: "mazowieckie", zipCode: "00-###" },
    { city: "Kraków", state: "małopolskie", zipCode: "30-###" },
    { city: "Łódź", state: "łódzkie", zipCode: "90-###" },
    { city: "Wrocław", state: "dolnośląskie", zipCode: "50-###" },
    { city: "Poznań", state: "wielkopolskie", zipCode: "60-###" },
    { city: "Gdańsk", state: "pomorskie", zipCode: "80-###" },
    { city: "Lublin", state: "lubelskie", zipCode: "20-###" }
  ],
  phones: ["+48 22 555 ## ##", "+48 12 555 ## ##", "+48 505 55# ###", "+48 605 55# ###"]
}

import type { SeededRandom } from "./SeededRandom.ts"

/** A word as it is written, and in the letters of a mail address. */
export interface Word {
  readonly written: string
  readonly latin: string
}

export type Words = readonly [Word, ...ReadonlyArray<Word>]
export type Forms = readonly [string, ...ReadonlyArray<string>]

/** A place with a form of its postal codes. */
export interface City {
  readonly city: string
  readonly state?: string
  readonly zipCode: string
  readonly timezone?: string
}

/** What people of a country are made of. In forms, `#` is a digit, `@` a letter and `%` a house number. */
export interface Country {
  readonly code: string
  readonly language: string
  readonly currency: string
  readonly timezone: string
  /** What follows the name of a company. */
  readonly company: string
  readonly women: Words
  readonly men: Words
  readonly families: Words
  readonly streets: Forms
  readonly cities: readonly [City, ...ReadonlyArray<City>]
  readonly phones: Forms
}

const letters: Readonly<Record<string, string>> = { ß: "ss", ø: "o", æ: "ae", ł: "l", đ: "d", œ: "oe" }

const latinOf = (written: string): string =>
  written
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^a-z]/g, (letter) => letters[letter] ?? "")

const wordOf = (text: string): Word => {
  const [spelled = "", latin] = text.split(":")
  const written = spelled.replaceAll("_", " ")
  return { written, latin: latin ?? latinOf(written) }
}

/** Words from a line of text; `_` stands for a space, and what follows a colon for the spelling in mail addresses. */
export const words = (line: string): Words => {
  const [first = "", ...rest] = line.split(" ")
  return [wordOf(first), ...rest.map(wordOf)]
}

// Without those that a postal code avoids, so that every letter fits everywhere.
const postalLetters = "ABEGHJLNPRSTWXYZ"

/** Fills a form's places: `#` a digit, `@` a letter, `%` a house number. */
export const fill = (form: string, random: SeededRandom): string =>
  form.replace(/[#@%]/g, (place) => {
    if (place === "#") return String(random.between(0, 9))
    return place === "@"
      ? postalLetters.charAt(random.between(0, postalLetters.length - 1))
      : String(random.between(1, 180))
  })

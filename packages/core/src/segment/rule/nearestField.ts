import { declaredFields } from "./ruleFields.ts"

const longestName = 64

const lastPartOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1)

/** How many characters have to be added, left out or replaced to make one text of another. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place)
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1]
    for (let place = 1; place <= other.length; place += 1) {
      const replaced = (row[place - 1] ?? 0) + (other[place - 1] === character ? 0 : 1)
      next.push(Math.min(replaced, (row[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

/** The field that somebody may have meant: of the same last part, or nearly of the same name, in any capitals. */
export const nearestField = (name: string): string | undefined => {
  if (name.length > longestName) return undefined
  const given = name.toLowerCase()
  const fields = [...declaredFields.keys()].map((field) => ({ field, small: field.toLowerCase() }))
  const same = fields.find(({ small }) => small === given)
  const alike = same ?? fields.find(({ small }) => lastPartOf(small) === lastPartOf(given))
  if (alike !== undefined) return alike.field
  const limit = Math.min(2, Math.floor(given.length / 2))
  const near = fields.map(({ field, small }) => ({ field, steps: distance(given, small) }))
  const [nearest] = near.filter(({ steps }) => steps <= limit).toSorted((one, other) => one.steps - other.steps)
  return nearest?.field
}

import { declaredFields, operatorsOf } from "@customer-service/core"

const code = (text: string): string => `\`${text}\``

const fields = [...declaredFields.values()].map(({ name, type }) => `- ${code(name)}: ${type}`)

const operators = Object.entries(operatorsOf).map(([type, taken]) => `- ${type}: ${[...taken].map(code).join(", ")}`)

/** The language of rules in Markdown: both forms, and which fields there are with the operators that each takes. */
export const ruleLanguage = [
  'A rule is text, such as `tier = "vip" and orders.count >= 5 and not address.country in ("DE", "AT")`, or an object ' +
    "of `all`, `any`, `not`, and clauses of `field`, `op` and `value`. In text the operators are `=`, `!=`, `<`, `<=`, " +
    "`>`, `>=`, `in (…)`, `contains`, `startsWith`, `exists`, `missing`, `between … and …`, `within … days`, `not within " +
    "… days`, and for birthdays `dayOfYear today` and `dayOfYear within … days`. A comparison with a value that is " +
    "missing does not hold; a field of addresses is met where any address meets it; `within 30 days` holds until 30 days " +
    "after the field's moment. A closed account belongs to no segment.",
  `Fields:\n${fields.join("\n")}`,
  'And by name: `profile.data.<key>` and `preferences.custom.<key>` (attribute), and `segment("<name>")` (membership).',
  `Operators:\n${operators.join("\n")}`
].join("\n\n")

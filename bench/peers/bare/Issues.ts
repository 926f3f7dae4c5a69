/** What is wrong with a body, by dotted path. */
export class Issues {
  readonly list: Array<{ readonly path: string; readonly message: string }> = []

  add(path: string, message: string): void {
    this.list.push({ path, message })
  }
}

/** Says of one value what is wrong with it; undefined where nothing is. */
export type Rule = (value: unknown) => string | undefined

/** Fields by name; one that is itself a group of fields may only hold those. */
export interface Fields {
  readonly [name: string]: Rule | Fields
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Checks `value` against `fields`, unknown names included; `path` ends with a dot unless it is empty. */
export const checkFields = (value: unknown, fields: Fields, path: string, issues: Issues): void => {
  if (!isObject(value)) return issues.add(path.slice(0, -1), "must be an object")
  for (const name in value) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) issues.add(path + name, "is not a known field")
    else if (typeof field === "object") checkFields(value[name], field, `${path}${name}.`, issues)
    else {
      const message = field(value[name])
      if (message !== undefined) issues.add(path + name, message)
    }
  }
}

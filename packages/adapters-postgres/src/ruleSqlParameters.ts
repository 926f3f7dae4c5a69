/** What a parameter may be: text in PostgreSQL's own notation, several, or NULL. */
export type SqlParameter = string | ReadonlyArray<string> | null

/** Takes a value out of a statement and answers what stands for it there: its place, and as what it is to be read. */
export type Bind = (value: SqlParameter, type: string) => string

/** The parameters of a part of a statement, the first of which has the number `first`. */
export const makeParameters = (
  first: number
): { readonly bind: Bind; readonly values: ReadonlyArray<SqlParameter> } => {
  const values: Array<SqlParameter> = []
  const bind: Bind = (value, type) => {
    values.push(value)
    return `$${first + values.length - 1}::${type}`
  }
  return { bind, values }
}

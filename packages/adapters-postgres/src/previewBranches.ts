import { type Formula, fieldsOf, gatherBy, isGroup, partsBy, together } from "./ruleFormula.ts"
import { type JoinedTable, onlyTableOf, tableOf, tablesOf } from "./ruleSqlColumns.ts"

/** What has to hold together: what each joined table alone is asked for, and all else. */
export interface Branch {
  readonly ofTables: ReadonlyMap<JoinedTable, Formula>
  readonly others: ReadonlyArray<Formula>
}

/** The one joined table that a formula asks. */
const tableAlone = (formula: Formula): JoinedTable | undefined => onlyTableOf(fieldsOf(formula))

/** Formulas that have to hold together, as a branch. */
export const branchOf = (formulas: ReadonlyArray<Formula>): Branch => {
  const gathered = gatherBy("AND", formulas, tableAlone)
  return {
    ofTables: new Map(gathered.flatMap(([table, formula]) => (table === undefined ? [] : [[table, formula] as const]))),
    others: gathered.flatMap(([table, formula]) => (table === undefined ? [formula] : []))
  }
}

/** The tables that a branch needs to be joined in any case. */
export const joinedBy = ({ others }: Branch): ReadonlySet<JoinedTable> => tablesOf(others.flatMap(fieldsOf))

/** Whether a formula is one of several that are asked of different tables: no way through them serves for all. */
const isChoice = (formula: Formula): boolean => {
  if (!isGroup(formula) || formula.word === "AND" || tableAlone(formula) !== undefined) return false
  return fieldsOf(formula).some((field) => tableOf(field) !== "c")
}

/** A formula as what has to hold in any case, and at most one choice of what else. */
export interface Split {
  readonly always: ReadonlyArray<Formula>
  readonly choice: Formula | undefined
}

export const splitOf = (formula: Formula): Split => {
  const parts = partsBy("AND", formula)
  const choice = parts.find(isChoice)
  return { always: parts.filter((part) => part !== choice), choice }
}

/** Everybody of a formula is in one of these. */
export const branchesOf = ({ always, choice }: Split): ReadonlyArray<Branch> => {
  if (choice === undefined) return [branchOf(always)]
  const alternatives = gatherBy("OR", partsBy("OR", choice), tableAlone)
  return alternatives.map(([, alternative]) => branchOf(partsBy("AND", together("AND", [...always, alternative]))))
}

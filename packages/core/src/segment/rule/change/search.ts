import { changedFacts } from "../applyChange.ts"
import type { Facts } from "../Facts.ts"
import type { DataChange } from "../RuleChange.ts"
import { type Ask, type Choice, type Goal, isReached, mayTry, type Scene, variableOf } from "./Goal.ts"
import { sortedBy } from "./orderedFirst.ts"
import { type Solution, solve } from "./solve.ts"

/** Changes that reach a goal, and how much they take. */
export interface Found {
  readonly changes: ReadonlyArray<DataChange>
  readonly cost: number
}

/** A way as far as it was gone: what is asked of each variable, what was changed for it, and what is still to be chosen. */
interface Way {
  readonly asks: ReadonlyMap<string, ReadonlyArray<Ask>>
  readonly solutions: ReadonlyMap<string, Solution>
  readonly choices: ReadonlyArray<Choice>
  readonly facts: Facts
  readonly cost: number
}

interface Search {
  readonly scene: Scene
  readonly reachable: Map<Ask, boolean>
  best: Found | undefined
  /** Only ways that take less are worth going. */
  limit: number
}

const mostBranches = 12

/** The asks and the choices that a goal is made of. */
const gather = (goal: Goal, asks: Array<Ask>, choices: Array<Choice>): void => {
  if (goal.kind === "ask") asks.push(goal)
  else if (goal.kind === "some") choices.push(goal)
  else for (const part of goal.parts) gather(part, asks, choices)
}

/** Solutions for what is asked, each variable whose asks are not met getting another one; undefined where one has none. */
const settled = (search: Search, way: Way, asks: Way["asks"]): Way["solutions"] | undefined => {
  const solutions = new Map(way.solutions)
  for (const [variable, ofVariable] of asks) {
    if (ofVariable === way.asks.get(variable)) continue
    if (ofVariable.every((ask) => isReached(ask, way.facts, search.scene.at))) continue
    const solution = solve(variable, ofVariable, search.scene)
    if (solution === undefined) return undefined
    solutions.set(variable, solution)
  }
  return solutions
}

const together = (changes: ReadonlyArray<DataChange>): DataChange => ({
  set: changes.flatMap(({ set }) => set),
  addAddresses: changes.flatMap(({ addAddresses = [] }) => addAddresses),
  removeAddresses: changes.flatMap(({ removeAddresses = [] }) => removeAddresses)
})

const withAsks = (before: Way["asks"], asks: ReadonlyArray<Ask>): Way["asks"] => {
  const all = new Map(before)
  for (const ask of asks) {
    const variable = variableOf(ask.clause.field)
    all.set(variable, [...(all.get(variable) ?? []), ask])
  }
  return all
}

/** The way with a goal more to reach; undefined where it cannot be reached together with what is asked already. */
const extended = (search: Search, way: Way, goal: Goal, choices: ReadonlyArray<Choice>): Way | undefined => {
  const [asks, more] = [Array<Ask>(), Array<Choice>()]
  gather(goal, asks, more)
  const all = withAsks(way.asks, asks)
  const solutions = settled(search, way, all)
  if (solutions === undefined) return undefined
  const { at, facts } = search.scene
  const changed = changedFacts(facts, together([...solutions.values()].map(({ change }) => change)), at)
  const cost = [...solutions.values()].reduce((sum, solution) => sum + solution.cost, 0)
  return changed && { asks: all, solutions, choices: [...choices, ...more], facts: changed, cost }
}

const isReachable = (search: Search, ask: Ask): boolean => {
  const known = search.reachable.get(ask)
  if (known !== undefined) return known
  const found = solve(variableOf(ask.clause.field), [ask], search.scene) !== undefined
  search.reachable.set(ask, found)
  return found
}

/** About how much it takes to reach a goal from here; Infinity for what one customer's data cannot reach. */
const distance = (search: Search, goal: Goal, facts: Facts): number => {
  if (isReached(goal, facts, search.scene.at)) return 0
  if (goal.kind === "ask") return isReachable(search, goal) ? 1 : Number.POSITIVE_INFINITY
  const distances = goal.parts.map((part) => distance(search, part, facts))
  return goal.kind === "every" ? distances.reduce((sum, one) => sum + one, 0) : Math.min(...distances)
}

const branchesOf = (search: Search, { parts }: Choice, facts: Facts): ReadonlyArray<Goal> => {
  const measured = parts.map((part) => [distance(search, part, facts), part] as const)
  const open = measured.filter(([length]) => Number.isFinite(length))
  return sortedBy(open, ([length]) => length)
    .slice(0, mostBranches)
    .map(([, part]) => part)
}

const explore = (search: Search, way: Way): void => {
  if (way.cost >= search.limit || !mayTry(search.scene.effort)) return
  const missing = way.choices.filter((choice) => !isReached(choice, way.facts, search.scene.at))
  const [choice] = sortedBy(missing, ({ parts }) => parts.length)
  if (choice === undefined) {
    search.limit = way.cost
    search.best = { changes: [...way.solutions.values()].map(({ change }) => change), cost: way.cost }
    return
  }
  const others = way.choices.filter((other) => other !== choice)
  for (const branch of branchesOf(search, choice, way.facts)) {
    const next = extended(search, way, branch, others)
    if (next !== undefined) explore(search, next)
  }
}

/**
 * The changes of somebody's data that reach a goal and take least of those that are found, if they take less than
 * `limit`. Goals are reached one after the other, and what is asked of one variable is met by one value of it; a way that
 * leads nowhere is given up for another.
 */
export const search = (goal: Goal, scene: Scene, limit: number): Found | undefined => {
  const start: Way = { asks: new Map(), solutions: new Map(), choices: [], facts: scene.facts, cost: 0 }
  const begun: Search = { scene, reachable: new Map(), best: undefined, limit }
  const first = extended(begun, start, goal, [])
  if (first !== undefined) explore(begun, first)
  return begun.best
}

/** One change of all that several change. */
export const joinedChange = (changes: ReadonlyArray<DataChange>): DataChange => {
  const { addAddresses = [], removeAddresses = [], set } = together(changes)
  return {
    set,
    ...(addAddresses.length === 0 ? {} : { addAddresses }),
    ...(removeAddresses.length === 0 ? {} : { removeAddresses })
  }
}

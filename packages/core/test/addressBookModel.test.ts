import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Result } from "effect"
import type { Address, AddressBook } from "../src/customer/AddressBook.ts"
import type { Customer } from "../src/customer/Customer.ts"
import { Arbitraries, circumstances, plain, registration } from "../src/testing/index.ts"

const limit = 10
const kinds = ["shipping", "billing"] as const
type Kind = (typeof kinds)[number]

/** What the laws need to know: which addresses there are, of which type, oldest first. */
interface Model {
  addresses: ReadonlyArray<{ readonly id: string; readonly type: Address["type"] }>
}

interface Real {
  customer: Customer
}

const serves = ({ type }: { readonly type: Address["type"] }, kind: Kind) => type === kind || type === "both"

const defaultsOf = (book: AddressBook, kind: Kind) =>
  book.filter((address) => address.isDefault && serves(address, kind))

const modelOf = (book: AddressBook): Model["addresses"] => book.map(({ id, type }) => ({ id, type }))

const assertAtMostOneDefault = (book: AddressBook) => {
  for (const kind of kinds) assert.isAtMost(defaultsOf(book, kind).length, 1)
}

/** A kind that had a default keeps one while there is an address of that kind alone, but for the one `given up`. */
const assertFlagsPassedOn = (before: AddressBook, after: AddressBook, givenUp: string | undefined) => {
  for (const kind of kinds) {
    const heirs = after.filter((address) => address.type === kind && address.id !== givenUp)
    if (defaultsOf(before, kind).length === 1 && heirs.length > 0) assert.lengthOf(defaultsOf(after, kind), 1)
  }
}

const assertGrownByOneVersion = (before: Customer, after: Customer) => {
  const bookChanged = JSON.stringify(plain(before).addresses) !== JSON.stringify(plain(after).addresses)
  assert.strictEqual(after.version, before.version + (bookChanged ? 1 : 0))
}

type Command = Arbitraries.AddressCommand

const wasFirst = (before: AddressBook, added: Address) =>
  kinds.filter((kind) => serves(added, kind)).every((kind) => defaultsOf(before, kind).length === 0)

const assertAdded = (before: Customer, after: Customer, command: Command & { readonly _tag: "Add" }) => {
  const added = after.addresses.at(-1)
  assert.strictEqual(added?.id, command.id)
  const expected = command.input.isDefault === true || (added !== undefined && wasFirst(before.addresses, added))
  assert.strictEqual(added?.isDefault, expected)
}

const assertAsked = (after: Customer, target: Address | undefined, command: Command & { readonly _tag: "Change" }) => {
  const changed = after.addresses.find((address) => address.id === target?.id)
  const { type = target?.type, isDefault = changed?.isDefault } = command.changes
  assert.strictEqual(changed?.type, type)
  assert.strictEqual(changed?.isDefault, isDefault)
}

const nextModel = (model: Model, command: Command, target: Address | undefined): Model["addresses"] => {
  if (command._tag === "Add") {
    return [...model.addresses, { id: command.id, type: command.input.type ?? "shipping" }]
  }
  if (command._tag === "Remove") return model.addresses.filter(({ id }) => id !== target?.id)
  const type = command.changes.type
  return model.addresses.map((entry) =>
    entry.id === target?.id && type !== undefined ? { id: entry.id, type } : entry
  )
}

class CarryOut implements fc.Command<Model, Real> {
  readonly command: Command

  constructor(command: Command) {
    this.command = command
  }

  check({ addresses }: Readonly<Model>): boolean {
    const { command } = this
    return command._tag === "Add" ? addresses.every(({ id }) => id !== command.id) : addresses.length > 0
  }

  run(model: Model, real: Real): void {
    const { command } = this
    const before = real.customer
    const target = command._tag === "Add" ? undefined : Arbitraries.addressAt(before, command.position)
    const decided = Arbitraries.decideAddressCommand(before, command, circumstances(before.version))
    if (command._tag === "Add" && model.addresses.length >= limit) {
      assert.isTrue(decided !== undefined && Result.isFailure(decided))
      return
    }
    if (decided === undefined) return
    const after = Result.getOrThrow(decided).customer
    model.addresses = nextModel(model, command, target)
    real.customer = after

    assert.deepStrictEqual(modelOf(after.addresses), model.addresses)
    assertAtMostOneDefault(after.addresses)
    assertFlagsPassedOn(before.addresses, after.addresses, target?.id)
    assertGrownByOneVersion(before, after)
    if (command._tag === "Add") assertAdded(before, after, command)
    if (command._tag === "Change") assertAsked(after, target, command)
  }

  toString(): string {
    return JSON.stringify(this.command)
  }
}

const commands = fc.commands([Arbitraries.addressCommand.map((command) => new CarryOut(command))], {
  maxCommands: 60
})

describe("an address book after any sequence of commands", () => {
  it.prop([commands], { numRuns: 300 })("has at most one default of each kind", (sequence) => {
    fc.modelRun(() => ({ model: { addresses: [] }, real: { customer: registration().customer } }), sequence)
  })
})

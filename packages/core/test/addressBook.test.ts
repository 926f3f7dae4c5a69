import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as AddressBook from "../src/customer/AddressBook.ts"
import { AddressId } from "../src/customer/CustomerId.ts"
import { circumstances } from "../src/testing/index.ts"

const { now } = circumstances()
const { now: later } = circumstances(60)

const idOf = (name: string): AddressId => {
  const code = [...name].map((letter) => letter.charCodeAt(0).toString(16)).join("")
  return AddressId.make(`01900000-0000-7000-8000-${code.padStart(12, "0").slice(-12)}`)
}

type Described = readonly [name: string, type: AddressBook.Address["type"], isDefault?: boolean]

const street = { street: "1 Main St", city: "Springfield", country: "US", zipCode: "62701" }

/** A book to which these were added one after the other. */
const bookOf = (...addresses: ReadonlyArray<Described>): AddressBook.AddressBook =>
  addresses.reduce<AddressBook.AddressBook>(
    (book, [name, type, isDefault]) =>
      Result.getOrThrow(
        AddressBook.add(book, { ...street, type, ...(isDefault === undefined ? {} : { isDefault }) }, idOf(name), now)
      ),
    []
  )

const change = (book: AddressBook.AddressBook, name: string, changes: AddressBook.AddressChanges) => {
  const current = book.find((address) => address.id === idOf(name))
  if (current === undefined) throw new Error(`no address ${name}`)
  return Result.getOrThrow(AddressBook.change(book, current, changes, later))
}

const assertDefaults = (
  book: AddressBook.AddressBook,
  expected: { readonly shipping: string | undefined; readonly billing: string | undefined }
) => {
  const nameOf = (kind: "shipping" | "billing") => AddressBook.defaultOf(book, kind)?.id
  const ids = (name: string | undefined) => (name === undefined ? undefined : idOf(name))
  assert.deepStrictEqual(
    { shipping: nameOf("shipping"), billing: nameOf("billing") },
    { shipping: ids(expected.shipping), billing: ids(expected.billing) }
  )
}

describe("adding an address", () => {
  it("makes the first of its kind the default, even where it asks not to be", () => {
    assertDefaults(bookOf(["home", "shipping", false]), { shipping: "home", billing: undefined })
    assertDefaults(bookOf(["home", "shipping"], ["work", "billing"]), { shipping: "home", billing: "work" })
    assertDefaults(bookOf(["home", "both"]), { shipping: "home", billing: "home" })
  })

  it("is for shipping where no type is given", () => {
    const [address] = Result.getOrThrow(AddressBook.add([], street, idOf("home"), now))
    assert.strictEqual(address?.type, "shipping")
  })

  it("leaves the default alone where a second does not ask for it", () => {
    assertDefaults(bookOf(["home", "shipping"], ["work", "shipping"]), { shipping: "home", billing: undefined })
  })

  it("moves the default to a second that asks for it", () => {
    const book = bookOf(["home", "shipping"], ["work", "shipping", true])
    assertDefaults(book, { shipping: "work", billing: undefined })
    assert.deepStrictEqual(
      book.map((address) => address.isDefault),
      [false, true]
    )
  })

  it("of both kinds takes the default of each", () => {
    const book = bookOf(["home", "shipping"], ["office", "billing"], ["new", "both", true])
    assertDefaults(book, { shipping: "new", billing: "new" })
  })

  it("for shipping that takes the default from one of both kinds passes billing to the newest for billing alone", () => {
    const book = bookOf(["all", "both"], ["old", "billing"], ["newer", "billing"], ["ship", "shipping", true])
    assertDefaults(book, { shipping: "ship", billing: "newer" })
  })

  it("for shipping that takes the default from one of both kinds leaves billing without where none is for it alone", () => {
    const book = bookOf(["all", "both"], ["spare", "both"], ["ship", "shipping", true])
    assertDefaults(book, { shipping: "ship", billing: undefined })
  })

  it("is refused with a postal code of another country", () => {
    const refused = AddressBook.add([], { ...street, country: "DE", zipCode: "SW1A 1AA" }, idOf("home"), now)
    assert.deepStrictEqual(Result.getOrThrow(Result.flip(refused)).issues, [
      { path: "zipCode", message: "must be a postal code of DE" }
    ])
  })

  it("takes any postal code, or none, where the country has no one form", () => {
    for (const zipCode of ["D02 AF30", "anything at all", ""]) {
      assert.isTrue(Result.isSuccess(AddressBook.add([], { ...street, country: "IE", zipCode }, idOf("home"), now)))
    }
  })
})

describe("removing an address", () => {
  const remove = (book: AddressBook.AddressBook, name: string) => AddressBook.remove(book, idOf(name), later)

  it("that is the default passes it to the newest other of its kind", () => {
    const book = bookOf(["a", "shipping"], ["b", "shipping"], ["c", "shipping"], ["bill", "billing"])
    assertDefaults(remove(book, "a"), { shipping: "c", billing: "bill" })
    assert.deepStrictEqual(remove(book, "a").find(({ id }) => id === idOf("c"))?.updatedAt, later)
  })

  it("that is not the default leaves it alone", () => {
    assertDefaults(remove(bookOf(["a", "shipping"], ["b", "shipping"]), "b"), { shipping: "a", billing: undefined })
  })

  it("that is the last of its kind leaves none", () => {
    assertDefaults(remove(bookOf(["a", "shipping"], ["bill", "billing"]), "a"), {
      shipping: undefined,
      billing: "bill"
    })
    assert.deepStrictEqual(remove(bookOf(["a", "both"]), "a"), [])
  })

  it("of both kinds passes each kind to the newest other", () => {
    const book = bookOf(["all", "both"], ["ship", "shipping"], ["bill", "billing"])
    assertDefaults(remove(book, "all"), { shipping: "ship", billing: "bill" })
  })

  it("of both kinds passes both to another of both kinds that is the newest", () => {
    const book = bookOf(["all", "both"], ["ship", "shipping"], ["spare", "both"])
    assertDefaults(remove(book, "all"), { shipping: "spare", billing: "spare" })
  })

  it("never takes the default of the other kind away to find an heir", () => {
    const book = bookOf(["ship", "shipping"], ["bill", "billing"], ["spare", "both"])
    assertDefaults(remove(book, "ship"), { shipping: undefined, billing: "bill" })
  })
})

describe("changing an address", () => {
  it("to be no default passes the flag to the newest other of its kind", () => {
    const book = bookOf(["a", "shipping"], ["b", "shipping"], ["c", "shipping"])
    assertDefaults(change(book, "a", { isDefault: false }), { shipping: "c", billing: undefined })
  })

  it("to be no default leaves none where it is the only one", () => {
    assertDefaults(change(bookOf(["a", "shipping"]), "a", { isDefault: false }), {
      shipping: undefined,
      billing: undefined
    })
  })

  it("to be the default takes the flag from the one that had it", () => {
    const book = bookOf(["a", "shipping"], ["b", "shipping"])
    assertDefaults(change(book, "b", { isDefault: true }), { shipping: "b", billing: undefined })
  })

  it("to be the default for shipping takes it from one of both kinds and passes billing on", () => {
    const book = bookOf(["all", "both"], ["ship", "shipping"], ["bill", "billing"])
    assertDefaults(change(book, "ship", { isDefault: true }), { shipping: "ship", billing: "bill" })
  })

  it("to another kind passes the flag on, and is the default there where it is the first", () => {
    const book = bookOf(["a", "shipping"], ["b", "shipping"])
    assertDefaults(change(book, "a", { type: "billing" }), { shipping: "b", billing: "a" })
  })

  it("to another kind is no default there where one is", () => {
    const book = bookOf(["a", "shipping"], ["b", "shipping"], ["bill", "billing"])
    assertDefaults(change(book, "a", { type: "billing" }), { shipping: "b", billing: "bill" })
  })

  it("from both kinds to one keeps that one and passes the other on", () => {
    const book = bookOf(["all", "both"], ["bill", "billing"])
    assertDefaults(change(book, "all", { type: "shipping" }), { shipping: "all", billing: "bill" })
  })

  it("clears a line with null and leaves the others", () => {
    const [before] = bookOf(["a", "shipping"])
    const [after] = change(bookOf(["a", "shipping"]), "a", { zipCode: null, city: "Shelbyville" })
    assert.notProperty(after, "zipCode")
    assert.strictEqual(after?.city, "Shelbyville")
    assert.strictEqual(after?.street, before?.street)
    assert.deepStrictEqual(after?.createdAt, before?.createdAt)
    assert.deepStrictEqual(after?.updatedAt, later)
  })

  it("to what it is already gives the same book", () => {
    const book = bookOf(["a", "shipping"], ["b", "billing"])
    assert.strictEqual(change(book, "a", { ...street, type: "shipping", isDefault: true, company: null }), book)
  })

  it("is refused with a country that the postal code kept is not of", () => {
    const book = bookOf(["a", "shipping"])
    const [current] = book
    const refused = current && AddressBook.change(book, current, { country: "GB" }, later)
    assert.isTrue(refused !== undefined && Result.isFailure(refused))
    assert.strictEqual(change(book, "a", { country: "GB", zipCode: "SW1A 1AA" })[0]?.country, "GB")
  })
})

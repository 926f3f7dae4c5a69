import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Option, Schema } from "effect"
import { Arbitraries } from "../src/testing/index.ts"
import { Email, EmailInput, uniqueForm } from "../src/value/Email.ts"

const read = Schema.decodeUnknownOption(EmailInput)

const refused: Readonly<Record<string, unknown>> = {
  "a space inside": "jane doe@example.com",
  "two @": "jane@doe@example.com",
  "two addresses": "a@x.com,b@y.com",
  "a name around it": "Jane <jane@example.com>",
  "angle brackets": "<b>@example.com",
  "a header after it": "jane@example.com\r\nBcc: all@example.com",
  "a line break inside": "jane\n@example.com",
  "a null character": "jane\u0000@example.com",
  "a lone surrogate": "jane\ud800@example.com",
  "a look-alike letter in the domain": "jane@exаmple.com",
  "a look-alike letter in the local part": "jаne@example.com",
  "a full-width @": "jane＠example.com",
  "no @": "jane.example.com",
  "nothing before the @": "@example.com",
  "nothing after the @": "jane@",
  "a domain of one label": "jane@localhost",
  "a domain that is an address": "jane@127.0.0.1",
  "a domain literal": "jane@[127.0.0.1]",
  "an empty label": "jane@example..com",
  "a label that begins with a hyphen": "jane@-example.com",
  "a dot at the start": ".jane@example.com",
  "two dots": "jane..doe@example.com",
  "a quoted local part": '"jane doe"@example.com',
  "a local part of 65 characters": `${"j".repeat(65)}@example.com`,
  "a label of 64 characters": `jane@${"d".repeat(64)}.com`,
  "255 characters": `jane@${"d".repeat(60)}.${"d".repeat(60)}.${"d".repeat(60)}.${"d".repeat(60)}.example`.slice(
    0,
    255
  ),
  "empty text": "",
  "only spaces": "   ",
  "a number": 42,
  "a list": ["jane@example.com"]
}

describe("a mail address", () => {
  it.each(Object.entries(refused))("with %s is refused", (_, text) => {
    assert.isTrue(Option.isNone(read(text)))
  })

  it.each([
    ["  Jane.Doe@Example.COM ", "Jane.Doe@example.com"],
    ["o'brien+tag@sub.example.museum", "o'brien+tag@sub.example.museum"],
    ["jane@XN--MNCHEN-3YA.de", "jane@xn--mnchen-3ya.de"],
    [`${"j".repeat(64)}@example.com`, `${"j".repeat(64)}@example.com`]
  ])("%s is kept as %s", (text, kept) => {
    assert.deepStrictEqual(read(text), Option.some(Email.make(kept)))
  })

  it("of 254 characters is taken, and not one more", () => {
    const long = (domainLength: number) => `${"j".repeat(64)}@${"d.".repeat(90)}${"x".repeat(domainLength)}`
    assert.isTrue(Option.isSome(read(long(254 - 64 - 1 - 180))))
    assert.isTrue(Option.isNone(read(long(255 - 64 - 1 - 180))))
  })

  it.prop([Arbitraries.email, fc.infiniteStream(fc.boolean())])(
    "is the same customer's in whatever capitals",
    (email, capitals) => {
      const respelt = [...email].map((letter) => (capitals.next().value ? letter.toUpperCase() : letter)).join("")
      assert.strictEqual(uniqueForm(Option.getOrThrow(read(respelt))), uniqueForm(email))
    }
  )

  it.prop([fc.string({ unit: "binary" })])("is printable ASCII with one @ where anything is taken at all", (text) => {
    for (const taken of Option.toArray(read(text))) assert.match(taken, /^[!-~]+@[!-~]+$/)
  })
})

import { assert, describe, it } from "@effect/vitest"
import { deadLetterTopic, incomingTopics, topicOf } from "@customer-service/core"
import { readdirSync, readFileSync } from "node:fs"
import { asyncApiDocument } from "../scripts/events/asyncApi.ts"
import { eventFiles } from "../scripts/events/eventFiles.ts"
import { at, entries, type Json, references } from "./support/document.ts"

const directory = new URL("../../../docs/events/", import.meta.url)
const files = Object.entries(eventFiles())
const document: Json = JSON.parse(JSON.stringify(asyncApiDocument()))
const sent = [...Object.values(topicOf), deadLetterTopic]
const received = Object.values(incomingTopics)

describe("docs/events", () => {
  it.each(files)("holds %s as the code has it (`pnpm generate` writes it)", (name, content) => {
    assert.strictEqual(readFileSync(new URL(name, directory), "utf8"), `${JSON.stringify(content, null, 2)}\n`)
  })

  it("holds nothing that is of no event", () => {
    const names = files.map(([name]) => name)
    assert.sameMembers(readdirSync(directory), [...names, "README.md"])
  })

  it("tells people of every event, with its schema and its topic", () => {
    const readme = readFileSync(new URL("README.md", directory), "utf8")
    for (const [name] of files) assert.include(readme, `(${name})`)
    for (const topic of [...sent, ...received]) assert.include(readme, `\`${topic}\``)
  })
})

describe("the AsyncAPI document", () => {
  it("is one of AsyncAPI 3.0", () => {
    assert.strictEqual(at(document, "asyncapi"), "3.0.0")
  })

  it("has a channel for each topic", () => {
    const addresses = entries(at(document, "channels")).map(([, channel]) => String(at(channel, "address")))
    assert.sameMembers(addresses, [
      "customers.customer.created",
      "customers.profile.updated",
      "customers.customer.deactivated",
      "customers.customer.reactivated",
      "customers.customer.erased",
      "customers.addresses.changed",
      "customers.segment.changed",
      "customers.deadletter",
      "orders.order.completed",
      "loyalty.points.earned"
    ])
  })

  it.each([
    ["send", sent],
    ["receive", received]
  ])("has an operation to %s on each of its topics", (action, topics) => {
    const operations = entries(at(document, "operations")).filter(([, each]) => at(each, "action") === action)
    assert.sameMembers(
      operations.map(([, each]) => at(each, "channel", "$ref")),
      topics.map((topic) => `#/channels/${topic}`)
    )
  })

  it("refers to nothing that is not there", () => {
    const names = new Set(files.map(([name]) => `./${name}`))
    const missing = references(document).filter((reference) =>
      reference.startsWith("#/") ? at(document, ...reference.split("/").slice(1)) === undefined : !names.has(reference)
    )
    assert.deepStrictEqual(missing, [])
  })

  it("refers to the schema of every message", () => {
    const payloads = entries(at(document, "components", "messages")).map(([, message]) =>
      at(message, "payload", "$ref")
    )
    assert.sameMembers(
      payloads,
      files.map(([name]) => `./${name}`).filter((name) => name.endsWith(".schema.json"))
    )
  })
})

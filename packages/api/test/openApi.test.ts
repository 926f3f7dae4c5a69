import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { failures, openApiDocument } from "../src/index.ts"
import {
  answers,
  at,
  declaredCodes,
  document,
  entries,
  follow,
  operations,
  references,
  target
} from "./support/document.ts"

describe("the OpenAPI document", () => {
  it("is one of OpenAPI 3.1", () => {
    assert.match(String(at(document, "openapi")), /^3\.1\.\d+$/)
  })

  it("is the one that is kept in openapi.json (`pnpm generate` writes it)", () => {
    const kept = readFileSync(new URL("../openapi.json", import.meta.url), "utf8")
    assert.strictEqual(kept, `${JSON.stringify(openApiDocument(), null, 2)}\n`)
  })

  it("refers to nothing that is not there", () => {
    const missing = references(document).filter((reference) => target(reference) === undefined)
    assert.deepStrictEqual(missing, [])
  })

  it("names operations without their group", () => {
    assert.deepStrictEqual(operations.map(([id]) => id).sort(), [
      "addAddress",
      "createCustomer",
      "deactivateCustomer",
      "getAddress",
      "getCustomer",
      "listAddresses",
      "listCustomers",
      "removeAddress",
      "updateAddress",
      "updateCustomer"
    ])
  })

  it("has each tag once, with a description", () => {
    const tags = at(document, "tags")
    assert.deepStrictEqual(Array.isArray(tags) ? tags.map((tag) => at(tag, "name")) : tags, ["Customers", "Addresses"])
    for (const tag of Array.isArray(tags) ? tags : []) assert.isString(at(tag, "description"))
  })

  it("lets answers gain fields, and no request", () => {
    assert.isUndefined(at(document, "components", "schemas", "Customer", "additionalProperties"))
    assert.isFalse(at(document, "components", "schemas", "CreateCustomer", "additionalProperties"))
  })
})

describe.each(operations)("%s", (id, operation) => {
  const parameters = at(operation, "parameters")
  const own = answers.filter((answer) => answer.id === id)

  it("says which scope it needs", () => {
    assert.match(String(at(operation, "description")), /Needs the scope `customers:(read|write)`\.$/)
  })

  it("describes every parameter, the correlation id among them", () => {
    const described = Array.isArray(parameters) ? parameters.map(follow) : []
    assert.include(
      described.map((parameter) => at(parameter, "name")),
      "X-Correlation-Id"
    )
    for (const parameter of described) assert.isString(at(parameter, "description"))
  })

  it("shows what it takes, where it takes a body", () => {
    const media = at(operation, "requestBody", "content", "application/json")
    assert.strictEqual(at(media, "example") === undefined, media === undefined)
  })

  it.each(own)("tells its answer $status in words, with its headers", ({ response }) => {
    assert.notInclude(["", "Success", "Error", "<No Content>"], at(response, "description"))
    assert.isDefined(at(response, "headers", "X-Correlation-Id"))
  })

  it.each(own.filter(({ media, status }) => media !== undefined && status < "400"))(
    "shows its answer $status",
    ({ media }) => {
      assert.isTrue(at(media, "example", "success"))
    }
  )

  it.each(own.filter(({ status }) => status >= "400"))(
    "shows every failure it answers with $status",
    ({ media, status }) => {
      const codes = declaredCodes(media)
      assert.isNotEmpty(codes)
      assert.deepStrictEqual(
        entries(at(media, "examples")).map(([code]) => code),
        codes
      )
      for (const [code, example] of entries(at(media, "examples"))) {
        assert.strictEqual(at(follow(example), "value", "error", "code"), code)
        assert.strictEqual(String(failures[code as keyof typeof failures].status), status)
      }
    }
  )

  it("can be refused for its token, its rate, a failure and an outage", () => {
    const codes = own.flatMap(({ media }) => declaredCodes(media))
    assert.includeMembers(
      [...codes],
      ["UNAUTHENTICATED", "FORBIDDEN", "RATE_LIMITED", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE"]
    )
  })
})

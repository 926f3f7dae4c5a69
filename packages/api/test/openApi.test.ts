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
import { operations as calls } from "./support/operations.ts"

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
    const ids = operations.map(([id]) => id)
    assert.sameMembers(ids, Object.keys(calls))
    assert.notInclude(ids.join(), ".")
  })

  it("has each tag once, with a description", () => {
    const tags = at(document, "tags")
    assert.deepStrictEqual(Array.isArray(tags) ? tags.map((tag) => at(tag, "name")) : tags, [
      "Customers",
      "Addresses",
      "Authentication",
      "Account",
      "Privacy",
      "Segment",
      "Segments",
      "Analytics",
      "Timeline"
    ])
    for (const tag of Array.isArray(tags) ? tags : []) assert.isString(at(tag, "description"))
  })

  it("shows every secret of a request as one", () => {
    const secrets = entries(at(document, "components", "schemas")).flatMap(([name, schema]) =>
      entries(at(schema, "properties"))
        .filter(([field]) => /password|token|^code$/i.test(field))
        .map(([field, shape]) => ({ name, field, shape }))
    )
    assert.isAtLeast(secrets.length, 9)
    for (const { field, name, shape } of secrets) assert.isTrue(at(shape, "writeOnly"), `${name}.${field}`)
  })

  it("lets answers gain fields, and no request", () => {
    assert.isUndefined(at(document, "components", "schemas", "Customer", "additionalProperties"))
    assert.isFalse(at(document, "components", "schemas", "CreateCustomer", "additionalProperties"))
  })
})

const openDoors = {
  registerCustomer: [],
  logIn: [],
  refreshSession: [],
  logOut: [{}, { bearer: [] }],
  verifyEmail: [{}, { bearer: [] }],
  resendVerification: [],
  forgotPassword: [],
  resetPassword: []
}

const isOpen = (operation: (typeof operations)[number][1]): boolean =>
  Object.hasOwn(openDoors, String(at(operation, "operationId")))

describe("the security of an operation", () => {
  it("is a bearer token for all but those that are open to everybody", () => {
    const needs = operations.map(([id, operation]) => [id, at(operation, "security")] as const)
    const closed = needs.filter(([id]) => !Object.hasOwn(openDoors, id))
    for (const [id, security] of closed) assert.deepStrictEqual(security, [{ bearer: [] }], id)
    assert.deepEqual<unknown>(Object.fromEntries(needs.filter(([id]) => Object.hasOwn(openDoors, id))), openDoors)
  })

  it("keeps what staff alone may do behind the scope of staff", () => {
    const staffs = operations.filter(([, operation]) =>
      String(at(operation, "description")).includes("customers:admin")
    )
    assert.sameMembers(
      staffs.map(([id]) => id),
      [
        "suspendCustomer",
        "reactivateCustomer",
        "eraseCustomer",
        "cancelErasure",
        "updateSegment",
        "listSegments",
        "createSegment",
        "readSegment",
        "changeSegment",
        "removeSegment",
        "previewRule",
        "listSegmentMembers",
        "decideMembership",
        "getAnalyticsOverview"
      ]
    )
  })
})

describe("a rule", () => {
  it("is taken as text or as an object, wherever one is taken", () => {
    for (const request of ["CreateSegment", "ChangeSegment", "PreviewRule"]) {
      const shape = follow(at(document, "components", "schemas", request, "properties", "rule"))
      assert.deepEqual<unknown>(at(shape, "anyOf"), [{ type: "string" }, { $ref: "#/components/schemas/SegmentRule" }])
    }
  })

  it("is told as an object, made of rules in turn", () => {
    const rule = at(document, "components", "schemas", "CustomerSegment", "properties", "rule")
    assert.deepEqual<unknown>(rule, { $ref: "#/components/schemas/SegmentRule" })
    const all = references(at(document, "components", "schemas", "SegmentRule") ?? null)
    assert.include(all, "#/components/schemas/SegmentRule")
  })
})

describe("a body that may be left out", () => {
  it.each(operations.filter(([id]) => id === "logOut" || id === "requestPhoneVerification"))(
    "is not required by %s, and none is null",
    (_, operation) => {
      assert.isFalse(at(operation, "requestBody", "required"))
      assert.notInclude(JSON.stringify(at(operation, "requestBody")), "null")
    }
  )
})

describe.each(operations)("%s", (id, operation) => {
  const parameters = at(operation, "parameters")
  const own = answers.filter((answer) => answer.id === id)

  it("says what it takes to call it", () => {
    const needs = isOpen(operation) ? /Needs no token[a-z, ]*\.$/ : /Needs the scope `customers:(read|write|admin)`\.$/
    assert.match(String(at(operation, "description")), needs)
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

  it("can be refused for its token if it needs one, its rate, a failure and an outage", () => {
    const codes = own.flatMap(({ media }) => declaredCodes(media))
    const always = ["RATE_LIMITED", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE"]
    assert.includeMembers([...codes], isOpen(operation) ? always : [...always, "UNAUTHENTICATED", "FORBIDDEN"])
  })

  it("can be refused for its body, where it takes one", () => {
    if (at(operation, "requestBody") === undefined) return
    const codes = own.flatMap(({ media }) => declaredCodes(media))
    assert.includeMembers([...codes], ["VALIDATION_FAILED", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"])
  })
})

import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { run, temporaryDirectory } from "./support/commandLine.ts"
import { keyPair, signedReceipt } from "./support/receipts.ts"

const key = keyPair()
const other = keyPair()
const receipt = signedReceipt(key)

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
beforeAll(async () => {
  directory = await temporaryDirectory()
})
afterAll(() => directory.remove())

const file = async (name: string, content: string): Promise<string> => {
  const path = join(directory.path, name)
  await writeFile(path, content)
  return path
}

const verify = (input: unknown, ...parameters: ReadonlyArray<string>) =>
  run(["privacy", "verify-receipt", "-", ...parameters], {}, JSON.stringify(input))

describe.concurrent("privacy verify-receipt", () => {
  it.for([
    ["a PEM", key.publicPem],
    ["a JWK", JSON.stringify(key.publicJwk)],
    ["a set of JWKs", JSON.stringify({ keys: [other.publicJwk, key.publicJwk] })]
  ] as const)("tells a genuine receipt by %s, without any configuration", async ([kind, content]) => {
    const path = await file(`key of ${kind}`, content)
    const { code, stderr, stdout } = await verify(receipt, "--public-key", path, "--json")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout)).toEqual({ genuine: true, keyId: receipt.keyId, statement: receipt.statement })
  })

  it("says to people what was erased, and where it was looked for again", async () => {
    const [path, pem] = [await file("receipt.json", JSON.stringify(receipt)), await file("key.pem", key.publicPem)]
    const { code, stderr, stdout } = await run(["privacy", "verify-receipt", path, "--public-key", pem])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toMatch(/^Genuine: shop erased customer 0190a1b2-\S+ at 2026-02-01T03:04:06.001Z\n/)
    expect(stdout).toContain("database  customers  1  email, first_name")
    expect(stdout).toContain("database, cache")
  })

  it("knows what this configuration signed", async () => {
    const parameters = ["privacy", "verify-receipt", "-", "--json"]
    const ours = { RECEIPT_SIGNING_KEY: key.privatePem, DATA_DIR: directory.path }
    expect(await run(parameters, ours, JSON.stringify(receipt))).toMatchObject({ code: 0, stderr: "" })
    const theirs = await run(parameters, { ...ours, RECEIPT_SIGNING_KEY: other.privatePem }, JSON.stringify(receipt))
    expect({ code: theirs.code, genuine: JSON.parse(theirs.stdout).genuine }).toEqual({ code: 3, genuine: false })
  })

  it.for([
    ["an answer of the service", { success: true, data: { erasure: { state: "done", receipt } } }],
    ["what `privacy erase --json` printed", { dryRun: false, erasure: { state: "done", receipt } }]
  ] as const)("finds the receipt in %s", async ([, wrapped]) => {
    const pem = await file(`${Object.keys(wrapped).join()}.pem`, key.publicPem)
    expect(await verify(wrapped, "--public-key", pem)).toMatchObject({ code: 0 })
  })

  const { statement } = receipt
  it.for([
    [
      "says another customer",
      { ...receipt, statement: { ...statement, customerId: "0190a1b2-c3d4-7e5f-8a9b-000000000000" } }
    ],
    ["says another time", { ...receipt, statement: { ...statement, finishedAt: "2026-02-01T03:04:06.002Z" } }],
    ["leaves a place out", { ...receipt, statement: { ...statement, erased: [] } }],
    ["says more than was signed", { ...receipt, statement: { ...statement, approvedBy: "somebody" } }],
    ["names another key", { ...receipt, keyId: "another" }],
    ["has another signature", { ...receipt, signature: signedReceipt(other).signature }],
    ["has characters after its signature", { ...receipt, signature: `${receipt.signature}==` }],
    ["has no signature", { ...receipt, signature: undefined }],
    ["is none", { hello: "world" }],
    ["is of an erasure that is not done", { dryRun: false, erasure: { state: "planned" } }]
  ] as const)("does not take one for genuine that %s", async ([what, forged]) => {
    const pem = await file(`${what}.pem`, key.publicPem)
    const { code, stderr, stdout } = await verify(forged, "--public-key", pem, "--json")
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" })
    expect(JSON.parse(stdout)).toEqual({ genuine: false, problem: expect.any(String) })
  })

  it("does not take one of another key for genuine", async () => {
    const pem = await file("other.pem", other.publicPem)
    expect(await verify(receipt, "--public-key", pem)).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^Not genuine: /)
    })
  })

  it("takes neither a text that is no JSON nor a key that is none", async () => {
    const pem = await file("no-key.pem", "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n")
    expect(await verify(receipt, "--public-key", pem)).toMatchObject({ code: 2, stdout: "" })
    const { code, stderr } = await run(["privacy", "verify-receipt", "-"], {}, "not JSON")
    expect({ code, stderr }).toEqual({ code: 2, stderr: "stdin holds no JSON\n" })
  })
})

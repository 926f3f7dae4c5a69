import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import { exportJWK, SignJWT } from "jose"
import { afterAll, describe, expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { freePort } from "./support/serviceProcess.ts"
import type { Service } from "./support/service.ts"
import { jwtSecret, sign } from "./support/tokens.ts"

const pem = (key: KeyObject, type: "spki" | "pkcs8") => String(key.export({ format: "pem", type }))

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
const ours = generateKeyPairSync("ed25519")
const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 })

/** Keys of another issuer, and how often somebody asked for anything here. */
const keyServer = async () => {
  const key = { ...(await exportJWK(theirs.publicKey)), kid: "theirs", alg: "RS256", use: "sig" }
  const requests: Array<string> = []
  const port = await freePort()
  const server = createServer((request, response) => {
    requests.push(request.url ?? "")
    response.end(JSON.stringify({ keys: [key] }))
  }).listen(port, "127.0.0.1")
  await once(server, "listening")
  afterAll(() => server.close())
  return { url: `http://127.0.0.1:${port}`, requests }
}

const { requests, url: keys } = await keyServer()
const { service, startAnother } = await openScene()
const jane = await createCustomer(service)
const claims = { sub: jane.id, scope: "customers:read", exp: Math.floor(Date.now() / 1000) + 600 }

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** A token signed with these bytes as a shared secret, under whatever header. */
const forge = (header: object, secret: string | Buffer): string => {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}

const signedBy = (key: KeyObject, alg: string, more: object = {}, header: object = {}): Promise<string> =>
  new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg, ...header }).sign(key)

const unauthenticated = refusal(401, "UNAUTHENTICATED")

const read = async (at: Service, token: string) => at.send("GET", jane.path, { token })

const refusedBy = async (at: Service, token: string): Promise<void> => {
  const answer = await read(at, token)
  expect(refusalIn(answer)).toEqual(unauthenticated)
  expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"')
}

const good = await sign(claims)
const [head = "", payload = "", signature = ""] = good.split(".")
const jwk = await exportJWK(rsa.publicKey)

const header = { alg: "HS256" }
const tricks: ReadonlyArray<readonly [string, string]> = [
  ["no signature (none)", `${encode({ alg: "none" })}.${payload}.`],
  ["None in other capitals", `${encode({ alg: "nOnE" })}.${payload}.`],
  ["none, with the good signature", `${encode({ alg: "none" })}.${payload}.${signature}`],
  ["the signature cut off", `${head}.${payload}.`],
  ["changed claims", `${head}.${encode({ ...claims, scope: "customers:admin" })}.${signature}`],
  ["another secret", forge(header, "another secret of more than thirty-two bytes")],
  ["an empty secret", forge(header, "")],
  ["HS512", forge({ alg: "HS512" }, jwtSecret)],
  ["RS256", await signedBy(rsa.privateKey, "RS256")],
  ["EdDSA", await signedBy(ours.privateKey, "EdDSA")],
  ["its own key in the header", await signedBy(rsa.privateKey, "RS256", {}, { jwk })],
  ["the address of its key (jku)", await signedBy(rsa.privateKey, "RS256", {}, { jku: keys, kid: "theirs" })],
  ["the address of its certificate (x5u)", await signedBy(rsa.privateKey, "RS256", {}, { x5u: keys })],
  ["a kid that is a path", forge({ ...header, kid: "../../../../dev/null" }, "")],
  ["a kid that is SQL", forge({ ...header, kid: "x' UNION SELECT 'secret' --" }, "secret")],
  ["an unknown extension marked critical", forge({ ...header, crit: ["b64"], b64: false }, jwtSecret)],
  ["a second token behind it", `${good} ${good}`],
  ["a good token in five parts", `${good}.a.b`]
]

describe("where HS256 is configured", () => {
  test.for(tricks)("a token with %s is refused", async ([, token]) => {
    await refusedBy(service, token)
  })

  test("a header that names keys beside a good signature is no reason to fetch them", async () => {
    expect((await read(service, forge({ ...header, kid: "x", jku: keys, x5u: keys }, jwtSecret))).status).toBe(200)
    expect(requests).toEqual([])
  })

  test("what was good once is refused once it is changed, though it was remembered", async () => {
    expect((await read(service, good)).status).toBe(200)
    await refusedBy(service, `${good.slice(0, -2)}${good.endsWith("AA") ? "BB" : "AA"}`)
    await refusedBy(service, `${head}.${payload}.${signature.toUpperCase()}`)
    expect((await read(service, good)).status).toBe(200)
  })
})

describe("where EdDSA and an external issuer are configured", async () => {
  const external = "https://login.example.com"
  const strict = await startAnother({
    JWT_PRIVATE_KEY: pem(ours.privateKey, "pkcs8"),
    JWT_ISSUER: "https://customers.example.com",
    JWT_AUDIENCE: "customers",
    JWT_JWKS_URL: `${keys}/jwks`,
    JWT_EXTERNAL_ISSUER: external
  })
  const own = { iss: "https://customers.example.com", aud: "customers" }
  const foreign = { iss: external, aud: "customers" }

  test("both are accepted, each by its own keys", async () => {
    expect((await read(strict, await signedBy(ours.privateKey, "EdDSA", own))).status).toBe(200)
    const theirToken = await signedBy(theirs.privateKey, "RS256", foreign, { kid: "theirs" })
    expect((await read(strict, theirToken)).status).toBe(200)
    expect(requests).toEqual(["/jwks"])
  })

  test("neither passes for the other", async () => {
    await refusedBy(strict, await signedBy(ours.privateKey, "EdDSA", foreign, { kid: "theirs" }))
    await refusedBy(strict, await signedBy(theirs.privateKey, "RS256", own, { kid: "theirs" }))
  })

  test("a public key is no shared secret", async () => {
    const secrets = [
      pem(ours.publicKey, "spki"),
      pem(theirs.publicKey, "spki"),
      JSON.stringify(await exportJWK(theirs.publicKey))
    ]
    for (const secret of secrets) {
      await refusedBy(strict, forge({ alg: "HS256" }, secret))
      await refusedBy(strict, forge({ alg: "HS256", kid: "theirs" }, secret.trim()))
    }
    await refusedBy(strict, good)
  })

  test.for([
    ["another audience", { iss: "https://customers.example.com", aud: "orders" }],
    ["no audience", { iss: "https://customers.example.com" }],
    ["another issuer", { iss: "https://evil.example.com", aud: "customers" }],
    ["no issuer", { aud: "customers" }]
  ])("a token for %s is refused", async ([, more]) => {
    await refusedBy(strict, await signedBy(ours.privateKey, "EdDSA", typeof more === "object" ? more : {}))
  })

  test("the public key is published, and nothing of the private one", async () => {
    const { body, text } = await strict.send("GET", "/.well-known/jwks.json")
    const { kty, crv, x } = await exportJWK(ours.publicKey)
    expect(body).toEqual({ keys: [{ kty, crv, x, alg: "EdDSA", use: "sig", kid: expect.any(String) }] })
    expect(text).not.toContain('"d"')
    expect((await service.send("GET", "/.well-known/jwks.json")).body).toEqual({ keys: [] })
  })
})

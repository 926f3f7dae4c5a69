import { describe, expect, test } from "vitest"
import { newAddress } from "./support/accounts.ts"
import { createCustomer } from "./support/customers.ts"
import { exchange } from "./support/rawExchange.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { beginPost } from "./support/slowRequest.ts"
import { serviceToken } from "./support/tokens.ts"

const { service } = await openScene({ MAX_CONCURRENT_REQUESTS: "8", TRUSTED_PROXIES: "127.0.0.1/32" })
const token = await serviceToken()
const jane = await createCustomer(service)

const path = "/v1/customers/auth/login"
const credentials = () => ({ email: newEmail(), password: "nobody-has-this-one" })

const begin = (address: string) => beginPost(service.url, path, "", credentials(), [`X-Forwarded-For: ${address}`])

const beginMany = async (address: string, many: number) => {
  const slow = []
  for (let number = 0; number < many; number += 1) slow.push(await begin(address))
  return slow
}

/** Sends half of a body; resolves with the answer when the service ends the line. */
const sendHalf = (address: string, ...more: ReadonlyArray<string>) =>
  exchange(
    service.url,
    [
      `POST ${path} HTTP/1.1`,
      "Host: localhost",
      `X-Forwarded-For: ${address}`,
      "Content-Type: application/json",
      "Content-Length: 60",
      ...more,
      "",
      '{"email":'
    ].join("\r\n")
  )

const logIn = async (address: string) =>
  (await service.send("POST", path, { body: credentials(), headers: { "x-forwarded-for": address } })).status

const readStatus = async () => (await service.send("GET", jane.path, { token })).status

describe("strangers who send their bodies slowly", () => {
  test("keep nobody else from being answered, and are answered in the end", async () => {
    const slow = [...(await beginMany(newAddress(), 10)), ...(await beginMany(newAddress(), 10))]
    await expect.poll(readStatus).toBe(200)
    expect(await logIn(newAddress())).toBe(401)
    expect(await slow[0]?.finish()).toMatch(/^HTTP\/1\.1 401 /)
    for (const request of slow) request.abandon()
  })

  test("get no more than twenty under way from one address", async () => {
    const address = newAddress()
    const slow = await beginMany(address, 20)
    const answer = await sendHalf(address, "Connection: close")
    expect(answer).toMatch(/^HTTP\/1\.1 429 /)
    expect(answer).toMatch(/^retry-after: 1\r$/im)
    expect(answer).toContain('"RATE_LIMITED"')
    for (const request of slow) request.abandon()
    const next = await begin(address)
    await expect.poll(readStatus).toBe(200)
    expect(await next.finish()).toMatch(/^HTTP\/1\.1 401 /)
    next.abandon()
  })

  test("are told so after five seconds, and their line is ended", async () => {
    const answer = await sendHalf(newAddress())
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toMatch(/^connection: close\r$/im)
    expect(answer).toContain('"VALIDATION_FAILED"')
    expect(answer).toContain("must have arrived within 5 seconds")
    expect(await readStatus()).toBe(200)
  })
})

test("a caller with a token who sends her body slowly keeps nobody from being answered either", async () => {
  const slow = []
  for (let number = 0; number < 20; number += 1) {
    slow.push(await beginPost(service.url, "/v1/customers", token, { email: newEmail() }))
  }
  await expect.poll(readStatus).toBe(200)
  expect(await slow[0]?.finish()).toMatch(/^HTTP\/1\.1 201 /)
  for (const request of slow) request.abandon()
})

import { randomUUID } from "node:crypto"
import { expect, vi } from "vitest"
import { type Grant, logIn, newPassword, post } from "./accounts.ts"
import { type Canary, hatchCanary } from "./canary.ts"
import { customerIn, type Known } from "./customers.ts"
import { type Dump, dumpDirectory } from "./dumps.ts"
import { requestErasure } from "./erasures.ts"
import type { RequestParts } from "./requests.ts"
import type { Service } from "./service.ts"
import { customerToken, serviceToken, staffToken } from "./tokens.ts"
import { tracesOf } from "./traces.ts"

/** A customer with a canary in everything that the API lets anybody write about her. */
export interface FullLife extends Known {
  readonly canary: Canary
  readonly password: string
}

/** Variables of a service in which nobody has to verify anything, and which keeps its messages in a directory. */
export const keepingMails = (directory: string): Readonly<Record<string, string>> => ({
  EMAIL_VERIFICATION_REQUIRED: "false",
  DEFAULT_STATUS: "active",
  TRUSTED_PROXIES: "127.0.0.1/32",
  MAILS_PER_ADDRESS: "10000",
  DATA_DIR: directory
})

const person = (canary: Canary) => ({
  registrationSource: `fair ${canary.next()}`,
  profile: {
    firstName: `First ${canary.next()}`,
    lastName: `Last ${canary.next()}`,
    phone: canary.phone,
    dateOfBirth: canary.birthDate,
    gender: "female",
    avatar: `https://cdn.example.com/${canary.next()}.jpg`,
    data: { hobby: canary.next(), [canary.next()]: "a key of its own" }
  },
  preferences: { custom: { note: canary.next() }, marketing: { smsOptIn: true } }
})

const address = (canary: Canary) => ({
  firstName: canary.next(),
  lastName: canary.next(),
  company: canary.next(),
  street: `Street ${canary.next()}`,
  street2: canary.next(),
  city: canary.next(),
  state: canary.next(),
  zipCode: canary.next(),
  country: "HK",
  phone: canary.phone
})

const succeed = async (service: Service, method: string, path: string, parts: RequestParts): Promise<void> => {
  const { status, text } = await service.send(method, path, parts)
  expect([200, 201, 202], `${method} ${path}: ${text}`).toContain(status)
}

const create = async (service: Service, canary: Canary, password: string): Promise<Known> => {
  const answer = await service.send("POST", "/v1/customers", {
    token: await serviceToken(),
    headers: { "idempotency-key": randomUUID(), "x-correlation-id": canary.correlationId },
    body: { email: `${canary.next()}@example.com`, password, ...person(canary) }
  })
  expect(answer.status, answer.text).toBe(201)
  const { email, id } = customerIn(answer)
  return { id, email, path: `/v1/customers/${id}`, token: await customerToken(id) }
}

const decide = async (service: Service, { path }: Known, decision: string, canary: Canary): Promise<void> =>
  succeed(service, "POST", `${path}/${decision}`, {
    token: await staffToken(),
    headers: { "idempotency-key": randomUUID(), "x-correlation-id": canary.correlationId },
    body: { reason: `because of ${canary.next()}` }
  })

const haveStanding = async (service: Service, { path }: Known, canary: Canary): Promise<void> =>
  succeed(service, "PUT", `${path}/segment`, {
    token: await staffToken(),
    headers: { "x-correlation-id": canary.correlationId },
    body: { tier: "vip", segment: "wholesale", reason: `cousin of ${canary.next()}` }
  })

/** Lets a customer live through everything that leaves something behind, but for what is kept in memory. */
export const liveFully = async (service: Service): Promise<FullLife> => {
  const [canary, password] = [hatchCanary(), newPassword()]
  const jane = await create(service, canary, password)
  const { email, path, token } = jane
  for (const type of ["both", "shipping"]) {
    const headers = { "idempotency-key": randomUUID() }
    await succeed(service, "POST", `${path}/addresses`, { token, headers, body: { type, ...address(canary) } })
  }
  await succeed(service, "PUT", path, { token, body: { profile: { lastName: `Married ${canary.next()}` } } })
  await decide(service, jane, "suspend", canary)
  await decide(service, jane, "reactivate", canary)
  await haveStanding(service, jane, canary)
  await succeed(service, "POST", `${path}/phone/verification`, { token })
  await succeed(service, "POST", `${path}/email`, { token, body: { email: `${canary.next()}@example.org` } })
  expect((await post(service, "password/forgot", { email })).status).toBe(202)
  await requestErasure(service, jane, "planned", `her letter ${canary.next()}`)
  return { ...jane, canary, password }
}

/** Opens a session whose browser has a canary for a name, and has everything about her cached. */
export const useEverything = async (service: Service, { canary, email, password, path }: FullLife): Promise<Grant> => {
  const answer = await post(service, "login", { email, password }, { headers: { "user-agent": canary.next() } })
  expect(answer.status, answer.text).toBe(200)
  const grant = (answer.body as { data: Grant }).data
  for (const rest of ["", "/addresses", "/sessions", "/consents"]) {
    await succeed(service, "GET", path + rest, { token: grant.accessToken })
  }
  await logIn(service, { email, password })
  return grant
}

/** What is kept of messages in this directory, once those to her have come. */
export const keptMails = async (directory: string, { canary }: FullLife, count: number): Promise<Dump> => {
  const hers = async () => {
    const dump = await dumpDirectory(`${directory}/mails`)
    return new Set(tracesOf(canary.traces, dump).map((trace) => trace.split(": ")[0])).size >= count ? dump : undefined
  }
  return vi.waitUntil(hers, { timeout: 15_000 })
}

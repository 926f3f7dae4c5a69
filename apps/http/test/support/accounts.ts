import { randomBytes, randomInt } from "node:crypto"
import { expect } from "vitest"
import type { MailServer } from "./mailServer.ts"
import type { Answer, RequestParts } from "./requests.ts"
import { newEmail } from "./scene.ts"
import type { Service } from "./service.ts"

/** What somebody types in to log in. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/** A customer with a login, and where she is found. */
export interface Person extends Credentials {
  readonly id: string
  readonly path: string
}

/** What a login or a refresh gives. */
export interface Grant {
  readonly accessToken: string
  readonly tokenType: string
  readonly expiresIn: number
  readonly refreshToken: string
  readonly sessionId: string
  readonly customerId: string
}

/** A password that nobody has used. */
export const newPassword = (): string => `Pass-${randomBytes(9).toString("base64url")}`

/** A network address that nobody has called from. */
export const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`

/** Somebody at a network address of her own, as a trusted proxy reports it: limits of others do not reach her. */
export const visitor = (service: Service, address: string = newAddress()): Service["send"] => {
  const send = (method: string, path: string, parts: RequestParts = {}): Promise<Answer> =>
    service.send(method, path, { ...parts, headers: { "x-forwarded-for": address, ...parts.headers } })
  return send
}

const auth = "/v1/customers/auth"

/** Posts a body to one of the doors that are open to everybody, from an address of its own. */
export const post = (service: Service, door: string, body: unknown, parts: RequestParts = {}): Promise<Answer> =>
  visitor(service)("POST", `${auth}/${door}`, { ...parts, body })

export const register = (service: Service, body: object): Promise<Answer> => post(service, "register", body)

export const tryLogIn = (service: Service, { email, password }: Credentials): Promise<Answer> =>
  post(service, "login", { email, password })

export const tryRefresh = (service: Service, { refreshToken }: Pick<Grant, "refreshToken">): Promise<Answer> =>
  post(service, "refresh", { refreshToken })

/** What a login or a refresh gave; it must have given something. */
export const grantIn = ({ body, status, text }: Answer): Grant => {
  expect(status, text).toBe(200)
  return (body as { data: Grant }).data
}

export const logIn = async (service: Service, credentials: Credentials): Promise<Grant> =>
  grantIn(await tryLogIn(service, credentials))

export const refresh = async (service: Service, grant: Pick<Grant, "refreshToken">): Promise<Grant> =>
  grantIn(await tryRefresh(service, grant))

/** What a verification answered. */
export const verificationIn = ({ body, status, text }: Answer): { customerId: string; passwordRequired: boolean } => {
  expect(status, text).toBe(200)
  return (body as { data: { customerId: string; passwordRequired: boolean } }).data
}

/** Registers somebody and follows the link in her mail. */
export const newPerson = async (
  service: Service,
  mails: MailServer,
  { password = newPassword(), ...fields }: { readonly password?: string; readonly profile?: object } = {}
): Promise<Person> => {
  const credentials = { email: newEmail(), password }
  expect((await register(service, { ...credentials, ...fields })).status).toBe(202)
  const token = await mails.takeToken(credentials.email, "verify-email")
  const { customerId } = verificationIn(await post(service, "email/verify", { token }))
  return { ...credentials, id: customerId, path: `/v1/customers/${customerId}` }
}

/** The token of a reset mail that somebody asks for. */
export const resetToken = async (service: Service, mails: MailServer, email: string): Promise<string> => {
  expect((await post(service, "password/forgot", { email })).status).toBe(202)
  return mails.takeToken(email, "reset-password")
}

/** The status that an access token is answered with at the customer's own record. */
export const statusWith = async (service: Service, { accessToken, customerId }: Grant): Promise<number> =>
  (await service.send("GET", `/v1/customers/${customerId}`, { token: accessToken })).status

/** The statuses that the tokens of a grant are answered with: the access token's, then the refresh token's. */
export const statusesOf = async (service: Service, grant: Grant): Promise<ReadonlyArray<number>> => [
  await statusWith(service, grant),
  (await tryRefresh(service, grant)).status
]

/** What the tokens of a session are answered with that has ended. */
export const loggedOut = [401, 401]

/** What the tokens of an open session are answered with. */
export const loggedIn = [200, 200]

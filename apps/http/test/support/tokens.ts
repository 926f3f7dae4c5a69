import { randomUUID } from "node:crypto"
import { SignJWT } from "jose"

/** The secret that the services under test sign and verify with. */
export const jwtSecret = "end-to-end-tests-sign-with-these-48-bytes-of-text"

const key = new TextEncoder().encode(jwtSecret)

/** Signs claims as the service itself would, good for an hour unless `exp` says otherwise. */
export const sign = (claims: Readonly<Record<string, unknown>>, secret: Uint8Array = key): Promise<string> =>
  new SignJWT({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(secret)

const both = "customers:read customers:write"

/** A customer's own token. */
export const customerToken = (customerId: string, scope: string = both): Promise<string> =>
  sign({ sub: customerId, scope })

/** The token of a service client. */
export const serviceToken = (scope: string = both, client = `client-${randomUUID()}`): Promise<string> =>
  sign({ sub: client, client_id: client, scope })

/** The token of a member of staff. */
export const staffToken = (subject = `staff-${randomUUID()}`): Promise<string> =>
  sign({ sub: subject, scope: "customers:admin" })

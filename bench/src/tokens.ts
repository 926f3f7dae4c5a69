import { SignJWT } from "jose"

const sign = (secret: string, claims: Readonly<Record<string, string>>): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
    .setIssuedAt()
    .setExpirationTime("12h")
    .sign(new TextEncoder().encode(secret))

/** Tokens of a service client that may read and write, and of a member of staff. */
export const makeTokens = async (secret: string): Promise<{ readonly client: string; readonly staff: string }> => ({
  client: await sign(secret, { sub: "bench", client_id: "bench", scope: "customers:read customers:write" }),
  staff: await sign(secret, { sub: "bench-staff", scope: "customers:admin" })
})

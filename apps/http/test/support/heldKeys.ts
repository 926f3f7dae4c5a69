import { createServer, type ServerResponse } from "node:http"
import { once } from "node:events"
import { afterAll } from "vitest"

/** An issuer of tokens whose keys cannot be had until it is told to give them. */
export interface HeldKeys {
  /** Variables of a service that takes its tokens. */
  readonly variables: Readonly<Record<string, string>>
  /** A token that keeps a request waiting; it is no good in the end. */
  readonly token: string
  readonly release: () => void
}

const issuer = "https://login.example.com"

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const exp = Math.floor(Date.now() / 1000) + 600
const token = `${encode({ alg: "RS256", kid: "held" })}.${encode({ iss: issuer, sub: "client", exp })}.c2lnbmF0dXJl`

/** Opens the issuer, until the file's last test has run. */
export const holdKeys = async (): Promise<HeldKeys> => {
  const waiting: Array<ServerResponse> = []
  const release = () => {
    for (const response of waiting.splice(0)) response.end(JSON.stringify({ keys: [] }))
  }
  const server = createServer((_, response) => void waiting.push(response)).listen(0, "127.0.0.1")
  await once(server, "listening")
  afterAll(() => {
    release()
    server.close()
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const variables = { JWT_JWKS_URL: `http://127.0.0.1:${port}/jwks`, JWT_EXTERNAL_ISSUER: issuer }
  return { variables, token, release }
}

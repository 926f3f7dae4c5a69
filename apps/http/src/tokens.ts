import { digestToken, JwtTokens } from "@customer-service/adapters-security"
import { CachedTokenVerifier } from "@customer-service/core"
import { Effect, Layer, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { AppConfig } from "./AppConfig.ts"

/** The secret in a file that may not be there yet. */
const readSecret = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

/** Puts a file into its place whole; one that another process put there first stays. */
const placeOnce = (file: string, text: string): void => {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (readSecret(file) === undefined) throw error
  } finally {
    rmSync(draft)
  }
}

/** The secret of the embedded default: made at the first start, kept in DATA_DIR for this user's eyes alone. */
const localSecret = (directory: string): string => {
  const file = join(directory, "jwt-secret")
  const present = readSecret(file)
  if (present !== undefined) return present
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  placeOnce(file, randomBytes(32).toString("base64url"))
  return readFileSync(file, "utf8")
}

/** The secret that all processes of this configuration share. */
export const sharedSecret = (config: AppConfig): Redacted.Redacted =>
  config.JWT_PRIVATE_KEY ?? config.JWT_SECRET ?? Redacted.make(localSecret(config.DATA_DIR))

const ownKey = (config: AppConfig) =>
  config.JWT_PRIVATE_KEY === undefined
    ? { algorithm: "HS256" as const, secret: sharedSecret(config) }
    : { algorithm: "EdDSA" as const, privateKey: config.JWT_PRIVATE_KEY }

const external = ({ JWT_EXTERNAL_ISSUER: issuer, JWT_JWKS_URL: jwksUrl }: AppConfig) =>
  issuer === undefined || jwksUrl === undefined ? undefined : { issuer, jwksUrl }

/** Signs and verifies access tokens as the configuration says; verified ones are remembered for a while. */
export const layer = (config: AppConfig) =>
  CachedTokenVerifier.layer(digestToken).pipe(
    Layer.provideMerge(
      Layer.unwrap(
        Effect.sync(() =>
          JwtTokens.layer({
            own: ownKey(config),
            issuer: config.JWT_ISSUER,
            audience: config.JWT_AUDIENCE,
            external: external(config)
          })
        )
      )
    )
  )

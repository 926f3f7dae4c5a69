import { type Algorithm, hash, verify } from "@node-rs/argon2"
import { Redacted } from "effect"
import type { HashingScheme } from "./PasswordScheme.ts"

const argon2id = 2 satisfies Algorithm.Argon2id

/** OWASP's parameters for argon2id; `memoryCost` is in KiB. */
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Beyond these a stored hash is not computed: it would be a way to stop the service. */
const bounds = { memoryCost: 131_072, timeCost: 10, parallelism: 8, salt: 64, digest: 64 }

const phc = /^\$argon2(id|i|d)\$v=19\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,10})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const parse = (text: string) => {
  const [whole, variant, memory, time, lanes, salt = "", digest = ""] = phc.exec(text) ?? []
  if (whole === undefined) return undefined
  return {
    variant,
    memoryCost: Number(memory),
    timeCost: Number(time),
    parallelism: Number(lanes),
    salt: Buffer.from(salt, "base64").length,
    digest: Buffer.from(digest, "base64").length
  }
}

/** Argon2 in the PHC string form; new hashes are argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane). */
export const argon2: HashingScheme = {
  recognises: (text) => text.startsWith("$argon2"),
  isComputable: (text) => {
    const parsed = parse(text)
    return (
      parsed !== undefined &&
      parsed.parallelism >= 1 &&
      parsed.parallelism <= bounds.parallelism &&
      parsed.memoryCost >= 8 * parsed.parallelism &&
      parsed.memoryCost <= bounds.memoryCost &&
      parsed.timeCost >= 1 &&
      parsed.timeCost <= bounds.timeCost &&
      parsed.salt >= 8 &&
      parsed.salt <= bounds.salt &&
      parsed.digest >= 16 &&
      parsed.digest <= bounds.digest
    )
  },
  verify: (password, text) => verify(text, Redacted.value(password)),
  hash: (password) => hash(Redacted.value(password), parameters),
  isCurrent: (text) => {
    const parsed = parse(text)
    return (
      parsed?.variant === "id" &&
      parsed.memoryCost === parameters.memoryCost &&
      parsed.timeCost === parameters.timeCost &&
      parsed.parallelism === parameters.parallelism
    )
  }
}

import { hash } from "node:crypto"

/** The SHA-256 of a token, for caches of verified tokens. Takes half a microsecond for 300 bytes. */
export const digestToken = (token: string): string => hash("sha256", token, "base64url")

import { Context } from "effect"
import type { JWK } from "jose"

/** What others need to verify our tokens, as `/.well-known/jwks.json` shows it. Empty where the key is a secret. */
export class PublicKeys extends Context.Service<PublicKeys, { readonly keys: ReadonlyArray<JWK> }>()(
  "@customer-service/adapters-security/PublicKeys"
) {}

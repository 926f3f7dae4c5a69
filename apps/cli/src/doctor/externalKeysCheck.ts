import { Effect, Schema } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { ok, problem } from "./Check.ts"

const patience = "3 seconds"

const KeySet = Schema.Struct({ keys: Schema.NonEmptyArray(Schema.Unknown) })

const readKeys = (url: string) =>
  HttpClient.get(url).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.flatMap(HttpClientResponse.schemaBodyJson(KeySet)),
    Effect.timeout(patience)
  )

/** The external token issuer's keys: that they can be read from where JWT_JWKS_URL says. */
export const externalKeysCheck = (url: string) =>
  Effect.match(readKeys(url), {
    onSuccess: ({ keys }) => ok("external keys", `${keys.length} key(s) of the external token issuer`),
    onFailure: () =>
      problem("external keys", "JWT_JWKS_URL gives no keys", "correct it, or see why the issuer does not answer")
  })

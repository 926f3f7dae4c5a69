import { AccessToken, CachedTokenVerifier } from "@customer-service/core"
import { Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { digestToken, JwtTokens } from "@customer-service/adapters-security"
import { accessTokenContract } from "./accessTokenContract.ts"
import { edDsa, hs256 } from "./tokens.ts"

const jwtTokens = (settings: JwtTokens.JwtSettings) => Layer.orDie(JwtTokens.layer(settings))

const names = { issuer: "https://customers.example", audience: "customers" }

accessTokenContract("tokens in memory", Layer.provide(AccessToken.layerMemory, SecureRandom.layerWebCrypto))
accessTokenContract("tokens signed with HS256", jwtTokens(hs256))
accessTokenContract("tokens signed with EdDSA", jwtTokens(edDsa))
accessTokenContract("tokens with an issuer and an audience", jwtTokens({ ...hs256, ...names }))
accessTokenContract(
  "verified tokens behind a cache",
  Layer.provideMerge(CachedTokenVerifier.layer(digestToken), jwtTokens(edDsa))
)
